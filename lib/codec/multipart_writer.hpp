#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi::codec {

/// One file of a form. `name` and `fileName` are ASCII without quotes.
struct FilePart {
  std::string_view name{};
  std::string_view fileName{};
  std::string_view contentType{};
  std::string_view content{};
};

struct MultipartForm {
  std::string contentType{};  ///< with the boundary
  std::string body{};
};

/// `multipart/form-data` of some fields and one file, under a boundary that occurs in none of them.
[[nodiscard]] MultipartForm writeMultipart(const std::vector<std::pair<std::string, std::string>>& fields, const FilePart& file);

}  // namespace openapi::codec
