#pragma once

#include <support/platforms.hpp>
#include <support/scripted_transport.hpp>

#include <openapi/openapi.hpp>

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <marshal/json_struct.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// WeChat's mini-program services through their public methods, with requests and results as public JSON.
namespace openapi {

/// How failed tests show JSON.
inline std::ostream& boost_test_print_type(std::ostream& out, const Json& json) { return out << json.json(); }

}  // namespace openapi

namespace openapi::test {

inline const std::string appSecret = "8a1f0c5e7d3b49628f1e6c0d5b7a9342";
inline const std::string appToken = "72_OwnTokenOfTheApp-0123456789abcdef";
inline const std::string sessionKey = "HyVFkGl5F5OQWJZZaNzBBg==";

inline WeixinConfig serviceConfig() {
  WeixinConfig config;
  config.appId = "wx2421b1c4370ec43b";
  config.secret = appSecret;
  config.accessToken = appToken;
  return config;
}

/// A configuration whose tokens the library fetches.
inline WeixinConfig ownTokenConfig() {
  auto config = serviceConfig();
  config.accessToken.reset();
  return config;
}

struct ServiceFixture {
  explicit ServiceFixture(const WeixinConfig& config = serviceConfig(), int maxAttempts = 3)
      : options{optionsOver(transport, maxAttempts)}, weixin{context.get_executor(), config, options} {}

  /// Forgets what was sent before.
  void script(std::deque<ScriptedTransport::Step> steps) {
    transport->sent.clear();
    transport->script = std::move(steps);
  }
  [[nodiscard]] const std::vector<HttpRequest>& sent() const { return transport->sent; }

  boost::asio::io_context context;
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  HttpOptions options;
  Weixin weixin;
};

using ServiceCase = std::function<Json(Weixin&, const Json&)>;

template <class Request, class Result, class Group>
ServiceCase serviceCase(Group Weixin::*group, weixin::Awaitable<Result> (Group::*method)(const Request&) const) {
  return [group, method](Weixin& provider, const Json& json) -> Json {
    const auto request = marshal::fromJson<marshal::CamelStyle, Request>(json);
    auto result = wait((provider.*group.*method)(request));
    return marshal::toJson<marshal::CamelStyle>(result);
  };
}

/// Every method by its name.
inline const std::map<std::string, ServiceCase>& serviceCases() {
  using namespace weixin;
  static const std::map<std::string, ServiceCase> cases{
      {"auth.code2Session", serviceCase<Code2SessionRequest>(&Weixin::auth, &Auth::code2Session)},
      {"auth.getOpenid", serviceCase<GetOpenidRequest>(&Weixin::auth, &Auth::getOpenid)},
      {"auth.getAccessToken", serviceCase<GetAccessTokenRequest>(&Weixin::auth, &Auth::getAccessToken)},
      {"auth.getPaidUnionId", serviceCase<GetPaidUnionIdRequest>(&Weixin::auth, &Auth::getPaidUnionId)},
      {"analysis.getDailyRetain", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getDailyRetain)},
      {"analysis.getWeeklyRetain", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getWeeklyRetain)},
      {"analysis.getMonthlyRetain", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getMonthlyRetain)},
      {"analysis.getDailySummary", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getDailySummary)},
      {"analysis.getDailyVisitTrend", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getDailyVisitTrend)},
      {"analysis.getWeeklyVisitTrend", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getWeeklyVisitTrend)},
      {"analysis.getMonthlyVisitTrend", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getMonthlyVisitTrend)},
      {"analysis.getUserPortrait", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getUserPortrait)},
      {"analysis.getVisitDistribution", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getVisitDistribution)},
      {"analysis.getVisitPage", serviceCase<AnalysisRequest>(&Weixin::analysis, &Analysis::getVisitPage)},
      {"customerServiceMessage.getTempMedia",
       serviceCase<GetTempMediaRequest>(&Weixin::customerServiceMessage, &CustomerServiceMessage::getTempMedia)},
      {"customerServiceMessage.send",
       serviceCase<weixin::SendRequest>(&Weixin::customerServiceMessage, &CustomerServiceMessage::send)},
      {"customerServiceMessage.setTyping",
       serviceCase<SetTypingRequest>(&Weixin::customerServiceMessage, &CustomerServiceMessage::setTyping)},
      {"customerServiceMessage.uploadTempMedia",
       serviceCase<UploadTempMediaRequest>(&Weixin::customerServiceMessage, &CustomerServiceMessage::uploadTempMedia)},
      {"wxacode.createQRCode", serviceCase<CreateQRCodeRequest>(&Weixin::wxacode, &Wxacode::createQRCode)},
      {"wxacode.get", serviceCase<GetRequest>(&Weixin::wxacode, &Wxacode::get)},
      {"wxacode.getUnlimited", serviceCase<GetUnlimitedRequest>(&Weixin::wxacode, &Wxacode::getUnlimited)},
      {"img.aiCrop", serviceCase<AiCropRequest>(&Weixin::img, &Img::aiCrop)},
      {"img.scanQRCode", serviceCase<ScanQRCodeRequest>(&Weixin::img, &Img::scanQRCode)},
      {"img.superresolution", serviceCase<SuperresolutionRequest>(&Weixin::img, &Img::superresolution)},
      {"subscribeMessage.send", serviceCase<SendSubscribeMessageRequest>(&Weixin::subscribeMessage, &SubscribeMessage::send)},
      {"phonenumber.getPhoneNumber", serviceCase<GetPhoneNumberRequest>(&Weixin::phonenumber, &Phonenumber::getPhoneNumber)},
      {"security.msgSecCheck", serviceCase<MsgSecCheckRequest>(&Weixin::security, &Security::msgSecCheck)},
      {"security.mediaCheckAsync", serviceCase<MediaCheckAsyncRequest>(&Weixin::security, &Security::mediaCheckAsync)},
      {"urlscheme.generate", serviceCase<GenerateSchemeRequest>(&Weixin::urlscheme, &Urlscheme::generate)},
      {"urllink.generate", serviceCase<GenerateUrlLinkRequest>(&Weixin::urllink, &Urllink::generate)},
      {"order.uploadShippingInfo", serviceCase<UploadShippingInfoRequest>(&Weixin::order, &Order::uploadShippingInfo)},
      {"order.getOrder", serviceCase<GetOrderRequest>(&Weixin::order, &Order::getOrder)},
  };
  return cases;
}

