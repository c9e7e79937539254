#pragma once

#include <gateways/bmob/context.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::bmob {

[[nodiscard]] bool isEmail(const std::string& text);

/// Takes `password` from the members that a client sends. Refuses with 111 when it is no text.
[[nodiscard]] std::optional<std::string> takePassword(Fields& body);

/// Checks `username`, `email` and `mobilePhoneNumber` of a body, and that no user but `id` has them; a phone that is a number
/// becomes a text. Refuses with 105 what goes inside `password` or `authData`; with 111, 201 to 203, 209 and 301.
void checkUser(Context& context, const std::string& id, Fields& body);

/// Refuses with 138 what only the platform writes.
void checkWritable(const Fields& body);

}  // namespace openapi::gateway::bmob
