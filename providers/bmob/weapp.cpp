#include <bmob/services.hpp>
#include <codec/text.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation generateCodeOperation{"weapp.generateCode", Verb::post};
constexpr Operation getAccessTokenOperation{"weapp.getAccessToken", Verb::get, true};
constexpr Operation sendWeAppMessageOperation{"weapp.sendWeAppMessage", Verb::post};
constexpr Operation notifyMsgOperation{"weapp.notifyMsg", Verb::post};

std::string weappPath(std::string_view name) { return pathOf({"1", "wechatApp", name}); }

std::string schemeOf(const GenerateCodeRequest& request) {
  const auto* documented = request.extra.find("interface");
  if (request.scheme || documented == nullptr || documented->string() == nullptr) return request.scheme.value_or("");
  return *documented->string();
}

Call codeCall(const GenerateCodeRequest& request) {
  check::text("path", request.path, 1024);
  names::range("width", request.width, 180, 4096);
  const auto scheme = schemeOf(request);
  if (!scheme.empty()) check::oneOf("scheme", scheme, "a b c");
  if (scheme == "b" && !request.scene) check::invalid("scene", "required with scheme b");
  if (scheme != "b" && request.scene) check::invalid("scene", "goes with scheme b only");
  check::optionalText("scene", request.scene, 32);
  names::range("type", request.type, 0, 1);
  check::extra(request.extra);
  return jsonCall(pathOf({"1", "wechatApp", "qr", "generatecode"}), bodyOf(request));
}

Call tokenCall(const GetAccessTokenRequest&) {
  Call call;
  call.path = weappPath("getAccessToken");
  return call;
}

void checkMessage(const std::string& touser, const std::string& templateId, const Fields& data, const Fields& extra) {
  check::text("touser", touser, 128);
  check::text("templateId", templateId, 128);
  if (data.empty()) check::invalid("data", "required");
  check::extra(data);
  check::extra(extra);
}

Call messageCall(const SendWeAppMessageRequest& request) {
  checkMessage(request.touser, request.templateId, request.data, request.extra);
  check::optionalText("page", request.page, 1024);
  check::text("formId", request.formId, 128);
  return jsonCall(weappPath("SendWeAppMessage"), bodyOf(request));
}

Call noticeCall(const NotifyMsgRequest& request) {
  checkMessage(request.touser, request.templateId, request.data, request.extra);
  check::url("url", request.url, 2048);
  return jsonCall(weappPath("notifyMsg"), bodyOf(request));
}

/// The image travels as base64, with or without what a page wants in front of it.
std::optional<Bytes> imageIn(const Json& json) {
  const auto* value = json.find("imageBytes");
  if (value == nullptr || value->string() == nullptr) return std::nullopt;
  std::string_view text = *value->string();
  if (const auto mark = text.find(";base64,"); text.starts_with("data:") && mark != std::string_view::npos) {
    text.remove_prefix(mark + std::string_view{";base64,"}.size());
  }
  auto bytes = codec::fromBase64(text);
  if (!bytes) throw Error{Errc::badResponse, "imageBytes: not base64"};
  return Bytes{std::move(*bytes)};
}

GenerateCodeResult codeIn(const Json& json) {
  auto result = resultOf<GenerateCodeResult>(json);
  result.image = imageIn(json);
  result.extra.erase("imageBytes");
  if (!result.image && !result.url) failMissing("url and imageBytes");
  return result;
}

GetAccessTokenResult tokenIn(const Json& json) {
  auto result = resultOf<GetAccessTokenResult>(json);
  requirePresent("access_token", result.accessToken);
  return result;
}

SendWeAppMessageResult sentIn(const Json& json) { return resultOf<SendWeAppMessageResult>(json); }

}  // namespace

Awaitable<GenerateCodeResult> Weapp::generateCode(const GenerateCodeRequest& request) const {
  return perform(services_, &generateCodeOperation, request, codeCall, codeIn);
}

Awaitable<GetAccessTokenResult> Weapp::getAccessToken() const {
  const GetAccessTokenRequest request;
  return getAccessToken(request);
}

Awaitable<GetAccessTokenResult> Weapp::getAccessToken(const GetAccessTokenRequest& request) const {
  return perform(services_, &getAccessTokenOperation, request, tokenCall, tokenIn);
}

Awaitable<SendWeAppMessageResult> Weapp::sendWeAppMessage(const SendWeAppMessageRequest& request) const {
  return perform(services_, &sendWeAppMessageOperation, request, messageCall, sentIn);
}

Awaitable<Done> Weapp::notifyMsg(const NotifyMsgRequest& request) const {
  return perform(services_, &notifyMsgOperation, request, noticeCall, doneOf);
}

}  // namespace openapi::bmob
