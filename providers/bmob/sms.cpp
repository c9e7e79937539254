#include <bmob/services.hpp>
#include <codec/image_type.hpp>
#include <codec/text.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation requestSmsCodeOperation{"sms.requestSmsCode", Verb::post};
constexpr Operation verifySmsCodeOperation{"sms.verifySmsCode", Verb::post};
constexpr Operation requestSmsOperation{"sms.requestSms", Verb::post};
constexpr Operation querySmsOperation{"sms.querySms", Verb::get, true};
constexpr Operation requestCaptchaOperation{"sms.requestCaptcha", Verb::post};
constexpr Operation captchaImageOperation{"sms.captchaImage", Verb::get, true};
constexpr Operation verifyCaptchaOperation{"sms.verifyCaptcha", Verb::post};

constexpr std::size_t signatureLength = 6;  // 【比目科技】
constexpr std::size_t longestSingle = 70;
constexpr std::size_t pieceLength = 67;
constexpr std::size_t maxImageBytes = 1024 * 1024;

Call codeCall(const RequestSmsCodeRequest& request) {
  names::phoneNumber(request.mobilePhoneNumber);
  check::optionalText("smsTemplate", request.smsTemplate, 128);
  check::optionalText("validateToken", request.validateToken, 512);
  check::extra(request.extra);
  auto call = jsonCall(pathOf({"1", "requestSmsCode"}), bodyOf(request));
  call.secrets = {request.validateToken.value_or("")};
  return call;
}

Call verifyCall(const VerifySmsCodeRequest& request) {
  names::phoneNumber(request.mobilePhoneNumber);
  names::word("smsCode", request.smsCode, 16);
  auto call = jsonCall(pathOf({"1", "verifySmsCode", request.smsCode}), Fields{{"mobilePhoneNumber", request.mobilePhoneNumber}});
  call.secrets = {request.smsCode};
  return call;
}

bool hasTemplate(const RequestSmsRequest& request) { return request.smsTemplate || request.extra.find("template") != nullptr; }

void checkContent(const RequestSmsRequest& request) {
  if (request.content.isNull()) check::invalid("content", "required");
  if (const auto* text = request.content.string()) {
    if (hasTemplate(request)) check::invalid("content", "must be an object with the values of the template's variables");
    check::text("content", *text, 1000);
    for (const std::string_view bracket : {"【", "】", "[", "]"}) {
      if (text->find(bracket) != std::string::npos)
        check::invalid("content", "must not hold 【】 or []: they mark the signature");
    }
    return;
  }
  if (request.content.object() == nullptr) check::invalid("content", "must be a text, or an object with a template");
  if (!hasTemplate(request)) check::invalid("smsTemplate", "required with an object as content");
  check::extra(*request.content.object());
}

Call textCall(const RequestSmsRequest& request) {
  names::phoneNumber(request.mobilePhoneNumber);
  check::optionalText("smsTemplate", request.smsTemplate, 128);
  checkContent(request);
  names::time("sendTime", request.sendTime);
  check::extra(request.extra);
  return jsonCall(pathOf({"1", "requestSms"}), bodyOf(request));
}

Call statusCall(const QuerySmsRequest& request) {
  if (request.smsId < 1) check::invalid("smsId", request.smsId == 0 ? "required" : "must be more than 0");
  Call call;
  call.path = pathOf({"1", "querySms", std::to_string(request.smsId)});
  return call;
}

Call captchaCall(const RequestCaptchaRequest& request) {
  names::range("width", request.width, 60, 200);
  names::range("height", request.height, 30, 100);
  names::range("size", request.size, 3, 6);
  names::range("ttl", request.ttl, 60, 180);
  return jsonCall(pathOf({"1", "requestCaptcha"}), bodyOf(request));
}

Call imageCall(const CaptchaImageRequest& request) {
  check::url("captchaUrl", request.captchaUrl, 2048);
  Call call;
  call.url = request.captchaUrl;
  return call;
}

Call answerCall(const VerifyCaptchaRequest& request) {
  names::word("captchaCode", request.captchaCode, 16);
  check::text("captchaToken", request.captchaToken, 512);
  auto call = jsonCall(pathOf({"1", "verifyCaptcha"}), bodyOf(request));
  call.secrets = {request.captchaCode, request.captchaToken};
  return call;
}

