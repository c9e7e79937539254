#pragma once

#include <string_view>

namespace openapi::weixin {

/// What a refusal of WeChat Pay means, and what to do about it, for people who do not read Chinese. Empty: nothing to add.
[[nodiscard]] std::string_view paymentHint(std::string_view errCode, std::string_view errMsg);

}  // namespace openapi::weixin