inline Json callService(ServiceFixture& fixture, const std::string& method, const Json& request) {
  return serviceCases().at(method)(fixture.weixin, request);
}

/// The error of a call: with provider and method, and without anything secret.
inline Error serviceError(ServiceFixture& fixture, const std::string& method, const Json& request) {
  const auto error = errorOf([&] { callService(fixture, method, request); });
  BOOST_TEST(error.provider() == "weixin");
  BOOST_TEST(error.method() == method);
  for (const auto& secret : {appSecret, appToken, sessionKey}) {
    BOOST_TEST(std::string_view{error.what()}.find(secret) == std::string_view::npos, "a secret in: " << error.what());
    BOOST_TEST(error.errMsg().find(secret) == std::string::npos, "a secret in: " << error.errMsg());
  }
  return error;
}

inline HttpResponse answerOf(std::string body, const std::string& contentType = "application/json; charset=UTF-8") {
  auto response = ok(std::move(body));
  response.headers.add("Content-Type", contentType);
  return response;
}

inline const std::string pngBytes = std::string{"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16} + std::string(32, '\x7F');
inline const std::string jpegBytes = std::string{"\xFF\xD8\xFF\xE0\0\x10JFIF\0", 11} + std::string(32, '\x7F');

inline Json bytesJson(const std::string& bytes) { return Fields{{"$base64", codec::toBase64(bytes)}}; }
inline Json fileJson(const std::string& bytes, const std::string& type = "image/png") {
  return Fields{{"contentType", type}, {"value", bytesJson(bytes)}};
}

inline std::string pathOf(const HttpRequest& request) {
  const auto begin = request.url.find('/', request.url.find("://") + 3);
  return request.url.substr(begin, request.url.find('?') - begin);
}

inline codec::FormFields queryOf(const HttpRequest& request) {
  const auto mark = request.url.find('?');
  return mark == std::string::npos ? codec::FormFields{} : codec::parseForm(request.url.substr(mark + 1));
}

/// Equal but for the order of members.
inline bool sameJson(const Json& left, const Json& right) {
  if (left.object() != nullptr && right.object() != nullptr) {
    return left.object()->size() == right.object()->size() &&
           std::all_of(left.object()->begin(), left.object()->end(), [&](const Field& field) {
             const Json* other = right.find(field.name);
             return other != nullptr && sameJson(field.value, *other);
           });
  }
  if (left.array() != nullptr && right.array() != nullptr) {
    return std::equal(left.array()->begin(), left.array()->end(), right.array()->begin(), right.array()->end(), sameJson);
  }
  return left == right;
}

/// `json` with the value at `path` replaced, added, or removed when `value` is empty: `shippingList.0.itemDesc`.
inline Json withValue(const Json& json, std::string_view path, const std::optional<Json>& value) {
  const auto dot = path.find('.');
  const std::string name{path.substr(0, dot)};
  const auto next = [&](const Json* child) -> std::optional<Json> {
    if (dot == std::string_view::npos) return value;
    return withValue(child == nullptr ? Json{Fields{}} : *child, path.substr(dot + 1), value);
  };
  if (json.array() != nullptr) {
    auto items = *json.array();
    const auto at = static_cast<std::size_t>(std::stoul(name));
    items.at(at) = next(&items.at(at)).value_or(Json{});
    return items;
  }
  Fields fields = json.object() == nullptr ? Fields{} : *json.object();
  const auto changed = next(fields.find(name));
  if (changed) {
    fields.set(name, *changed);
  } else {
    fields.erase(name);
  }
  return fields;
}

}  // namespace openapi::test