SmsResult sentIn(const Json& json) {
  if (json.find("smsId") == nullptr) failMissing("smsId");
  return resultOf<SmsResult>(json);
}

QuerySmsResult statusIn(const Json& json) {
  auto result = resultOf<QuerySmsResult>(json);
  requirePresent("sms_state", result.smsState);
  return result;
}

RequestCaptchaResult captchaIn(const Json& json) {
  auto result = resultOf<RequestCaptchaResult>(json);
  requirePresent("captcha_token", result.captchaToken);
  requirePresent("captcha_url", result.captchaUrl);
  return result;
}

VerifyCaptchaResult validatedIn(const Json& json) {
  auto result = resultOf<VerifyCaptchaResult>(json);
  requirePresent("validate_token", result.validateToken);
  return result;
}

CaptchaImageResult imageIn(const Settings& settings, const Call& call, const HttpResponse& response) {
  const auto type = codec::imageType(response.body);
  if (type.empty()) {
    static_cast<void>(decode(settings, captchaImageOperation, call, response));  // an error says so in JSON
    throw Error{Errc::badResponse, "the answer is no JPEG, PNG or GIF"};
  }
  if (response.status < 200 || response.status > 299) {
    static_cast<void>(decode(settings, captchaImageOperation, call, response));
  }
  return {std::string{type}, Bytes{response.body}};
}

Awaitable<CaptchaImageResult> fetchImage(SharedServices services, CaptchaImageRequest request) {
  const auto call = callFor(*services, captchaImageOperation, request, imageCall);
  std::function<HttpRequest(const Stamp&, std::size_t)> encodeOne = [services, call](const Stamp& stamp, std::size_t) {
    auto made = encode(services->settings, captchaImageOperation, *call, stamp);
    made.maxResponseBytes = maxImageBytes;
    return made;
  };
  std::function<CaptchaImageResult(const HttpResponse&)> decodeOne = [services, call](const HttpResponse& response) {
    return imageIn(services->settings, *call, response);
  };
  auto plan = planFor(*services, captchaImageOperation);
  auto image = co_await http::call(std::move(plan), std::move(encodeOne), std::move(decodeOne));
  co_return image;
}

}  // namespace

std::int64_t smsMessageCount(std::string_view text) {
  if (!codec::isUtf8(text)) check::invalid("text", "not valid UTF-8");
  const auto length = codec::codePoints(text) + signatureLength;
  if (length <= longestSingle) return 1;
  return static_cast<std::int64_t>((length + pieceLength - 1) / pieceLength);
}

Awaitable<RequestSmsCodeResult> Sms::requestSmsCode(const RequestSmsCodeRequest& request) const {
  return perform(services_, &requestSmsCodeOperation, request, codeCall, sentIn);
}

Awaitable<Done> Sms::verifySmsCode(const VerifySmsCodeRequest& request) const {
  return perform(services_, &verifySmsCodeOperation, request, verifyCall, doneOf);
}

Awaitable<RequestSmsResult> Sms::requestSms(const RequestSmsRequest& request) const {
  return perform(services_, &requestSmsOperation, request, textCall, sentIn);
}

Awaitable<QuerySmsResult> Sms::querySms(const QuerySmsRequest& request) const {
  return perform(services_, &querySmsOperation, request, statusCall, statusIn);
}

Awaitable<RequestCaptchaResult> Sms::requestCaptcha(const RequestCaptchaRequest& request) const {
  return perform(services_, &requestCaptchaOperation, request, captchaCall, captchaIn);
}

Awaitable<CaptchaImageResult> Sms::captchaImage(const CaptchaImageRequest& request) const {
  return http::operation("bmob", captchaImageOperation.method, fetchImage(services_, request));
}

Awaitable<VerifyCaptchaResult> Sms::verifyCaptcha(const VerifyCaptchaRequest& request) const {
  return perform(services_, &verifyCaptchaOperation, request, answerCall, validatedIn);
}

}  // namespace openapi::bmob
