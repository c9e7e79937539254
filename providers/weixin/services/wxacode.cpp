#include <check.hpp>
#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <weixin/services/services.hpp>

#include <algorithm>

namespace openapi::weixin {

namespace {

// An image that is lost on the way back has been counted against the 100,000 of the first two.
constexpr ServiceOperation createQRCodeOperation{"wxacode.createQRCode", Verb::post, "/cgi-bin/wxaapp/createwxaqrcode",
                                                 Answer::image};
constexpr ServiceOperation getOperation{"wxacode.get", Verb::post, "/wxa/getwxacode", Answer::image};
constexpr ServiceOperation getUnlimitedOperation{"wxacode.getUnlimited", Verb::post, "/wxa/getwxacodeunlimit", Answer::image,
                                                 true};

constexpr std::int64_t minWidth = 280;
constexpr std::int64_t maxWidth = 1280;

void checkPath(const std::string& path, std::size_t maxBytes) {
  if (path.empty()) check::invalid("path", "required");
  if (path.size() > maxBytes) check::invalid("path", "longer than " + std::to_string(maxBytes) + " bytes");
  if (!codec::isUtf8(path)) check::invalid("path", "not valid UTF-8");
}

void checkWidth(const std::optional<std::int64_t>& width) {
  if (width && (*width < minWidth || *width > maxWidth)) check::invalid("width", "must be 280 to 1280 pixels");
}

template <class Request>
void checkLook(const Request& request) {
  checkWidth(request.width);
  if (request.envVersion) check::oneOf("envVersion", *request.envVersion, "release trial develop");
  if (!request.lineColor) return;
  const auto channel = [](std::string_view name, std::int64_t value) {
    if (value < 0 || value > 255) check::invalid(name, "must be 0 to 255");
  };
  channel("lineColor.r", request.lineColor->r);
  channel("lineColor.g", request.lineColor->g);
  channel("lineColor.b", request.lineColor->b);
}

void checkScene(const std::string& scene) {
  static constexpr std::string_view others = "!#$&'()*+,/:;=?@-._~";
  const auto fits = [](char c) { return codec::isAlphanumeric(c) || others.find(c) != std::string_view::npos; };
  if (scene.empty() || scene.size() > 32) check::invalid("scene", "must have 1 to 32 characters");
  if (!std::all_of(scene.begin(), scene.end(), fits)) {
    check::invalid("scene", "may hold letters, digits and " + std::string{others} + " only; encode anything else in them");
  }
}

void checkPage(const std::string& page) {
  check::text("page", page, 1024);
  if (page.front() == '/') check::invalid("page", "must not begin with /");
  if (page.find('?') != std::string::npos) check::invalid("page", "must not have parameters: put them in scene");
}

ServiceCall squareCall(const ServiceOperation& operation, const CreateQRCodeRequest& request) {
  checkPath(request.path, 128);
  checkWidth(request.width);
  return callOf(operation, request);
}

ServiceCall limitedCall(const ServiceOperation& operation, const GetRequest& request) {
  checkPath(request.path, 1024);
  checkLook(request);
  return callOf(operation, request);
}

ServiceCall unlimitedCall(const ServiceOperation& operation, const GetUnlimitedRequest& request) {
  checkScene(request.scene);
  if (request.page) checkPage(*request.page);
  checkLook(request);
  return callOf(operation, request);
}

CodeImageResult imageIn(const ServiceAnswer& answer) {
  CodeImageResult result;
  result.contentType = answer.contentType;
  result.buffer = answer.bytes.value_or(Bytes{});
  return result;
}

}  // namespace

Awaitable<CreateQRCodeResult> Wxacode::createQRCode(const CreateQRCodeRequest& request) const {
  return perform(services_, &createQRCodeOperation, request, squareCall, imageIn);
}

Awaitable<GetResult> Wxacode::get(const GetRequest& request) const {
  return perform(services_, &getOperation, request, limitedCall, imageIn);
}

Awaitable<GetUnlimitedResult> Wxacode::getUnlimited(const GetUnlimitedRequest& request) const {
  return perform(services_, &getUnlimitedOperation, request, unlimitedCall, imageIn);
}

}  // namespace openapi::weixin
