#include <codec/multipart_writer.hpp>

#include <crypto/random.hpp>

namespace openapi::codec {

namespace {

/// Random, so that no file can be made to hold it.
std::string freshBoundary() { return "----openapi" + crypto::randomText(32); }

void appendFieldHead(std::string& body, std::string_view boundary, std::string_view name) {
  body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(name).append("\"");
}

}  // namespace

MultipartForm writeMultipart(const std::vector<std::pair<std::string, std::string>>& fields, const FilePart& file) {
  const std::string boundary = freshBoundary();
  MultipartForm form;
  form.contentType = "multipart/form-data; boundary=" + boundary;
  form.body.reserve(file.content.size() + 1024);
  for (const auto& [name, value] : fields) {
    appendFieldHead(form.body, boundary, name);
    form.body.append("\r\n\r\n").append(value).append("\r\n");
  }
  appendFieldHead(form.body, boundary, file.name);
  form.body.append("; filename=\"")
      .append(file.fileName)
      .append("\"\r\nContent-Type: ")
      .append(file.contentType)
      .append("\r\n\r\n");
  form.body.append(file.content).append("\r\n--").append(boundary).append("--\r\n");
  return form;
}

}  // namespace openapi::codec
