#pragma once

#include <string_view>

namespace openapi::alipay {

/// What a refusal of Alipay means, and what to do about it, for people who do not read Chinese. Empty: nothing to add.
[[nodiscard]] std::string_view hintOf(std::string_view errCode);

}  // namespace openapi::alipay
