#include <gateways/weixin_api/upload.hpp>

#include <openapi/error.hpp>

#include <algorithm>
#include <string>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t missing = 41005;

bool isVisibleAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::vector<codec::MultipartPart> uploadedParts(const Call& call) {
  try {
    return codec::parseMultipart(call.http.headers.get("Content-Type"), call.http.body);
  } catch (const Error&) {
    throw Refused{missing};
  }
}

const codec::MultipartPart& uploadedFile(const std::vector<codec::MultipartPart>& parts, std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const codec::MultipartPart& part) {
    return part.name == name && part.filename && !part.filename->empty() && isVisibleAscii(*part.filename) &&
           !part.content.empty();
  });
  if (found == parts.end()) throw Refused{missing};
  return *found;
}

}  // namespace openapi::gateway::weixin_api
