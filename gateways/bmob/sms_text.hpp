#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

/// How many messages a text is charged for: up to 70 characters one, beyond that one for each 67; the signature has six.
[[nodiscard]] std::int64_t chargedMessages(std::string_view text);

/// Whether a text of the merchant's own may go out: no brackets, links, addresses or phone numbers.
[[nodiscard]] bool isAllowedText(std::string_view text);

/// `text` with each `%variable%` replaced.
[[nodiscard]] std::string filled(std::string text, std::string_view variable, std::string_view value);

}  // namespace openapi::gateway::bmob
