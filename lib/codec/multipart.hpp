#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::codec {

struct MultipartPart {
  std::string name{};
  std::optional<std::string> filename{};  ///< of `filename="…"`; `filename*=` is not read
  std::string contentType{};
  std::string_view content{};  ///< a view of the body
};

/// Reads a `multipart/form-data` body (RFC 7578). Strict: no preamble, no epilogue, every line ends with CRLF, the closing
/// boundary is there, every part has a name. At most 100 parts and 4 KiB of header for each; linear time.
/// Throws `Error` with `Errc::badResponse`.
[[nodiscard]] std::vector<MultipartPart> parseMultipart(std::string_view contentType, std::string_view body);

}  // namespace openapi::codec
