#pragma once

#include <openapi/bytes.hpp>

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace openapi::weixin {

/// A file to upload.
struct FileContent {
  std::string contentType{};              ///< MIME type: `image/png`
  Bytes value{};                          ///< what is in it
  std::optional<std::string> filename{};  ///< ASCII, with an extension; default: made from the time and `contentType`
};
BOOST_DESCRIBE_STRUCT(FileContent, (), (contentType, value, filename))

}  // namespace openapi::weixin
