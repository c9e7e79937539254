// Answers of WeChat's mini-program services as they should not be, what is sent again, and how tokens are renewed.
#include <boost/test/unit_test.hpp>

#include <support/weixin_services.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

namespace {

using Step = ScriptedTransport::Step;

/// A method with a request that is sent and, unless it gives an image, a good answer.
struct Service {
  const char* name;
  Json request;
  std::string answer;
  bool readOnly;
  /// Members without which an answer is refused.
  std::vector<const char*> needed{};
};

const std::string okAnswer = R"({"errcode":0,"errmsg":"ok"})";

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

/// An answer that nobody can read: who calls a method that does something cannot know what happened.
void expectBadResponse(ServiceFixture& fixture, const Service& service, const HttpResponse& answer, std::string_view words = {}) {
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

const std::string errorBody = R"({"errcode":40029,"errmsg":"invalid code, rid: 617682e0-09059a3f-6a1b2c3d"})";

Step lost(Errc code, Outcome outcome) {
  Error::Details details;
  details.outcome = outcome;
  return Error{code, "scripted", details};
}

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

/// `change` on every number, at every depth; amounts of money stay.
Json withNumbers(const Json& json, const std::function<Json(const std::string&)>& change) {
  if (json.object() != nullptr) {
    Fields fields;
    for (const auto& [name, value] : *json.object())
      fields.append(name, name == "paid_amount" ? value : withNumbers(value, change));
    return fields;
  }
  if (json.array() != nullptr) {
    Json::Array items;
    for (const auto& item : *json.array()) items.push_back(withNumbers(item, change));
    return items;
  }
  return json.integer() != nullptr || json.number() != nullptr ? change(json.json()) : json;
}

/// A name that no document has, in every object.
Json withNews(const Json& json) {
  if (json.array() != nullptr) {
    Json::Array items;
    for (const auto& item : *json.array()) items.push_back(withNews(item));
    return items;
  }
  if (json.object() == nullptr) return json;
  Fields fields;
  for (const auto& [name, value] : *json.object()) fields.append(name, withNews(value));
  fields.append("brand_new", Fields{{"some_id", std::int64_t{9007199254740993}}, {"aB_c", Json::Array{Json{}, true, "x_y"}}});
  return fields;
}

std::size_t countOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::string tokenIn(const HttpRequest& request) { return valueOf(queryOf(request), "access_token"); }
Step tokenStep(const std::string& token, int expiresIn = 7200) {
  return answerOf(R"({"access_token":")" + token + R"(","expires_in":)" + std::to_string(expiresIn) + "}");
}
Step refusal(const std::string& code) { return answerOf(R"({"errcode":)" + code + R"(,"errmsg":"scripted rid: X"})"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_weixin_services)

BOOST_AUTO_TEST_CASE(every_method_is_here) {
  std::set<std::string> names;
  for (const auto& service : services()) names.insert(service.name);
  for (const auto& item : serviceCases()) {
    BOOST_TEST((names.count(item.first) == 1u || item.first == "auth.getAccessToken"), item.first);
  }
}

BOOST_AUTO_TEST_CASE(good_answers) {
  ServiceFixture fixture;
  for (const auto& service : services()) {
    BOOST_TEST_CONTEXT(service.name) {
      const auto result = callWith(fixture, service, goodStep(service));
      BOOST_TEST(*result.find("errCode") == Json{0});
      BOOST_TEST(*result.find("errMsg") == Json{"ok"});
    }
  }
}

BOOST_AUTO_TEST_CASE(documents_that_are_no_answer) {
  const std::vector<std::string> bodies{"",
                                        " ",
                                        "\n",
                                        "x",
                                        "null",
                                        "true",
                                        "0",
                                        "\"ok\"",
                                        "[]",
                                        "[{\"errcode\":0}]",
                                        "{",
                                        "}",
                                        "{]",
                                        "{\"errcode\"}",
                                        "{'errcode':0}",
                                        "{\"errcode\":0,}",
                                        "{\"errcode\":00}",
                                        "{\"errcode\":+1}",
                                        "{\"errcode\":NaN}",
                                        "errcode=0",
                                        "<xml></xml>",
                                        "<html><body>502 Bad Gateway</body></html>",
                                        std::string(3, '\0'),
                                        "\xEF\xBB\xBF{\"errcode\":0}",
                                        "{\"errmsg\":\"\xD6\xD0\"}",
                                        "{\"errmsg\":\"\xED\xA0\x80\"}",
                                        "{\"errmsg\":\"\\ud800\"}",
                                        "{\"errmsg\":\"a\nb\"}",
                                        "{\"errcode\":0,\"errcode\":0}",
                                        "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
                                        "{\"errcode\":0}//",
                                        std::string{"{\"errcode\":0}\0", 14},
                                        repeated("{\"a\":", 100) + "1" + repeated("}", 100),
                                        repeated("[", 100'000),
                                        "{\"a\":" + repeated("[", 100'000),
                                        "{\"list\":" + repeated("[", 65) + repeated("]", 65) + "}"};
  ServiceFixture fixture;
  for (const auto& service : services()) {
    for (const auto& body : bodies) {
      for (const char* type : {"application/json", "text/plain", "text/html", ""}) {
        BOOST_TEST_CONTEXT(service.name << ' ' << type << ' ' << body.substr(0, 60)) {
          expectBadResponse(fixture, service, answerOf(body, type));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_cut_at_every_byte_or_followed_by_more) {
  ServiceFixture fixture;
  for (const auto* service : jsonServices()) {
    BOOST_TEST_CONTEXT(service->name) {
      for (std::size_t size = 0; size < service->answer.size(); ++size) {
        expectBadResponse(fixture, *service, answerOf(service->answer.substr(0, size)));
      }
      for (const auto& tail :
           {std::string{"x"}, std::string{"\0", 1}, service->answer, std::string{"}"}, std::string{"\xFF\xD8\xFF"}}) {
        expectBadResponse(fixture, *service, answerOf(service->answer + tail));
      }
      BOOST_TEST(callWith(fixture, *service, answerOf(" \r\n\t" + service->answer + "\n ")).find("errCode") != nullptr);
    }
  }
}

BOOST_AUTO_TEST_CASE(json_of_any_content_type) {
  ServiceFixture fixture;
  for (const auto& service : services()) {
    for (const char* type :
         {"text/plain", "text/plain; charset=utf-8", "image/jpeg", "image/png", "text/html", "application/octet-stream", ""}) {
      BOOST_TEST_CONTEXT(service.name << ' ' << type) {
        expectRejected(fixture, service, answerOf(errorBody, type), "40029", "invalid code, rid: 617682e0-09059a3f-6a1b2c3d");
        if (!givesImage(service)) callWith(fixture, service, answerOf(service.answer, type));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(image_where_json_was_expected) {
  ServiceFixture fixture;
  for (const auto* service : jsonServices()) {
    if (service->name == std::string{"customerServiceMessage.getTempMedia"}) continue;  // gives either
    for (const auto& image : {pngBytes, jpegBytes, std::string{"GIF89a"}}) {
      for (const char* type : {"image/png", "application/json"}) {
        expectBadResponse(fixture, *service, answerOf(image, type), "image");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(json_where_an_image_was_expected) {
  ServiceFixture fixture;
  for (const auto& service : services()) {
    if (!givesImage(service)) continue;
    BOOST_TEST_CONTEXT(service.name) {
      for (const char* type : {"application/json", "image/jpeg", ""}) {
        expectBadResponse(fixture, service, answerOf(okAnswer, type), "JSON without an error");
        expectBadResponse(fixture, service, answerOf("{}", type), "JSON without an error");
      }
      expectBadResponse(fixture, service, answerOf("<html></html>", "image/jpeg"), "no JPEG, PNG or GIF");
      expectBadResponse(fixture, service, answerOf("BM\x01\x02", "image/bmp"), "no JPEG, PNG or GIF");
      for (std::size_t size = 0; size < 8; ++size)
        expectBadResponse(fixture, service, answerOf(pngBytes.substr(0, size), "image/png"));
      for (std::size_t size = 0; size < 3; ++size)
        expectBadResponse(fixture, service, answerOf(jpegBytes.substr(0, size), "image/jpeg"));
    }
  }
}

BOOST_AUTO_TEST_CASE(types_of_images) {
  const struct {
    std::string bytes;
    const char* header;
    const char* type;
  } rows[] = {{pngBytes, "image/png", "image/png"},          {jpegBytes, "image/jpeg", "image/jpeg"},
              {pngBytes, "text/plain", "image/png"},         {jpegBytes, "", "image/jpeg"},
              {"GIF89a", "application/json", "image/gif"},   {jpegBytes, "IMAGE/JPEG; name=x", "image/jpeg"},
              {jpegBytes, "application/json", "image/jpeg"}, {pngBytes, "image/jpeg", "image/jpeg"}};
  ServiceFixture fixture;
  for (const auto& row : rows) {
    for (const char* name : {"wxacode.getUnlimited", "customerServiceMessage.getTempMedia"}) {
      BOOST_TEST_CONTEXT(name << ' ' << row.header) {
        const auto result = callWith(fixture, serviceOf(name), answerOf(row.bytes, row.header));
        BOOST_TEST(*result.find("contentType") == Json{row.type});
        BOOST_TEST(*result.find("buffer") == bytesJson(row.bytes));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(error_codes_in_every_form) {
  ServiceFixture fixture;
  for (const auto& service : services()) {
    const std::pair<const char*, const char*> codes[] = {
        {"40029", "40029"}, {"\"40029\"", "40029"}, {"-605001", "-605001"}, {"9223372036854775807", "9223372036854775807"}};
    for (const auto& [written, code] : codes) {
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + ",\"errmsg\":\"m\"}"), code, "m");
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + "}"), code, "");
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + ",\"errmsg\":null}"), code, "");
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + ",\"errmsg\":7}"), code, "");
    }
    for (const char* written : {"true", "1.5", "\"\"", "\"x\"", "\"40029 \"", "[40029]", "{}", "99999999999999999999", "1e3"}) {
      expectBadResponse(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + "}"), "errcode");
    }
  }
  for (const auto* service : jsonServices()) {
    const auto answer = withValue(Json::parse(service->answer), "errcode", std::nullopt);
    for (const auto& zero :
         {std::optional<Json>{}, std::optional<Json>{0}, std::optional<Json>{"0"}, std::optional<Json>{Json{}}}) {
      BOOST_TEST(*callWith(fixture, *service, answerOf(withValue(answer, "errcode", zero).json())).find("errCode") == Json{0});
    }
  }
}

/// An error beside what a good answer holds is an error.
BOOST_AUTO_TEST_CASE(errors_with_the_members_of_an_answer) {
  ServiceFixture fixture;
  for (const auto* service : jsonServices()) {
    const auto answer = withValue(Json::parse(service->answer), "errcode", 45009);
    expectRejected(fixture, *service, answerOf(withValue(answer, "errmsg", "quota").json()), "45009", "quota");
  }
}

BOOST_AUTO_TEST_CASE(answers_without_what_they_must_have) {
  ServiceFixture fixture;
  for (const auto& service : services()) {
    for (const char* name : service.needed) {
      BOOST_TEST_CONTEXT(service.name << ' ' << name) {
        const auto good = Json::parse(service.answer);
        const bool media = service.name == std::string{"customerServiceMessage.getTempMedia"};
        const std::string_view words = media ? "neither" : name;
        expectBadResponse(fixture, service, answerOf(withValue(good, name, std::nullopt).json()), words);
        expectBadResponse(fixture, service, answerOf(withValue(good, name, Json{}).json()), words);
        expectBadResponse(fixture, service, answerOf(okAnswer), media ? "neither" : "missing");
        expectBadResponse(fixture, service, answerOf(withValue(good, name, Json::Array{}).json()), name);
        expectBadResponse(fixture, service, answerOf(withValue(good, name, true).json()), name);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_as_texts) {
  ServiceFixture fixture;
  for (const auto* service : jsonServices()) {
    BOOST_TEST_CONTEXT(service->name) {
      const auto good = Json::parse(service->answer);
      const auto expected = callWith(fixture, *service, answerOf(good.json()));
      const auto texts = withNumbers(good, [](const std::string& number) { return Json{number}; });
      BOOST_TEST(sameJson(callWith(fixture, *service, answerOf(texts.json())), expected), texts.json());
      if (texts == good) continue;
      for (const char* wrong : {"", "x", "1 ", "0x10", "99999999999999999999x"}) {
        const auto spoilt = withNumbers(good, [&](const std::string&) { return Json{wrong}; });
        expectBadResponse(fixture, *service, answerOf(spoilt.json()));
      }
    }
  }
  const auto order = withValue(Json::parse(serviceOf("order.getOrder").answer), "order.paid_amount", "100");
  expectBadResponse(fixture, serviceOf("order.getOrder"), answerOf(order.json()), "order.paid_amount");
  const auto country = withValue(Json::parse(serviceOf("phonenumber.getPhoneNumber").answer), "phone_info.countryCode", 86);
  const auto phone = callWith(fixture, serviceOf("phonenumber.getPhoneNumber"), answerOf(country.json()));
  BOOST_TEST(*phone.find("phoneInfo")->find("countryCode") == Json{"86"});
}

BOOST_AUTO_TEST_CASE(members_nobody_knows_are_kept) {
  ServiceFixture fixture;
  const std::string kept = R"("brandNew":{"someId":9007199254740993,"aBC":[null,true,"x_y"]})";
  for (const auto* service : jsonServices()) {
    BOOST_TEST_CONTEXT(service->name) {
      const auto result = callWith(fixture, *service, answerOf(withNews(Json::parse(service->answer)).json())).json();
      BOOST_TEST(result.find(kept) != std::string::npos, result);
    }
  }
  // In each member of a list, too.
  const auto& page = serviceOf("analysis.getVisitPage");
  const auto pages = callWith(fixture, page, answerOf(withNews(Json::parse(page.answer)).json())).json();
  BOOST_TEST(countOf(pages, kept) == 2u, pages);
}

BOOST_AUTO_TEST_CASE(numbers_above_what_a_double_holds) {
  ServiceFixture fixture;
  const auto& send = serviceOf("subscribeMessage.send");
  const auto given = [](const std::string& id) { return answerOf(R"({"errcode":0,"msgid":)" + id + "}"); };
  for (const char* id : {"3248682510344192008", "\"3248682510344192008\""}) {
    BOOST_TEST(callWith(fixture, send, given(id)).json() == R"({"errCode":0,"errMsg":"ok","msgid":3248682510344192008})");
  }
  for (const char* id : {"9223372036854775808", "1.5", "1e400", "\"9223372036854775808\""})
    expectBadResponse(fixture, send, given(id), "msgid");
  const auto extra = callWith(fixture, send, answerOf(R"({"errcode":0,"order_id":92233720368547758089,"ratio":0.10})"));
  BOOST_TEST(extra.json() == R"({"errCode":0,"errMsg":"ok","orderId":92233720368547758089,"ratio":0.10})");
}

BOOST_AUTO_TEST_CASE(wrong_types_name_the_field) {
  const struct {
    const char* service;
    const char* path;
    Json value;
    const char* words;
  } rows[] = {
      {"analysis.getDailyRetain", "visit_uv", Fields{}, "visit_uv"},
      {"analysis.getDailyRetain", "visit_uv.0", 1, "visit_uv[0]"},
      {"analysis.getDailyRetain", "visit_uv.0.value", "x", "visit_uv[0].value"},
      {"analysis.getVisitPage", "list", "x", "list"},
      {"analysis.getVisitPage", "list.0.page_staytime_pv", "1e999", "list[0].page_staytime_pv"},
      {"analysis.getVisitPage", "list.0.page_staytime_pv", "nan", "list[0].page_staytime_pv"},
      {"analysis.getUserPortrait", "visit_uv.province.0.id", true, "visit_uv.province[0].id"},
      {"img.scanQRCode", "code_results.0.pos.left_top", Json::Array{}, "code_results[0].pos.left_top"},
      {"order.getOrder", "order.shipping.finish_shipping", "true", "order.shipping.finish_shipping"},
      {"auth.code2Session", "openid", Fields{}, "openid"},
  };
  ServiceFixture fixture;
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.service << ' ' << row.path) {
      const auto& service = serviceOf(row.service);
      expectBadResponse(fixture, service, answerOf(withValue(Json::parse(service.answer), row.path, row.value).json()),
                        row.words);
    }
  }
}

BOOST_AUTO_TEST_CASE(texts_of_errors_as_they_were_seen) {
  ServiceFixture fixture{serviceConfig(), 1};
  const auto document = Json::parse(readFile(sourcePath("tests/fixtures/weixin-miniprogram/errmsg_real.json")));
  const std::string rid = "617682e0-09059a3f-6a1b2c3d";
  std::size_t seen = 0;
  for (const auto& item : *document.find("cases")->array()) {
    auto text = *item.find("errmsg")->string();
    const bool marked = text.ends_with("rid: X");
    if (marked) text.replace(text.size() - 1, 1, rid);
    const auto path = *item.find("path")->string();
    const std::string method = path == "/cgi-bin/token"       ? "auth.getAccessToken"
                               : path.starts_with("/sns/")    ? "auth.code2Session"
                               : path.starts_with("/wxa/get") ? "wxacode.getUnlimited"
                                                              : "analysis.getDailySummary";
    const Json answer = Fields{{"errcode", *item.find("errcode")}, {"errmsg", text}};
    fixture.script({answerOf(answer.json(), "text/plain")});
    const Json request = method == "auth.getAccessToken" ? Json{Fields{}} : serviceOf(method).request;
    BOOST_TEST_CONTEXT(path << ' ' << text) {
      const auto error = serviceError(fixture, method, request);
      BOOST_TEST(toString(error.errc()) == "rejected");
      BOOST_TEST(error.errCode() == item.find("errcode")->json());
      BOOST_TEST(error.errMsg() == text);
      BOOST_TEST(error.requestId() == (marked ? rid : ""));
      BOOST_TEST(std::string_view{error.what()}.find(text) != std::string_view::npos, error.what());
    }
    ++seen;
  }
  BOOST_TEST(seen == 25u);
}

BOOST_AUTO_TEST_CASE(request_ids) {
  const std::pair<const char*, const char*> rows[] = {
      {"text rid: 617682e0-09059a3f-6a1b2c3d", "617682e0-09059a3f-6a1b2c3d"},
      {"text, rid: 617682E0-09059A3F-6A1B2C3D", "617682E0-09059A3F-6A1B2C3D"},
      {"rid: 00000000-11111111-22222222 rid: 617682e0-09059a3f-6a1b2c3d", "617682e0-09059a3f-6a1b2c3d"},
      {"text rid: 617682e0-09059a3f-6a1b2c3", ""},
      {"text rid: 617682e0-09059a3f-6a1b2c3g", ""},
      {"text rid: 617682e0 09059a3f 6a1b2c3d", ""},
      {"text rid: --------------------------", ""},
      {"text rid: 61768-2e009059-a3f6a1b2c3d", ""},
      {"text rid:", ""},
      {"text rid: ", ""},
      {"invalid url hint: [JgToTA03064530]", ""},
      {"code been used, hints: [ req_id: AijFoqaLRa-pTFm4 ]", ""},
      {"", ""},
  };
  ServiceFixture fixture;
  for (const auto& [text, id] : rows) {
    const auto error =
        errorWith(fixture, serviceOf("auth.code2Session"), answerOf(Json{Fields{{"errcode", 40029}, {"errmsg", text}}}.json()));
    BOOST_TEST(error.requestId() == id, text);
    BOOST_TEST(error.errMsg() == text);
  }
}

BOOST_AUTO_TEST_CASE(every_documented_error_code) {
  ServiceFixture fixture{serviceConfig(), 1};
  const std::set<std::string> busy{"-1", "61504", "10060012", "10060019"};
  const auto table = readFile(sourcePath("tests/fixtures/weixin-miniprogram/error_codes.tsv"));
  std::size_t count = 0;
  for (auto at = table.find('\n') + 1; at < table.size(); at = table.find('\n', at) + 1) {
    const auto code = table.substr(at, table.find('\t', at) - at);
    if (code == "0") continue;
    const auto error =
        errorWith(fixture, serviceOf("analysis.getVisitPage"), answerOf(R"({"errcode":)" + code + R"(,"errmsg":"m"})"));
    BOOST_TEST(error.errCode() == code);
    BOOST_TEST(toString(error.outcome()) == "rejected");
    BOOST_TEST(error.retryable() == (busy.count(code) == 1));
    ++count;
  }
  BOOST_TEST(count == 2285u);
}

/// Texts of a platform that wants to write into a log, or to show what it was sent.
BOOST_AUTO_TEST_CASE(texts_of_errors_are_tamed) {
  ServiceFixture fixture;
  const std::vector<std::string> texts{"a\r\nb\x1B[31m",
                                       "\x01\x7F\xC2\x85",
                                       "\u2028",
                                       repeated("长", 100'000),
                                       "bad token " + appToken + " of " + appSecret,
                                       std::string(290, 'x') + appToken,
                                       std::string(290, 'x') + appSecret,
                                       repeated(appToken, 3)};
  for (const auto& text : texts) {
    for (const char* name : {"analysis.getVisitPage", "customerServiceMessage.send", "auth.code2Session", "wxacode.get"}) {
      if (name == std::string{"auth.code2Session"} && text.find(appToken) != std::string::npos) continue;  // never sent there
      const auto body = Json{Fields{{"errcode", 40001}, {"errmsg", text}}}.json();
      const auto error = errorWith(fixture, serviceOf(name), answerOf(body));
      BOOST_TEST(error.errCode() == "40001");
      // Not even the beginning of it, where a long text ends.
      BOOST_TEST(std::string_view{error.what()}.find(appToken.substr(0, 8)) == std::string_view::npos);
      BOOST_TEST(std::string_view{error.what()}.find(appSecret.substr(0, 8)) == std::string_view::npos);
    }
  }
  const auto other = errorWith(fixture, serviceOf("analysis.getVisitPage"), statusOf(404, "token " + appToken));
  BOOST_TEST(toString(other.errc()) == "httpStatus");
}

BOOST_AUTO_TEST_CASE(session_keys_stay_out_of_messages) {
  ServiceFixture fixture;
  const auto& login = serviceOf("auth.code2Session");
  const std::string key = "\"session_key\":\"" + sessionKey + "\"";
  for (const auto& body :
       {"{" + key + "}", "{" + key + ",\"openid\":{}}", "{" + key + "," + key + "}", "{" + key, "{" + key + "}x",
        "{\"errcode\":40029," + key + "}", "{\"openid\":\"o\",\"session_key\":[\"" + sessionKey + "\"]}"}) {
    errorWith(fixture, login, answerOf(body));
  }
}

BOOST_AUTO_TEST_CASE(names_of_downloaded_files) {
  const struct {
    std::string header;
    const char* name;  ///< null: none
  } rows[] = {
      {"attachment; filename=\"MEDIA_ID.jpg\"", "MEDIA_ID.jpg"},
      {"attachment;filename=MEDIA_ID.jpg", "MEDIA_ID.jpg"},
      {"attachment; FileName = \"a b.jpg\" ; x=y", "a b.jpg"},
      {"attachment; filename*=utf-8''%E6%B5%8B%E8%AF%95.xlsx; filename=\"\xC3\xA6\xC2\xB5.xlsx\"", "测试.xlsx"},
      {"attachment; filename*=utf-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.jpg; filename=\"x.jpg\"", "营业执照.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=UTF-8'zh'%E6%B5%8B.jpg", "测.jpg"},
      {"attachment; filename=\"测试.xlsx\"", "测试.xlsx"},
      {"attachment; filename=\"x.jpg\"; filename*=gbk''%B2%E2.jpg", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''%B2%E2.jpg", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''%E6%B5%8", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''%zz.jpg", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''..%2F..%2F", "x.jpg"},
      {"attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd", "passwd"},
      {"attachment; filename*=utf-8''..%5C..%5Cboot.ini", "boot.ini"},
      {"attachment; filename*=utf-8''a%00b%0D%0Ac.jpg", "a b  c.jpg"},
      {"attachment; filename=\"../../etc/passwd\"", "passwd"},
      {"attachment; filename=\"/etc/passwd\"", "passwd"},
      {"attachment; filename=\"C:\\windows\\x.ini\"", "x.ini"},
      {"attachment; filename=\"a\\\"; filename=b.jpg\"", "a\"; filename=b.jpg"},
      {"attachment; filename=\"a\x01\x1B[31mb.jpg\"", "a  [31mb.jpg"},
      {"attachment; filename=\"\xFF\xFE.jpg\"", "??.jpg"},
      {"attachment; filename=\"a/\"", nullptr},
      {"attachment; filename=\"..\"", nullptr},
      {"attachment; filename=\".\"", nullptr},
      {"attachment; filename=\"x/.. \"", nullptr},
      {"attachment; filename=\"..\x01\"", nullptr},
      {"attachment; filename=\"\"", nullptr},
      {"attachment; filename=\"  \"", nullptr},
      {"attachment; filename=", nullptr},
      {"attachment; filename", nullptr},
      {"attachment; filename=\"open", nullptr},
      {"attachment; filename=\"open\\\"", nullptr},
      {"attachment; xfilename=\"a.jpg\"", nullptr},
      {"filename=\"a.jpg\"", nullptr},
      {"attachment", nullptr},
      {";;;===\"\"\"", nullptr},
      {"attachment; x=\"filename=a.jpg\"", nullptr},
      {"", nullptr},
  };
  ServiceFixture fixture;
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.header) {
      auto answer = answerOf(jpegBytes, "image/jpeg");
      answer.headers.add("Content-disposition", row.header);
      const auto result = callWith(fixture, serviceOf("customerServiceMessage.getTempMedia"), answer);
      const Json* name = result.find("filename");
      BOOST_TEST((name == nullptr) == (row.name == nullptr), result.json());
      if (name != nullptr && row.name != nullptr) BOOST_TEST(*name == Json{row.name});
    }
  }
  auto answer = answerOf(jpegBytes, "image/jpeg");
  answer.headers.add("Content-disposition", "attachment; filename=\"" + repeated("长", 5000) + ".jpg\"");
  const auto result = callWith(fixture, serviceOf("customerServiceMessage.getTempMedia"), answer);
  BOOST_TEST(result.find("filename")->string()->size() < 1000u);
}

/// What is sent again, and what a failure means.
BOOST_AUTO_TEST_CASE(attempts_and_outcomes) {
  struct Expected {
    std::size_t attempts;
    const char* kind;
    const char* outcome;
    bool retryable;
  };
  const struct {
    const char* what;
    Step step;
    Expected reading;
    Expected acting;
  } rows[] = {
      {"busy", refusal("-1"), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"busy, statistics", refusal("61504"), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"busy, shipping", refusal("10060012"), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"busy as text", refusal("\"-1\""), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"quota", refusal("45009"), {1, "rejected", "rejected", false}, {1, "rejected", "rejected", false}},
      {"token that is not ours", refusal("40001"), {1, "rejected", "rejected", false}, {1, "rejected", "rejected", false}},
      {"bad gateway", statusOf(502, "<html>"), {3, "httpStatus", "unknown", true}, {1, "httpStatus", "unknown", false}},
      {"not found", statusOf(404, "{\"errcode\":404}"), {1, "httpStatus", "unknown", true}, {1, "httpStatus", "unknown", false}},
      {"moved", statusOf(302, ""), {1, "httpStatus", "unknown", true}, {1, "httpStatus", "unknown", false}},
      {"no JSON", answerOf("<html>"), {1, "badResponse", "unknown", true}, {1, "badResponse", "unknown", false}},
      {"cut",
       lost(Errc::connectionLost, Outcome::unknown),
       {3, "connectionLost", "unknown", true},
       {1, "connectionLost", "unknown", false}},
      {"cut before",
       lost(Errc::connectionLost, Outcome::notSent),
       {3, "connectionLost", "notSent", true},
       {3, "connectionLost", "notSent", false}},
      {"late", lost(Errc::timeout, Outcome::unknown), {1, "timeout", "unknown", true}, {1, "timeout", "unknown", false}},
      {"no connection", lost(Errc::connect, Outcome::notSent), {3, "connect", "notSent", true}, {3, "connect", "notSent", false}},
  };
  ServiceFixture fixture;
  for (const auto& service : services()) {
    for (const auto& row : rows) {
      BOOST_TEST_CONTEXT(service.name << ", " << row.what) {
        const auto& expected = service.readOnly ? row.reading : row.acting;
        fixture.script(std::deque<Step>(4, row.step));
        const auto error = serviceError(fixture, service.name, service.request);
        BOOST_TEST(fixture.sent().size() == expected.attempts);
        BOOST_TEST(toString(error.errc()) == expected.kind);
        BOOST_TEST(toString(error.outcome()) == expected.outcome);
        BOOST_TEST(error.retryable() == expected.retryable);
        if (service.readOnly && expected.attempts == 3) {
          fixture.script({row.step, row.step, goodStep(service)});
          callService(fixture, service.name, service.request);
          BOOST_TEST(fixture.sent().size() == 3u);
        }
      }
    }
  }
}

// Tokens of the library's own.

BOOST_AUTO_TEST_CASE(refused_tokens_are_renewed_once) {
  for (const bool stable : {true, false}) {
    for (const auto& service : services()) {
      if (service.name == std::string{"auth.code2Session"} || service.name == std::string{"auth.getOpenid"}) continue;
      for (const char* code : {"40001", "40014", "42001"}) {
        BOOST_TEST_CONTEXT(service.name << ' ' << code << ' ' << stable) {
          auto config = ownTokenConfig();
          config.stableToken = stable;
          ServiceFixture fixture{config};
          fixture.script({tokenStep("T1"), refusal(code), tokenStep("T2"), goodStep(service), refusal(code), tokenStep("T3"),
                          refusal(code)});
          callService(fixture, service.name, service.request);
          BOOST_TEST_REQUIRE(fixture.sent().size() == 4u);
          const auto& sent = fixture.sent();
          BOOST_TEST(pathOf(sent[0]) == (stable ? "/cgi-bin/stable_token" : "/cgi-bin/token"));
          BOOST_TEST(pathOf(sent[2]) == pathOf(sent[0]));
          BOOST_TEST(tokenIn(sent[1]) == "T1");
          BOOST_TEST(tokenIn(sent[3]) == "T2");
          BOOST_TEST(pathOf(sent[3]) == pathOf(sent[1]));
          if (sent[1].headers.get("Content-Type").starts_with("application/json")) {
            BOOST_TEST(sent[3].body == sent[1].body);
          }
          // The new one is used, and a second refusal in one call ends it.
          const auto error = serviceError(fixture, service.name, service.request);
          BOOST_TEST(toString(error.errc()) == "rejected");
          BOOST_TEST(error.errCode() == code);
          BOOST_TEST(toString(error.outcome()) == "rejected");
          BOOST_TEST_REQUIRE(sent.size() == 7u);
          BOOST_TEST(tokenIn(sent[4]) == "T2");
          BOOST_TEST(tokenIn(sent[6]) == "T3");
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(other_refusals_renew_nothing) {
  for (const char* code : {"40013", "40029", "41001", "42007", "48001", "45009"}) {
    ServiceFixture fixture{ownTokenConfig()};
    fixture.script({tokenStep("T1"), refusal(code)});
    const auto error = serviceError(fixture, "analysis.getVisitPage", serviceOf("analysis.getVisitPage").request);
    BOOST_TEST(error.errCode() == code);
    BOOST_TEST(fixture.sent().size() == 2u);
  }
}

/// The stable token is the same for everyone who asks, until a new one is forced.
BOOST_AUTO_TEST_CASE(the_same_token_again_is_replaced_by_force) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& service = serviceOf("analysis.getVisitPage");
  fixture.script({tokenStep("T1"), refusal("40001"), tokenStep("T1"), tokenStep("T2"), goodStep(service)});
  callService(fixture, service.name, service.request);
  BOOST_TEST_REQUIRE(fixture.sent().size() == 5u);
  BOOST_TEST(fixture.sent()[2].body.find("force_refresh") == std::string::npos);
  BOOST_TEST(*Json::parse(fixture.sent()[3].body).find("force_refresh") == Json{true});
  BOOST_TEST(tokenIn(fixture.sent()[4]) == "T2");
}

BOOST_AUTO_TEST_CASE(a_token_is_fetched_once_for_many_calls) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& first = serviceOf("analysis.getVisitPage");
  fixture.script({tokenStep("T1"), goodStep(first)});
  callService(fixture, first.name, first.request);
  for (const auto& service : services()) {
    fixture.transport->script.push_back(goodStep(service));
    callService(fixture, service.name, service.request);
    const bool login = service.name == std::string{"auth.code2Session"} || service.name == std::string{"auth.getOpenid"};
    BOOST_TEST(tokenIn(fixture.sent().back()) == (login ? "" : "T1"));
  }
  BOOST_TEST(fixture.sent().size() == services().size() + 2);
}

BOOST_AUTO_TEST_CASE(fetched_by_hand_and_kept) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& service = serviceOf("analysis.getVisitPage");
  fixture.script({tokenStep("T1"), goodStep(service), tokenStep("T2"), goodStep(service)});
  for (const char* token : {"T1", "T2"}) {
    const auto result = callService(fixture, "auth.getAccessToken", Fields{});
    BOOST_TEST(*result.find("accessToken") == Json{token});
    callService(fixture, service.name, service.request);
    BOOST_TEST(tokenIn(fixture.sent().back()) == token);
  }
  BOOST_TEST(fixture.sent().size() == 4u);
}

/// The request's token wins over the configuration's, and that over the library's own; neither is renewed.
BOOST_AUTO_TEST_CASE(tokens_of_the_caller) {
  for (const auto& service : services()) {
    const std::string name = service.name;
    if (name == "auth.code2Session" || name == "auth.getOpenid") continue;
    BOOST_TEST_CONTEXT(name) {
      const auto withToken = withValue(service.request, "accessToken", "CALLER+/=&");
      for (const auto& config : {serviceConfig(), ownTokenConfig()}) {
        ServiceFixture fixture{config};
        fixture.script({goodStep(service)});
        callService(fixture, name, withToken);
        BOOST_TEST_REQUIRE(fixture.sent().size() == 1u);
        BOOST_TEST(tokenIn(fixture.sent()[0]) == "CALLER+/=&");
        BOOST_TEST(fixture.sent()[0].body.find("CALLER") == std::string::npos);
      }
      for (const char* code : {"40001", "40014", "42001"}) {
        ServiceFixture fixture{ownTokenConfig()};
        fixture.script({refusal(code), tokenStep("T1"), goodStep(service)});
        const auto error = serviceError(fixture, name, withToken);
        BOOST_TEST(error.errCode() == code);
        BOOST_TEST(toString(error.outcome()) == "rejected");
        BOOST_TEST(fixture.sent().size() == 1u);
        ServiceFixture configured;
        configured.script({refusal(code), tokenStep("T1"), goodStep(service)});
        BOOST_TEST(serviceError(configured, name, service.request).errCode() == code);
        BOOST_TEST(configured.sent().size() == 1u);
        BOOST_TEST(tokenIn(configured.sent()[0]) == appToken);
      }
    }
  }
}

/// Codes work once: a login is never sent again once it may have arrived, and needs no token.
BOOST_AUTO_TEST_CASE(logins_are_never_repeated) {
  const Step steps[] = {lost(Errc::connectionLost, Outcome::unknown),
                        lost(Errc::timeout, Outcome::unknown),
                        refusal("-1"),
                        refusal("40001"),
                        refusal("40014"),
                        refusal("42001"),
                        refusal("40163"),
                        statusOf(502, ""),
                        answerOf("")};
  for (const char* name : {"auth.code2Session", "auth.getOpenid"}) {
    for (const auto& step : steps) {
      ServiceFixture fixture{ownTokenConfig()};
      fixture.script(std::deque<Step>(4, step));
      const auto error = serviceError(fixture, name, serviceOf(name).request);
      BOOST_TEST(fixture.sent().size() == 1u);
      BOOST_TEST(pathOf(fixture.sent()[0]) == "/sns/jscode2session");
      BOOST_TEST(tokenIn(fixture.sent()[0]).empty());
      BOOST_TEST(!error.retryable());
    }
    for (const auto* code : {"40001", "40013", "40125"}) {
      ServiceFixture fixture{ownTokenConfig()};
      fixture.script({refusal(code)});
      const auto error = serviceError(fixture, name, serviceOf(name).request);
      BOOST_TEST(std::string_view{error.what()}.ends_with("; check appId and secret"), error.what());
      BOOST_TEST(error.errCode() == code);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_token_no_call) {
  struct {
    const char* what;
    Step step;
    std::size_t attempts;
    const char* kind;
    const char* outcome;
    bool retryable;
    const char* words;
  } const rows[] = {
      {"bad secret", refusal("40001"), 1, "rejected", "rejected", false, "check appId and secret"},
      {"bad secret, newer", refusal("40125"), 1, "rejected", "rejected", false, "check appId and secret"},
      {"bad app", refusal("40013"), 1, "rejected", "rejected", false, "check appId and secret"},
      {"address", refusal("40164"), 1, "rejected", "rejected", false, "IP addresses"},
      {"frozen", refusal("40243"), 1, "rejected", "rejected", false, "unfreeze"},
      {"quota", refusal("45009"), 1, "rejected", "rejected", false, "45009"},
      {"expired", refusal("42001"), 1, "rejected", "rejected", false, "42001"},
      {"busy", refusal("-1"), 3, "rejected", "rejected", true, "-1"},
      {"gateway", statusOf(502, "<html>"), 3, "httpStatus", "notSent", true, "502"},
      {"cut", lost(Errc::connectionLost, Outcome::unknown), 3, "connectionLost", "notSent", true, "scripted"},
      {"late", lost(Errc::timeout, Outcome::unknown), 1, "timeout", "notSent", true, "scripted"},
      {"image", answerOf(pngBytes, "image/png"), 1, "badResponse", "notSent", true, "image"},
      {"html", answerOf("<html>"), 1, "badResponse", "notSent", true, "json"},
  };
  for (const bool stable : {true, false}) {
    for (const char* name : {"analysis.getVisitPage", "customerServiceMessage.send", "wxacode.get"}) {
      for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(name << ", " << row.what << ' ' << stable) {
          auto config = ownTokenConfig();
          config.stableToken = stable;
          ServiceFixture fixture{config};
          fixture.script(std::deque<Step>(4, row.step));
          const auto error = serviceError(fixture, name, serviceOf(name).request);
          BOOST_TEST(fixture.sent().size() == row.attempts);
          BOOST_TEST(toString(error.errc()) == row.kind);
          BOOST_TEST(toString(error.outcome()) == row.outcome);
          BOOST_TEST(error.retryable() == row.retryable);
          BOOST_TEST(std::string_view{error.what()}.starts_with("no access token: "), error.what());
          BOOST_TEST(std::string_view{error.what()}.find(row.words) != std::string_view::npos, error.what());
        }
      }
    }
  }
}

/// The renewal of a refused token fails: the call was refused, so nothing was done.
BOOST_AUTO_TEST_CASE(renewals_that_fail) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& send = serviceOf("customerServiceMessage.send");
  fixture.script({tokenStep("T1"), refusal("42001"), statusOf(404, "")});
  const auto error = serviceError(fixture, send.name, send.request);
  BOOST_TEST(toString(error.errc()) == "httpStatus");
  BOOST_TEST(toString(error.outcome()) == "notSent");
  BOOST_TEST(std::string_view{error.what()}.starts_with("no access token: "), error.what());
}

/// What is unknown after the repetition stays unknown.
BOOST_AUTO_TEST_CASE(outcomes_of_the_repetition) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& send = serviceOf("customerServiceMessage.send");
  fixture.script(
      {tokenStep("T1"), refusal("42001"), tokenStep("T2"), lost(Errc::connectionLost, Outcome::unknown), goodStep(send)});
  const auto error = serviceError(fixture, send.name, send.request);
  BOOST_TEST(toString(error.errc()) == "connectionLost");
  BOOST_TEST(toString(error.outcome()) == "unknown");
  BOOST_TEST(!error.retryable());
  BOOST_TEST(fixture.sent().size() == 4u);
}

BOOST_AUTO_TEST_CASE(answers_that_hold_no_token) {
  const struct {
    std::string body;
    const char* words;
  } rows[] = {
      {okAnswer, "access_token"},
      {"{}", "access_token"},
      {R"({"access_token":"T"})", "expires_in"},
      {R"({"expires_in":7200})", "access_token"},
      {R"({"access_token":"","expires_in":7200})", "access_token"},
      {R"({"access_token":null,"expires_in":7200})", "access_token"},
      {R"({"access_token":{"T":1},"expires_in":7200})", "access_token"},
      {R"({"access_token":")" + std::string(2049, 'T') + R"(","expires_in":7200})", "access_token"},
      {R"({"access_token":")" + std::string(1'000'000, 'T') + R"(","expires_in":7200})", "access_token"},
      {R"({"access_token":"T","expires_in":0})", "expires_in"},
      {R"({"access_token":"T","expires_in":-1})", "expires_in"},
      {R"({"access_token":"T","expires_in":-9223372036854775808})", "expires_in"},
      {R"({"access_token":"T","expires_in":9223372036854775807})", "expires_in"},
      {R"({"access_token":"T","expires_in":92233720368547758070})", "expires_in"},
      {R"({"access_token":"T","expires_in":864001})", "expires_in"},
      {R"({"access_token":"T","expires_in":"soon"})", "expires_in"},
      {R"({"access_token":"T","expires_in":""})", "expires_in"},
      {R"({"access_token":"T","expires_in":7200.5})", "expires_in"},
      {R"({"access_token":"T","expires_in":true})", "expires_in"},
      {R"({"access_token":"T","accessToken":"U","expires_in":7200})", "given twice"},
  };
  for (const bool stable : {true, false}) {
    for (const auto& row : rows) {
      BOOST_TEST_CONTEXT(row.body.substr(0, 80) << ' ' << stable) {
        auto config = ownTokenConfig();
        config.stableToken = stable;
        ServiceFixture fixture{config};
        fixture.script({answerOf(row.body)});
        const auto error = serviceError(fixture, "customerServiceMessage.send", serviceOf("customerServiceMessage.send").request);
        BOOST_TEST(toString(error.errc()) == "badResponse");
        BOOST_TEST(toString(error.outcome()) == "notSent");
        BOOST_TEST(std::string_view{error.what()}.starts_with("no access token: "), error.what());
        BOOST_TEST(std::string_view{error.what()}.find(row.words) != std::string_view::npos, error.what());
        fixture.script({answerOf(row.body)});
        const auto direct = serviceError(fixture, "auth.getAccessToken", Fields{});
        BOOST_TEST(toString(direct.errc()) == "badResponse");
        BOOST_TEST(std::string_view{direct.what()}.find("no access token") == std::string_view::npos, direct.what());
      }
    }
  }
  ServiceFixture fixture{ownTokenConfig()};
  fixture.script(
      {answerOf(R"({"access_token":")" + std::string(2048, 'T') + R"(","expires_in":"7200","new_field":1})", "text/plain")});
  BOOST_TEST(*callService(fixture, "auth.getAccessToken", Fields{}).find("expiresIn") == Json{7200});
}

/// A platform whose token ends in the middle of a batch.
class TokenPlatform : public Transport {
 public:
  boost::asio::awaitable<HttpResponse> send(HttpRequest request) override {
    const bool fetch = pathOf(request) == "/cgi-bin/stable_token";
    const bool taken = !fetch && tokenIn(request) == valid;
    co_await boost::asio::post(boost::asio::use_awaitable);
    if (fetch) {
      ++fetches;
      valid = "T" + std::to_string(fetches);
      co_return answerOf(R"({"access_token":")" + valid + R"(","expires_in":7200})");
    }
    ++(taken ? served : refused);
    co_return answerOf(taken ? R"({"list":[]})" : R"({"errcode":42001,"errmsg":"access_token expired"})");
  }

  std::string valid{};
  int fetches = 0;
  int served = 0;
  int refused = 0;
};

boost::asio::awaitable<void> askSummary(Weixin& weixin) {
  weixin::AnalysisRequest request;
  request.beginDate = request.endDate = "20170313";
  const auto result = co_await weixin.analysis.getDailySummary(request);
  BOOST_TEST(result.list.empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_in_the_middle_of_a_batch) {
  constexpr int perRound = 20;
  const auto platform = std::make_shared<TokenPlatform>();
  boost::asio::io_context context;
  HttpOptions options;
  options.transport = platform;
  Weixin weixin{context.get_executor(), ownTokenConfig(), options};
  int failures = 0;
  const auto round = [&] {
    for (int at = 0; at < perRound; ++at) {
      boost::asio::co_spawn(context, askSummary(weixin), [&](const std::exception_ptr& error) { failures += error ? 1 : 0; });
    }
    context.restart();
    context.run();
  };
  round();
  BOOST_TEST(platform->fetches == 1);
  platform->valid = "gone";
  round();
  BOOST_TEST(failures == 0);
  BOOST_TEST(platform->fetches == 2);
  BOOST_TEST(platform->served == 2 * perRound);
  BOOST_TEST(platform->refused >= 1);
  BOOST_TEST(platform->refused <= perRound);
}

BOOST_AUTO_TEST_SUITE_END()
