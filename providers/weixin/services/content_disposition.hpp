#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace openapi::weixin {

/// The file name in a `Content-Disposition` header, for a person to read: that of `filename*=utf-8''…` before that of
/// `filename=`. A name only: without folders and control characters. None when there is no such name.
[[nodiscard]] std::optional<std::string> fileNameIn(std::string_view disposition);

}  // namespace openapi::weixin
