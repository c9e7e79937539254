// Parameters of the mini-program services: what is refused before anything is sent, and how what is right stands on the wire.
#include <boost/test/unit_test.hpp>

#include <support/weixin_services.hpp>

#include <codec/multipart.hpp>
#include <stamp.hpp>
#include <weixin/services/analysis.hpp>

#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

namespace {

const std::string notUtf8 = "\xD6\xD0";

std::string longText(std::size_t size) { return std::string(size, 'a'); }
std::string wide(std::size_t characters) {
  std::string text;
  for (std::size_t at = 0; at < characters; ++at) text += "季";
  return text;
}

std::int64_t inDays(int days) {
  const auto time = std::chrono::system_clock::now() + std::chrono::hours{24 * days};
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// A member of a request with values, and the field that the refusal names: the member itself unless said otherwise.
struct Row {
  const char* path;
  std::vector<std::optional<Json>> values;
  const char* field = nullptr;
};

struct Method {
  std::string name;
  std::vector<Json> good;   ///< sent exactly so; the bad rows change the first
  std::vector<Row> bad{};   ///< refused
  std::vector<Row> fine{};  ///< taken, at the edge of what is allowed
};

Json json(const char* text) { return Json::parse(text); }

const Json analysisDay = json(R"({"beginDate":"20170313","endDate":"20170313"})");
const Json analysisWeek = json(R"({"beginDate":"20170306","endDate":"20170312"})");
const Json analysisMonth = json(R"({"beginDate":"20170201","endDate":"20170228"})");

std::vector<Row> tokenRows() { return {{"accessToken", {"", longText(2049), notUtf8}}}; }

std::vector<Row> plus(std::vector<Row> rows, const std::vector<Row>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

Method analysis(const std::string& name, const Json& good, const std::vector<Row>& rows) {
  const std::vector<std::optional<Json>> noDay{std::nullopt, "",         "2017031",  "201703133", "2017-03-13",
                                               "20170230",   "20170229", "20171301", "20170132",  "20170100",
                                               "20170010",   "2017031a", "+2017031", " 2017031",  "２０１７０３１３",
                                               "1e100000",   notUtf8,    "-0170313", "20170313\n"};
  const auto tomorrow = formatGmt8(std::chrono::system_clock::now() + std::chrono::hours{24}, "%Y%m%d");
  return {"analysis." + name,
          {good},
          plus(plus(tokenRows(), rows), {{"beginDate", noDay},
                                         {"endDate", noDay},
                                         {"endDate", {"20170201", "20160313"}},
                                         {"endDate", {tomorrow, "99991231"}}})};
}

std::vector<Method> analysisMethods() {
  const std::vector<Row> day{{"endDate", {"20170314", "20170312", "20180313"}}};
  const std::vector<Row> week{{"endDate", {"20170311", "20170313", "20170319", "20170306"}},
                              {"beginDate", {"20170305", "20170307", "20170312"}},
                              {"beginDate", {"20170227"}, "endDate"}};
  const std::vector<Row> month{{"endDate", {"20170227", "20170301", "20170331"}, ""},
                               {"beginDate", {"20170202", "20170131"}, ""}};
  const std::vector<Row> portrait{{"endDate", {"20170314", "20170318", "20170320", "20170410", "20170412"}}};
  return {analysis("getDailyRetain", analysisDay, day),           analysis("getWeeklyRetain", analysisWeek, week),
          analysis("getMonthlyRetain", analysisMonth, month),     analysis("getDailySummary", analysisDay, day),
          analysis("getDailyVisitTrend", analysisDay, day),       analysis("getWeeklyVisitTrend", analysisWeek, week),
          analysis("getMonthlyVisitTrend", analysisMonth, month), analysis("getUserPortrait", analysisDay, portrait),
          analysis("getVisitDistribution", analysisDay, day),     analysis("getVisitPage", analysisDay, day)};
}

std::vector<Row> fileRows(const std::string& member, std::size_t max) {
  static std::vector<std::string> names;
  names.reserve(64);  // the rows point into it
  const auto at = [&](const char* part) { return names.emplace_back(member + '.' + part).c_str(); };
  return {
      {at("contentType"), {"", "png", "image/", "/png", "image/png; a=b", "image/p\r\nX: y", "image/" + longText(64), notUtf8}},
      {at("value"), {bytesJson(""), bytesJson(longText(max + 1))}},
      {at("filename"),
       {"", "a", ".png", "a.", "../a.png", "a/b.png", "a\\b.png", "a b.png", "码.png", "a\".png", "a\r\nb.png", "a.png;x",
        longText(97) + ".png", std::string{"a\0.png", 6}, notUtf8}}};
}

std::vector<Row> lookRows() {
  return {{"width", {0, 279, 1281, -430}},
          {"envVersion", {"", "Release", "trail", "release trial"}},
          {"lineColor.r", {-1, 256}},
          {"lineColor.g", {-1, 256}},
          {"lineColor.b", {-1, 256}}};
}

std::vector<Row> imageRows() {
  return plus(plus(tokenRows(), fileRows("img", 2 * 1024 * 1024 - 1)),
              {{"img", {std::nullopt}, "imgUrl"}, {"imgUrl", {"https://a.example/x.png"}}});
}

std::vector<Row> urlRows(const char* path) {
  return {{path,
           {"", "a.example/x", "ftp://a.example/x", "https://", "https://a.example/a b", "javascript:alert(1)",
            "https://a.example/" + longText(2048), notUtf8}}};
}

std::vector<Row> endRows() {
  return {{"expireType", {2, -1}},
          {"expireType", {0}, "expireTime"},
          {"expireType", {1}, "expireInterval"},
          {"expireTime", {0, -1, inDays(-1), inDays(31), std::numeric_limits<std::int64_t>::max()}},
          {"expireInterval", {0, 31, -1}},
          {"expireInterval", {30}, "expireType"}};
}

Method shipping() {
  const auto good = json(R"({"orderKey":{"orderNumberType":1,"mchid":"10000100","outTradeNo":"A1"},"logisticsType":1,
    "deliveryMode":1,"shippingList":[{"trackingNo":"T1","expressCompany":"DHL","itemDesc":"季卡"}],
    "uploadTime":"2022-12-15T13:29:35.120+08:00","payer":{"openid":"oGZ"}})");
  const auto parcel = *good.find("shippingList")->array()->begin();
  const auto virtualGoods = json(R"({"orderKey":{"orderNumberType":2,"transactionId":"42"},"logisticsType":3,"deliveryMode":1,
    "shippingList":[{"itemDesc":"季卡"}],"uploadTime":"2022-12-15T13:29:35.120+08:00","payer":{"openid":"oGZ"}})");
  const auto inSeveral =
      withValue(withValue(withValue(good, "deliveryMode", 2), "isAllDelivered", false), "shippingList", Json::Array(15, parcel));
  const auto withSf = withValue(withValue(good, "shippingList.0.expressCompany", "SF"), "shippingList.0.contact",
                                json(R"({"receiverContact":"189****1234"})"));
  return {"order.uploadShippingInfo",
          {good, virtualGoods, inSeveral, withSf},
          plus(tokenRows(),
               {{"orderKey.orderNumberType", {0, 3, -1}},
                {"orderKey.orderNumberType", {2}, "orderKey.transactionId"},
                {"orderKey.mchid", {std::nullopt, "", longText(33), notUtf8}},
                {"orderKey.outTradeNo", {std::nullopt, "", longText(65), notUtf8}},
                {"logisticsType", {std::nullopt, 0, 5}},
                {"deliveryMode", {std::nullopt, 0, 3}},
                {"deliveryMode", {2}, "isAllDelivered"},
                {"shippingList", {std::nullopt, Json::Array{}, Json::Array{parcel, parcel}}},
                {"shippingList.0.itemDesc", {std::nullopt, "", wide(121), notUtf8}, "shippingList[0].itemDesc"},
                {"shippingList.0.trackingNo", {std::nullopt, "", longText(129)}, "shippingList[0].trackingNo"},
                {"shippingList.0.expressCompany", {std::nullopt, "", longText(129)}, "shippingList[0].expressCompany"},
                {"shippingList.0.expressCompany", {"SF"}, "shippingList[0].contact"},
                {"shippingList.0.contact",
                 {json(R"({"receiverContact":""})"), Fields{{"receiverContact", longText(1025)}}},
                 "shippingList[0].contact.receiverContact"},
                {"shippingList.0.contact", {json(R"({"consignorContact":""})")}, "shippingList[0].contact.consignorContact"},
                {"uploadTime",
                 {"", "2022-12-15", "2022-12-15 13:29:35+08:00", "2022-12-15T13:29:35", "2022-12-15T13:29:35.+08:00",
                  "2022-02-29T13:29:35Z", "2022-12-15T24:00:00Z", "2022-12-15T13:29:60Z", "2022-12-15T13:29:35.120+0800",
                  "2022-12-15T13:29:35+24:00", "2022-12-15T13:29:35+08:60", "2022-12-15T13:29:35Z ", "T", notUtf8}},
                {"payer.openid", {std::nullopt, "", longText(129), notUtf8}}}),
          {{"uploadTime", {"2022-12-15T13:29:35+08:00", "2024-02-29T00:00:00.1Z", "2022-12-15T13:29:35.123456-03:30"}},
           {"shippingList.0.itemDesc", {wide(120)}},
           {"logisticsType", {2, 3, 4}}}};
}

const std::vector<Method>& methods() {
  static const std::vector<Method> all = [] {
    std::vector<Method> made = analysisMethods();
    const auto add = [&](Method method) { made.push_back(std::move(method)); };
    const std::vector<std::optional<Json>> noText{std::nullopt, "", longText(513), notUtf8};
    add({"auth.code2Session", {json(R"({"code":"c"})")}, {{"code", noText}}, {{"code", {longText(256)}}}});
    add({"auth.getOpenid", {json(R"({"code":"c"})")}, {{"code", noText}}});
    add({"auth.getPaidUnionId",
         {json(R"({"openid":"o","mchId":"m","outTradeNo":"A1"})"), json(R"({"openid":"o","transactionId":"42"})")},
         plus(tokenRows(), {{"openid", noText},
                            {"transactionId", {"42", ""}},
                            {"mchId", {std::nullopt, "", longText(33)}},
                            {"outTradeNo", {std::nullopt}, "transactionId"},
                            {"outTradeNo", {"", longText(65)}}})});
    add({"customerServiceMessage.getTempMedia", {json(R"({"mediaId":"m"})")}, plus(tokenRows(), {{"mediaId", noText}})});
    add({"customerServiceMessage.send",
         {json(R"({"touser":"o","msgtype":"text","text":{"content":"文本😀\n\t"}})"),
          json(R"({"touser":"o","msgtype":"image","image":{"mediaId":"m"}})"),
          json(R"({"touser":"o","msgtype":"news","news":{"articles":[{"picUrl":"p"}]},"customservice":{"kfAccount":"a@b"}})")},
         plus(tokenRows(), {{"touser", noText},
                            {"msgtype", {std::nullopt, "", "Text", "voice", "touser", "extra", notUtf8}},
                            {"msgtype", {"image", "link", "miniprogrampage"}, ""},
                            {"text", {std::nullopt}},
                            {"text.content", {std::nullopt, "", wide(2049), notUtf8, "a\x01z", "\x1F", std::string{"\0", 1}}},
                            {"image", {json(R"({"mediaId":"m"})")}},
                            {"link", {json(R"({"title":"t"})")}},
                            {"miniprogrampage", {json(R"({"title":"t"})")}},
                            {"voice", {Fields{{"mediaId", "\x02"}}}, "voice.mediaId"}})});
    add({"customerServiceMessage.send",
         {json(
             R"({"touser":"o","msgtype":"link","link":{"title":"t","description":"d","url":"https://a.example","thumbUrl":"http://a.example/t"}})")},
         plus(plus(urlRows("link.url"), urlRows("link.thumbUrl")),
              {{"link", {std::nullopt}}, {"link.title", noText}, {"link.description", {"", longText(1025)}}})});
    add({"customerServiceMessage.send",
         {json(
             R"({"touser":"o","msgtype":"miniprogrampage","miniprogrampage":{"title":"t","pagepath":"p?a=1","thumbMediaId":"m"}})")},
         {{"miniprogrampage", {std::nullopt}},
          {"miniprogrampage.title", noText},
          {"miniprogrampage.pagepath", {"", longText(1025)}},
          {"miniprogrampage.thumbMediaId", noText}}});
    add({"customerServiceMessage.send",
         {json(R"({"touser":"o","msgtype":"image","image":{"mediaId":"m"}})")},
         {{"image", {std::nullopt}}, {"image.mediaId", noText}}});
    add({"customerServiceMessage.send",
         {json(R"({"touser":"o","msgtype":"voice","voice":{"mediaId":"m"}})")},
         {{"voice", {std::nullopt, "m", Json::Array{}, 1}, "msgtype"}}});
    add({"customerServiceMessage.setTyping",
         {json(R"({"touser":"o","command":"Typing"})"), json(R"({"touser":"o","command":"CancelTyping"})")},
         plus(tokenRows(), {{"touser", noText}, {"command", {std::nullopt, "", "typing", "Typing CancelTyping", notUtf8}}})});
    add({"customerServiceMessage.uploadTempMedia",
         {Fields{{"type", "image"}, {"media", fileJson(pngBytes)}}},
         plus(plus(tokenRows(), fileRows("media", 10 * 1024 * 1024)), {{"type", {"", "voice", "video", "thumb"}}}),
         {{"media.value", {bytesJson(longText(10 * 1024 * 1024))}},
          {"media.filename", {"a.png", "A-b_c.tar.gz", longText(96) + ".png"}},
          {"media.contentType", {"image/jpeg", "image/svg+xml", "application/vnd.x-y.z"}}}});
    add({"wxacode.createQRCode",
         {json(R"({"path":"pages/index?a=1"})"), json(R"({"path":"p","width":280})")},
         plus(tokenRows(),
              {{"path", {std::nullopt, "", longText(129), wide(43), notUtf8, "a\x01"}}, {"width", {0, 279, 1281, -430}}}),
         {{"path", {longText(128), wide(42)}}, {"width", {280, 1280}}}});
    add({"wxacode.get",
         {json(R"({"path":"pages/index?a=1"})"),
          json(
              R"({"path":"p","width":430,"autoColor":false,"lineColor":{"r":0,"g":128,"b":255},"isHyaline":true,"envVersion":"trial"})")},
         plus(plus(tokenRows(), lookRows()), {{"path", {std::nullopt, "", longText(1025), wide(342), notUtf8}}}),
         {{"path", {longText(1024), wide(341)}}, {"width", {280, 1280}}, {"envVersion", {"release", "trial", "develop"}}}});
    add({"wxacode.getUnlimited",
         {json(R"({"scene":"a=1"})"),
          json(
              R"({"scene":"a=1","page":"pages/index","checkPath":false,"envVersion":"develop","width":1280,"isHyaline":false})")},
         plus(plus(tokenRows(), lookRows()), {{"scene", {std::nullopt, "", longText(33), "码", notUtf8}},
                                              {"page", {"", "/pages/index", "pages/index?a=1", longText(1025), notUtf8}}}),
         {{"scene", {longText(32), "!#$&'()*+,/:;=?@-._~"}}}});
    add({"img.aiCrop",
         {Fields{{"img", fileJson(pngBytes)}}},
         plus(imageRows(), {{"ratios", {"", "1,2,3,4,5,6", "1;2", "1, 2", "a", longText(65), notUtf8}}}),
         {{"ratios", {"1", "1,2.35", "1,2,3,4,5"}}, {"img.value", {bytesJson(longText(2 * 1024 * 1024 - 1))}}}});
    add({"img.aiCrop", {json(R"({"imgUrl":"https://a.example/x.png"})")}, urlRows("imgUrl")});
    add({"img.scanQRCode", {Fields{{"img", fileJson(jpegBytes, "image/jpeg")}}}, imageRows()});
    add({"img.scanQRCode", {json(R"({"imgUrl":"https://a.example/x.png"})")}, urlRows("imgUrl")});
    add({"img.superresolution", {Fields{{"img", fileJson(jpegBytes, "image/jpeg")}}}, imageRows()});
    add({"img.superresolution", {json(R"({"imgUrl":"https://a.example/x.png"})")}, urlRows("imgUrl")});
    add({"subscribeMessage.send",
         {json(R"({"touser":"o","templateId":"t","data":{"thing1":{"value":"季卡"},"character_string1":{"value":"A_b"}}})"),
          json(
              R"({"touser":"o","templateId":"t","page":"p?a=1","data":{"camelCase_x":{"value":""}},"miniprogramState":"trial","lang":"zh_TW"})")},
         plus(tokenRows(), {{"touser", noText},
                            {"templateId", noText},
                            {"page", {"", longText(1025)}},
                            {"data", {std::nullopt, Fields{}, Json::Array{}, "x", 1}},
                            {"data.thing1", {Fields{}, "季卡", Fields{{"value", 1}}, Fields{{"Value", "x"}}, Json::Array{}}},
                            {"data.thing1", {Fields{{"value", notUtf8}}}, ""},
                            {"data.thing1.value", {"\x01"}},
                            {"miniprogramState", {"", "release", "Formal"}},
                            {"lang", {"", "zh-CN", "en"}}})});
    add({"phonenumber.getPhoneNumber",
         {json(R"({"code":"c"})"), json(R"({"code":"c","openid":"o"})")},
         plus(tokenRows(), {{"code", noText}, {"openid", {"", longText(129)}}})});
    add({"security.msgSecCheck",
         {json(R"({"content":"文本","version":2,"scene":1,"openid":"o"})"),
          json(R"({"content":"c","version":2,"scene":1,"openid":"o","title":"t","nickname":"n","signature":"s"})")},
         plus(tokenRows(), {{"content", {std::nullopt, "", wide(2501), notUtf8}},
                            {"version", {1, 3, 0}},
                            {"scene", {std::nullopt, 0, 5, -1}},
                            {"openid", noText},
                            {"title", {"", wide(2501)}},
                            {"nickname", {"", notUtf8}},
                            {"signature", {"", notUtf8}}}),
         {{"content", {wide(2500)}}, {"scene", {2, 3, 4}}}});
    add({"security.msgSecCheck",
         {json(R"({"content":"文本","version":2,"scene":2,"openid":"o"})")},
         {{"signature", {"only with scene 1"}}}});
    add({"security.mediaCheckAsync",
         {json(R"({"mediaUrl":"https://a.example/x","mediaType":2,"version":2,"scene":4,"openid":"o"})")},
         plus(plus(tokenRows(), urlRows("mediaUrl")),
              {{"mediaType", {std::nullopt, 0, 3}}, {"version", {1}}, {"scene", {0, 5}}, {"openid", noText}})});
    const std::vector<std::optional<Json>> noQuery{longText(513), "a b", "码", "a\nb", "a|b", "a\"b"};
    add({"urlscheme.generate",
         {Fields{}, json(R"({"jumpWxa":{"path":"pages/index","query":"a=1&b=%E7%A0%81","envVersion":"trial"}})"),
          json(R"({"isExpire":true,"expireType":1,"expireInterval":30})"),
          Fields{{"isExpire", true}, {"expireType", 0}, {"expireTime", inDays(29)}}},
         plus(plus(tokenRows(), endRows()), {{"jumpWxa.path", {"", "p?a=1", longText(1025), notUtf8}},
                                             {"jumpWxa.query", noQuery},
                                             {"jumpWxa.envVersion", {"", "prod"}}}),
         {{"jumpWxa.query", {longText(512), "!#$&'()*+,/:;=?@-._~%"}}, {"expireTime", {inDays(1)}}}});
    add({"urlscheme.generate",
         {json(R"({"expireType":1,"expireInterval":1})")},
         {{"expireTime", {inDays(1)}, "expireType"}, {"expireInterval", {std::nullopt}}}});
    add({"urllink.generate",
         {Fields{}, json(R"({"path":"p","query":"a=1","expireType":1,"expireInterval":7,"envVersion":"release",
           "cloudBase":{"env":"e","resourceAppid":"a"}})")},
         plus(plus(tokenRows(), endRows()), {{"path", {"", "p?a=1", longText(1025)}},
                                             {"query", noQuery},
                                             {"envVersion", {"", "prod"}},
                                             {"cloudBase", {"x", 1, Json::Array{}}}})});
    add(shipping());
    add({"order.getOrder",
         {json(R"({"merchantId":"m","merchantTradeNo":"A1"})"), json(R"({"transactionId":"42","subMerchantId":"s"})")},
         plus(tokenRows(), {{"merchantId", {std::nullopt, "", longText(33)}},
                            {"merchantTradeNo", {std::nullopt}, "transactionId"},
                            {"merchantTradeNo", {"", longText(65)}},
                            {"transactionId", {"", longText(65), notUtf8}},
                            {"subMerchantId", {"", longText(33)}}})});
    return made;
  }();
  return all;
}

/// An attempt each, on a network without answers.
struct Unanswered : ServiceFixture {
  Unanswered() : ServiceFixture{serviceConfig(), 1} {}

  /// The one request that `request` becomes.
  HttpRequest sentFor(const std::string& method, const Json& request) {
    script({});
    const auto error = serviceError(*this, method, request);
    BOOST_TEST(toString(error.errc()) == "connect", error.what());
    BOOST_TEST_REQUIRE(sent().size() == 1u);
    return sent().front();
  }

  void expectRefused(const std::string& method, const Json& request, std::string_view field) {
    script({});
    const auto error = serviceError(*this, method, request);
    BOOST_TEST(toString(error.errc()) == "invalidArgument", error.what());
    BOOST_TEST(toString(error.outcome()) == "notSent");
    BOOST_TEST(std::string_view{error.what()}.starts_with(field), "message: " << error.what());
    BOOST_TEST(!error.retryable());
    BOOST_TEST(sent().empty());
  }
};

std::string shown(const std::optional<Json>& value) {
  if (!value) return "absent";
  const auto* text = value->string();
  if (text != nullptr) return text->substr(0, 40);
  return std::string{value->integer() == nullptr ? value->kind() : value->json()};
}

/// What a request without defaults becomes in a body, by rules of this test's own.
Json bodyOf(const std::string& method, const Json& request) {
  const auto snake = marshal::snakeNames(request);
  return method == "subscribeMessage.send" ? withValue(snake, "data", *request.find("data")) : snake;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin_services_parameters)

BOOST_AUTO_TEST_CASE(refused_before_sending) {
  Unanswered fixture;
  for (const auto& method : methods()) {
    for (const auto& row : method.bad) {
      for (const auto& value : row.values) {
        BOOST_TEST_CONTEXT(method.name << ' ' << row.path << " = " << shown(value)) {
          fixture.expectRefused(method.name, withValue(method.good.front(), row.path, value), row.field ? row.field : row.path);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_method_is_here) {
  for (const auto& [name, call] : serviceCases()) {
    const auto found =
        std::find_if(methods().begin(), methods().end(), [&](const Method& method) { return method.name == name; });
    BOOST_TEST((found != methods().end() || name == "auth.getAccessToken"), name);
  }
}

BOOST_AUTO_TEST_CASE(at_the_edge_of_what_is_allowed) {
  Unanswered fixture;
  for (const auto& method : methods()) {
    for (const auto& row : method.fine) {
      for (const auto& value : row.values) {
        BOOST_TEST_CONTEXT(method.name << ' ' << row.path << " = " << shown(value)) {
          fixture.sentFor(method.name, withValue(method.good.front(), row.path, value));
        }
      }
    }
  }
}

/// What is absent is not on the wire, what is given is, and nothing else.
BOOST_AUTO_TEST_CASE(only_what_was_given_is_sent) {
  Unanswered fixture;
  for (const auto& method : methods()) {
    for (const auto& good : method.good) {
      BOOST_TEST_CONTEXT(method.name << ' ' << good.json().substr(0, 200)) {
        const auto sent = fixture.sentFor(method.name, good);
        if (sent.headers.get("Content-Type").starts_with("application/json")) {
          BOOST_TEST(sameJson(Json::parse(sent.body), bodyOf(method.name, good)), sent.body);
          BOOST_TEST(queryOf(sent).size() == 1u);
        } else if (sent.method == "GET" && !method.name.starts_with("auth.")) {
          BOOST_TEST(queryOf(sent).size() == good.object()->size() + 1);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(scene_takes_these_characters_and_no_other) {
  Unanswered fixture;
  const std::string allowed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$&'()*+,/:;=?@-._~";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string scene = std::string{"a"} + static_cast<char>(byte) + "z";
    const Json request = Fields{{"scene", scene}};
    BOOST_TEST_CONTEXT("byte " << byte) {
      if (allowed.find(static_cast<char>(byte)) == std::string::npos) {
        fixture.expectRefused("wxacode.getUnlimited", request, "scene");
      } else {
        BOOST_TEST(*Json::parse(fixture.sentFor("wxacode.getUnlimited", request).body).find("scene") == Json{scene});
      }
    }
  }
}

/// The calendar, on a day of the test's own.
BOOST_AUTO_TEST_CASE(periods) {
  using std::chrono::sys_days;
  using weixin::Period;
  using namespace std::chrono_literals;
  // 2024-03-01 00:00 in GMT+8
  const std::chrono::system_clock::time_point firstOfMarch = sys_days{2024y / 2 / 29} + 16h;
  struct {
    Period period;
    const char* begin;
    const char* end;
    std::chrono::seconds later;
    const char* field;  ///< empty: taken
  } const rows[] = {
      {Period::day, "20240229", "20240229", 0s, ""},
      {Period::day, "20240229", "20240229", -1s, "endDate"},
      {Period::day, "20240301", "20240301", 0s, "endDate"},
      {Period::day, "20240301", "20240301", 24h, ""},
      {Period::day, "20230229", "20230229", 0s, "beginDate"},
      {Period::day, "19000229", "19000229", 0s, "beginDate"},
      {Period::day, "20000229", "20000229", 0s, ""},
      {Period::month, "20240201", "20240229", 0s, ""},
      {Period::month, "20240201", "20240229", -1s, "endDate"},
      {Period::month, "20240201", "20240228", 0s, "endDate"},
      {Period::month, "20230201", "20230228", 0s, ""},
      {Period::month, "20231201", "20231231", 0s, ""},
      {Period::month, "20231101", "20231130", 0s, ""},
      {Period::month, "20231101", "20231201", 0s, "endDate"},
      {Period::month, "20230101", "20231231", 0s, "endDate"},
      {Period::month, "20240301", "20240331", 0s, "endDate"},
      {Period::week, "20240219", "20240225", 0s, ""},
      {Period::week, "20240226", "20240303", 0s, "endDate"},
      {Period::week, "20240226", "20240303", 72h, ""},
      {Period::week, "20240226", "20240303", 71h, "endDate"},
      {Period::week, "20201228", "20210103", 0s, ""},
      {Period::week, "20240220", "20240226", 0s, "beginDate"},
      {Period::week, "20240218", "20240224", 0s, "beginDate"},
      {Period::portrait, "20240229", "20240229", 0s, ""},
      {Period::portrait, "20240223", "20240229", 0s, ""},
      {Period::portrait, "20240131", "20240229", 0s, ""},
      {Period::portrait, "20240222", "20240229", 0s, "endDate"},
      {Period::portrait, "20240224", "20240301", 0s, "endDate"},
      {Period::portrait, "20240229", "20240228", 0s, "endDate"},
  };
  for (const auto& row : rows) {
    weixin::AnalysisRequest request;
    request.beginDate = row.begin;
    request.endDate = row.end;
    BOOST_TEST_CONTEXT(row.begin << '-' << row.end << ' ' << row.later.count()) {
      const auto check = [&] { weixin::checkPeriod(row.period, request, firstOfMarch + row.later); };
      if (std::string{row.field}.empty()) {
        BOOST_CHECK_NO_THROW(check());
      } else {
        const auto error = errorOf(check);
        BOOST_TEST(std::string_view{error.what()}.starts_with(row.field), error.what());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(yesterday_is_taken) {
  Unanswered fixture;
  // Two days ago, so that the test may run over midnight.
  const auto day = formatGmt8(std::chrono::system_clock::now() - std::chrono::hours{48}, "%Y%m%d");
  fixture.sentFor("analysis.getVisitPage", Fields{{"beginDate", day}, {"endDate", day}});
}

BOOST_AUTO_TEST_CASE(shipping_rules) {
  const auto good = shipping().good.front();
  const auto parcel = *good.find("shippingList")->array()->begin();
  const auto split = withValue(withValue(good, "deliveryMode", 2), "isAllDelivered", true);
  Unanswered fixture;
  const std::string method = "order.uploadShippingInfo";
  fixture.expectRefused(method, withValue(split, "shippingList", Json::Array(16, parcel)), "shippingList");
  fixture.expectRefused(method, withValue(split, "shippingList", Json::Array{}), "shippingList");
  for (const int type : {2, 3, 4}) fixture.expectRefused(method, withValue(split, "logisticsType", type), "deliveryMode");
  auto three = Json::Array(3, parcel);
  three[2] = withValue(parcel, "itemDesc", "");
  fixture.expectRefused(method, withValue(split, "shippingList", three), "shippingList[2].itemDesc");
  for (const int count : {1, 2, 15}) {
    const auto sent =
        fixture.sentFor(method, withValue(split, "shippingList", Json::Array(static_cast<std::size_t>(count), parcel)));
    BOOST_TEST(Json::parse(sent.body).find("shipping_list")->array()->size() == static_cast<std::size_t>(count));
  }
  const auto noTime = fixture.sentFor(method, withValue(good, "uploadTime", std::nullopt));
  const auto time = *Json::parse(noTime.body).find("upload_time")->string();
  BOOST_TEST(time.size() == 29u);
  BOOST_TEST(time.ends_with("+08:00"));
  std::chrono::system_clock::time_point read;
  BOOST_TEST_REQUIRE(parseGmt8(time.substr(0, 10) + ' ' + time.substr(11, 8), read));
  BOOST_TEST(std::chrono::abs(std::chrono::system_clock::now() - read).count() <
             std::chrono::system_clock::duration{std::chrono::minutes{10}}.count());
}

BOOST_AUTO_TEST_CASE(data_of_subscribe_messages_is_sent_verbatim) {
  Unanswered fixture;
  const std::string data =
      R"({"thing1":{"value":"季卡 <b>"},"character_string1":{"value":"A_b"},"phone_number2":{"value":"+86 1"},"carNumber_3X":{"value":"粤","colorHint":"a_b"}})";
  const Json request = Fields{{"touser", "o"}, {"templateId", "t"}, {"data", Json::parse(data)}};
  const auto sent = fixture.sentFor("subscribeMessage.send", request);
  BOOST_TEST(sent.body == R"({"touser":"o","template_id":"t","data":)" + data + "}");
}

BOOST_AUTO_TEST_CASE(texts_go_out_as_they_are) {
  Unanswered fixture;
  const std::string text = "中文 😀 \u2028 <a href=\\\"https://x/?a=1&b=2\\\">';/ \x7F é\\n\\t\\\\";
  const std::string body = R"({"touser":"o","msgtype":"text","text":{"content":")" + text + R"("}})";
  const auto sent = fixture.sentFor("customerServiceMessage.send", Json::parse(body));
  BOOST_TEST(sent.body == body);
}

BOOST_AUTO_TEST_CASE(numbers_are_exact) {
  Unanswered fixture;
  auto request = Json::parse(
      R"({"touser":"o","command":"Typing","someId":9007199254740993,"most":9223372036854775807,"least":-9223372036854775808,)"
      R"("price":0.60,"huge":1e400,"deep":{"innerIds":[3248682510344192008]},"none":null})");
  const auto sent = fixture.sentFor("customerServiceMessage.setTyping", request);
  BOOST_TEST(sent.body ==
             R"({"touser":"o","command":"Typing","some_id":9007199254740993,"most":9223372036854775807,)"
             R"("least":-9223372036854775808,"price":0.60,"huge":1e400,"deep":{"inner_ids":[3248682510344192008]}})");
  const auto inQuery = fixture.sentFor("customerServiceMessage.getTempMedia",
                                       Json::parse(R"({"mediaId":"m","someId":9007199254740993,"price":0.60,"flag":true})"));
  BOOST_TEST(valueOf(queryOf(inQuery), "some_id") == "9007199254740993");
  BOOST_TEST(valueOf(queryOf(inQuery), "price") == "0.60");
  BOOST_TEST(valueOf(queryOf(inQuery), "flag") == "true");
}

BOOST_AUTO_TEST_CASE(queries_are_percent_encoded) {
  Unanswered fixture;
  const std::string odd = "a+b/c=d&e f#g%41\"码\r\n";
  const auto sent = fixture.sentFor("customerServiceMessage.getTempMedia", Fields{{"mediaId", odd}});
  BOOST_TEST(sent.url.find_first_of(" \"\r\n#+") == std::string::npos);
  BOOST_TEST(valueOf(queryOf(sent), "media_id") == odd);
  BOOST_TEST(sent.url.find("&media_id=a%2Bb%2Fc%3Dd%26e") != std::string::npos, sent.url);
}

BOOST_AUTO_TEST_CASE(objects_cannot_stand_in_a_query) {
  Unanswered fixture;
  fixture.expectRefused("customerServiceMessage.getTempMedia", json(R"({"mediaId":"m","someThing":{"a":1}})"), "someThing");
  fixture.expectRefused("img.scanQRCode", json(R"({"imgUrl":"https://a.example/","someThing":[1]})"), "someThing");
}

template <class Request>
void expectNoTokenInExtra(Unanswered& fixture, const char* method, Request request,
                          const std::function<void(Weixin&, const Request&)>& call) {
  for (const char* name : {"accessToken", "access_token"}) {
    request.extra = Fields{{"other", 1}, {name, "SECRET-TOKEN"}};
    fixture.script({});
    const auto error = errorOf([&] { call(fixture.weixin, request); });
    BOOST_TEST(toString(error.errc()) == "invalidArgument");
    BOOST_TEST(error.method() == method);
    BOOST_TEST(std::string_view{error.what()}.starts_with("extra.accessToken"), error.what());
    BOOST_TEST(std::string_view{error.what()}.find("SECRET-TOKEN") == std::string_view::npos);
    BOOST_TEST(fixture.sent().empty());
  }
}

BOOST_AUTO_TEST_CASE(no_token_in_extra) {
  using namespace weixin;
  Unanswered fixture;
  AnalysisRequest body;
  body.beginDate = body.endDate = "20170313";
  expectNoTokenInExtra<AnalysisRequest>(fixture, "analysis.getVisitPage", body,
                                        [](Weixin& weixin, const auto& request) { wait(weixin.analysis.getVisitPage(request)); });
  GetTempMediaRequest query;
  query.mediaId = "m";
  expectNoTokenInExtra<GetTempMediaRequest>(
      fixture, "customerServiceMessage.getTempMedia", query,
      [](Weixin& weixin, const auto& request) { wait(weixin.customerServiceMessage.getTempMedia(request)); });
  ScanQRCodeRequest byUrl;
  byUrl.imgUrl = "https://a.example/";
  expectNoTokenInExtra<ScanQRCodeRequest>(fixture, "img.scanQRCode", byUrl,
                                          [](Weixin& weixin, const auto& request) { wait(weixin.img.scanQRCode(request)); });
  UploadTempMediaRequest upload;
  upload.media.contentType = "image/png";
  upload.media.value.data = pngBytes;
  expectNoTokenInExtra<UploadTempMediaRequest>(
      fixture, "customerServiceMessage.uploadTempMedia", upload,
      [](Weixin& weixin, const auto& request) { wait(weixin.customerServiceMessage.uploadTempMedia(request)); });
}

BOOST_AUTO_TEST_CASE(extra_must_be_utf8) {
  Unanswered fixture;
  const auto day = withValue(analysisDay, "note", notUtf8);
  fixture.expectRefused("analysis.getVisitPage", day, "note");
  fixture.expectRefused("customerServiceMessage.getTempMedia", Fields{{"mediaId", "m"}, {"note", notUtf8}}, "note");
  fixture.expectRefused("img.scanQRCode", Fields{{"imgUrl", "https://a.example/"}, {"note", notUtf8}}, "note");
  fixture.expectRefused("analysis.getVisitPage", withValue(analysisDay, notUtf8, 1), "extra");
}

/// A file's name: its own, or the time and the type.
BOOST_AUTO_TEST_CASE(names_of_files) {
  const std::pair<const char*, const char*> rows[] = {
      {"image/png", ".png"}, {"image/jpeg", ".jpg"}, {"image/jpg", ".jpg"}, {"image/gif", ".gif"}};
  Unanswered fixture;
  for (const auto& [type, extension] : rows) {
    const auto sent = fixture.sentFor("customerServiceMessage.uploadTempMedia", Fields{{"media", fileJson(pngBytes, type)}});
    const auto parts = codec::parseMultipart(sent.headers.get("Content-Type"), sent.body);
    BOOST_TEST_REQUIRE(parts.size() == 1u);
    BOOST_TEST_REQUIRE(parts[0].filename.has_value());
    BOOST_TEST(parts[0].filename->ends_with(extension), *parts[0].filename);
    BOOST_TEST(parts[0].filename->find_first_not_of("0123456789") == 13u);
    BOOST_TEST(sent.body.find("filename*") == std::string::npos);
  }
  const auto named =
      fixture.sentFor("customerServiceMessage.uploadTempMedia",
                      Fields{{"media", withValue(fileJson(pngBytes), "filename", "Photo_1.png")}, {"lastFlag", true}});
  BOOST_TEST(*codec::parseMultipart(named.headers.get("Content-Type"), named.body).front().filename == "Photo_1.png");
  BOOST_TEST(valueOf(queryOf(named), "last_flag") == "true");
}

BOOST_AUTO_TEST_CASE(secret_is_needed_for_login_and_tokens_only) {
  auto config = serviceConfig();
  config.secret.reset();
  ServiceFixture fixture{config, 1};
  const std::pair<const char*, Json> rows[] = {{"auth.code2Session", json(R"({"code":"c"})")},
                                               {"auth.getOpenid", json(R"({"code":"c"})")},
                                               {"auth.getAccessToken", Fields{}}};
  for (const auto& [method, request] : rows) {
    fixture.script({});
    const auto error = serviceError(fixture, method, request);
    BOOST_TEST(toString(error.errc()) == "config", error.what());
    BOOST_TEST(std::string_view{error.what()}.starts_with("secret"), error.what());
    BOOST_TEST(fixture.sent().empty());
  }
  fixture.script({answerOf(R"({"list":[]})")});
  callService(fixture, "analysis.getDailySummary", analysisDay);
  ServiceFixture tokenless{weixinConfig(), 1};
  const auto error = serviceError(tokenless, "analysis.getDailySummary", analysisDay);
  BOOST_TEST(toString(error.errc()) == "config");
  BOOST_TEST(std::string_view{error.what()}.find("secret") != std::string_view::npos, error.what());
  BOOST_TEST(toString(error.outcome()) == "notSent");
}

BOOST_AUTO_TEST_CASE(configurations) {
  const auto refused = [](const std::function<void(WeixinConfig&)>& change, std::string_view word) {
    auto config = serviceConfig();
    change(config);
    const auto error = errorOf([&] { const ServiceFixture fixture{config}; });
    BOOST_TEST(toString(error.errc()) == "config");
    BOOST_TEST(std::string_view{error.what()}.find(word) != std::string_view::npos, error.what());
  };
  refused([](WeixinConfig& config) { config.accessToken = ""; }, "accessToken");
  refused([](WeixinConfig& config) { config.accessToken = longText(2049); }, "accessToken");
  refused([](WeixinConfig& config) { config.timeout = 0; }, "timeout");
  refused([](WeixinConfig& config) { config.timeout = 600'001; }, "timeout");
  auto config = serviceConfig();
  config.apiBaseUrl = "http://127.0.0.1:8080/";
  ServiceFixture fixture{config};
  fixture.script({answerOf(R"({"list":[]})")});
  callService(fixture, "analysis.getDailySummary", analysisDay);
  BOOST_TEST(fixture.sent().front().url.starts_with("http://127.0.0.1:8080/datacube/"), fixture.sent().front().url);
  auto tokenOnly = ownTokenConfig();
  ServiceFixture plain{tokenOnly, 1};
  const auto error = serviceError(plain, "auth.getAccessToken", json(R"({"forceRefresh":true})"));
  BOOST_TEST(toString(error.errc()) == "connect");
  tokenOnly.stableToken = false;
  ServiceFixture classic{tokenOnly, 1};
  const auto unforced = serviceError(classic, "auth.getAccessToken", json(R"({"forceRefresh":true})"));
  BOOST_TEST(toString(unforced.errc()) == "invalidArgument");
  BOOST_TEST(std::string_view{unforced.what()}.starts_with("forceRefresh"), unforced.what());
}

BOOST_AUTO_TEST_SUITE_END()
