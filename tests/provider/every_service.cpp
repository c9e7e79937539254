#include "every_service.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <utility>

namespace openapi::test {
namespace {

std::vector<Service> allServices() {
  const auto json = [](const std::string& text) { return Json::parse(text); };
  const auto day = json(R"({"beginDate":"20170313","endDate":"20170313"})");
  const auto week = json(R"({"beginDate":"20170306","endDate":"20170312"})");
  const auto month = json(R"({"beginDate":"20170301","endDate":"20170331"})");
  const auto code = json(R"({"code":"c"})");
  const auto byUrl = json(R"({"imgUrl":"https://a.example/x.png"})");
  const std::string session = R"({"openid":"oGZ","session_key":")" + sessionKey + R"(","unionid":"oTm"})";
  const std::string retain =
      R"({"ref_date":"20170313","visit_uv_new":[{"key":0,"value":5464}],"visit_uv":[{"key":0,"value":55500}]})";
  const std::string trend =
      R"({"list":[{"ref_date":"20170313","session_cnt":142549,"visit_pv":472351,"visit_uv":55500,"visit_uv_new":5464,"stay_time_session":0.5,"visit_depth":1.9838}]})";
  const std::string portrait =
      R"({"province":[{"id":31,"name":"广东省","value":215}],"city":[],"genders":[],"platforms":[],"devices":[{"name":"OPPO R9","value":61}],"ages":[]})";
  const auto shipping = json(R"({"orderKey":{"orderNumberType":2,"transactionId":"42"},"logisticsType":4,"deliveryMode":1,
    "shippingList":[{"itemDesc":"季卡"}],"payer":{"openid":"oGZ"}})");
  return {
      {"auth.code2Session", code, session, false, {"openid", "session_key"}},
      {"auth.getOpenid", code, session, false, {"openid", "session_key"}},
      {"auth.getPaidUnionId",
       json(R"({"openid":"o","transactionId":"42"})"),
       R"({"errcode":0,"unionid":"oTm"})",
       true,
       {"unionid"}},
      {"analysis.getDailyRetain", day, retain, true},
      {"analysis.getWeeklyRetain", week, retain, true},
      {"analysis.getMonthlyRetain", month, retain, true},
      {"analysis.getDailySummary", day, R"({"list":[{"ref_date":"20170313","visit_total":391,"share_pv":572,"share_uv":383}]})",
       true},
      {"analysis.getDailyVisitTrend", day, trend, true},
      {"analysis.getWeeklyVisitTrend", week, trend, true},
      {"analysis.getMonthlyVisitTrend", month, trend, true},
      {"analysis.getUserPortrait", day, R"({"ref_date":"20170611","visit_uv":)" + portrait + "}", true},
      {"analysis.getVisitDistribution", day,
       R"({"ref_date":"20170313","list":[{"index":"access_source_visit_uv","item_list":[{"key":10,"value":5}]}]})", true},
      {"analysis.getVisitPage", day,
       R"({"ref_date":"20170313","list":[{"page_path":"p","page_visit_pv":213429,"page_visit_uv":55423,"page_staytime_pv":8.139198,"entrypage_pv":1,"exitpage_pv":2,"page_share_pv":3,"page_share_uv":4}]})",
       true},
      {"customerServiceMessage.getTempMedia",
       json(R"({"mediaId":"m"})"),
       R"({"video_url":"https://a.example/v"})",
       true,
       {"video_url"}},
      {"customerServiceMessage.send", json(R"({"touser":"o","msgtype":"text","text":{"content":"c"}})"), okAnswer, false},
      {"customerServiceMessage.setTyping", json(R"({"touser":"o","command":"Typing"})"), okAnswer, false},
      {"customerServiceMessage.uploadTempMedia",
       Fields{{"media", fileJson(pngBytes)}},
       R"({"type":"image","media_id":"M","created_at":1672500000})",
       false,
       {"media_id"}},
      {"wxacode.createQRCode", json(R"({"path":"p"})"), "", false},
      {"wxacode.get", json(R"({"path":"p"})"), "", false},
      {"wxacode.getUnlimited", json(R"({"scene":"s"})"), "", true},
      {"img.aiCrop", byUrl,
       R"({"errcode":0,"errmsg":"ok","results":[{"crop_left":112,"crop_top":0,"crop_right":839,"crop_bottom":727}],"img_size":{"w":966,"h":728}})",
       false},
      {"img.scanQRCode", byUrl,
       R"({"errcode":0,"errmsg":"ok","code_results":[{"type_name":"QR_CODE","data":"x","pos":{"left_top":{"x":5,"y":6},"right_top":{"x":7,"y":8},"right_bottom":{"x":9,"y":1},"left_bottom":{"x":2,"y":3}}}],"img_size":{"w":1000,"h":900}})",
       false},
      {"img.superresolution", byUrl, R"({"errcode":0,"errmsg":"ok","media_id":"M"})", false, {"media_id"}},
      {"subscribeMessage.send", json(R"({"touser":"o","templateId":"t","data":{"thing1":{"value":"v"}}})"),
       R"({"errcode":0,"errmsg":"ok","msgid":3248682510344192008})", false},
      {"phonenumber.getPhoneNumber",
       code,
       R"({"errcode":0,"phone_info":{"phoneNumber":"+8613","purePhoneNumber":"13","countryCode":"86","watermark":{"timestamp":1637744274,"appid":"A"}}})",
       false,
       {"phone_info"}},
      {"security.msgSecCheck",
       json(R"({"content":"c","scene":1,"openid":"o"})"),
       R"({"errcode":0,"result":{"suggest":"risky","label":20001},"detail":[{"strategy":"s","errcode":0,"suggest":"risky","label":20006,"prob":90}],"trace_id":"T"})",
       true,
       {"result"}},
      {"security.mediaCheckAsync",
       json(R"({"mediaUrl":"https://a.example/x","mediaType":2,"scene":1,"openid":"o"})"),
       R"({"errcode":0,"trace_id":"T"})",
       false,
       {"trace_id"}},
      {"urlscheme.generate", Fields{}, R"({"errcode":0,"openlink":"weixin://dl/business/?t=T"})", true, {"openlink"}},
      {"urllink.generate", Fields{}, R"({"errcode":0,"url_link":"https://wxaurl.cn/T"})", true, {"url_link"}},
      {"order.uploadShippingInfo", shipping, okAnswer, false},
      {"order.getOrder",
       json(R"({"transactionId":"42"})"),
       R"({"errcode":0,"order":{"transaction_id":"42","merchant_trade_no":"A1","paid_amount":100,"order_state":2,"pay_time":1637744274,"shipping":{"delivery_mode":1,"finish_shipping":true,"shipping_list":[{"tracking_no":"T","upload_time":1637744275}]}}})",
       true,
       {"order"}},
  };
}

}  // namespace

const std::vector<Service>& services() {
  static const auto all = allServices();
  return all;
}

const Service& serviceOf(const std::string& name) {
  return *std::find_if(services().begin(), services().end(), [&](const Service& service) { return service.name == name; });
}

bool givesImage(const Service& service) { return service.answer.empty(); }

std::vector<const Service*> jsonServices() {
  std::vector<const Service*> found;
  for (const auto& service : services()) {
    if (!givesImage(service)) found.push_back(&service);
  }
  return found;
}

Step goodStep(const Service& service) { return givesImage(service) ? answerOf(pngBytes, "image/png") : answerOf(service.answer); }

Json callWith(ServiceFixture& fixture, const Service& service, Step answer) {
  fixture.script({std::move(answer)});
  auto result = callService(fixture, service.name, service.request);
  BOOST_TEST(fixture.sent().size() == 1u);
  return result;
}

Error errorWith(ServiceFixture& fixture, const Service& service, Step answer) {
  fixture.script({std::move(answer)});
  return serviceError(fixture, service.name, service.request);
}

void expectBadResponse(ServiceFixture& fixture, const Service& service, const HttpResponse& answer, std::string_view words) {
  const auto error = errorWith(fixture, service, answer);
  BOOST_TEST(toString(error.errc()) == "badResponse", error.what());
  BOOST_TEST(toString(error.outcome()) == "unknown");
  BOOST_TEST(error.retryable() == service.readOnly);
  BOOST_TEST(std::string_view{error.what()}.find(words) != std::string_view::npos, "no \"" << words << "\" in: " << error.what());
  BOOST_TEST(fixture.sent().size() == 1u);
}

void expectRejected(ServiceFixture& fixture, const Service& service, const HttpResponse& answer, const std::string& code,
                    const std::string& errMsg) {
  const auto error = errorWith(fixture, service, answer);
  BOOST_TEST(toString(error.errc()) == "rejected", error.what());
  BOOST_TEST(error.errCode() == code);
  BOOST_TEST(error.errMsg() == errMsg);
  BOOST_TEST(toString(error.outcome()) == "rejected");
  BOOST_TEST(!error.retryable());
  BOOST_TEST(error.httpStatus() == 200);
  BOOST_TEST(std::string_view{error.what()}.starts_with(code), error.what());
  BOOST_TEST(fixture.sent().size() == 1u);
}

Step lost(Errc code, Outcome outcome) {
  Error::Details details;
  details.outcome = outcome;
  return Error{code, "scripted", details};
}

Step refusal(const std::string& code) { return answerOf(R"({"errcode":)" + code + R"(,"errmsg":"scripted rid: X"})"); }

Step tokenStep(const std::string& token, int expiresIn) {
  return answerOf(R"({"access_token":")" + token + R"(","expires_in":)" + std::to_string(expiresIn) + "}");
}

std::string tokenIn(const HttpRequest& request) { return valueOf(queryOf(request), "access_token"); }

HttpResponse statusOf(int status, std::string body) {
  auto response = answerOf(std::move(body), "text/html");
  response.status = status;
  return response;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t at = 0; at < times; ++at) text += part;
  return text;
}

}  // namespace openapi::test
