#pragma once

#include <gateways/bmob/context.hpp>

#include <string>

namespace openapi::gateway::bmob {

// Codes that went to a phone or an e-mail address: six digits, good for five minutes and once, and for so many wrong tries.

inline constexpr std::int64_t codeMinutes = 5;

/// A fresh code for `address`: the sandbox's fixed one, or a random one. Earlier ones of the address are no longer good.
std::string issueCode(Context& context, const std::string& address);
/// Uses up the code. Refuses with 207 when it is wrong, old or used, and after five wrong tries.
void takeCode(Context& context, const std::string& address, const std::string& code);
/// Uses up a code when nothing else says whose it is: the newest of that text. Gives its address. Refuses with 207, and
/// after ten wrong tries in five minutes whatever the code is.
[[nodiscard]] std::string takeCode(Context& context, const std::string& code);

/// Eleven digits, the first of them 1. Refuses with 301.
void requirePhone(const std::string& text);

}  // namespace openapi::gateway::bmob
