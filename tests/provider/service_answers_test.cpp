// Answers of WeChat's mini-program services as they should not be, and as they may be.
#include <boost/test/unit_test.hpp>

#include "every_service.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

namespace {

const std::string errorBody = R"({"errcode":40029,"errmsg":"invalid code, rid: 617682e0-09059a3f-6a1b2c3d"})";

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

}  // namespace

BOOST_AUTO_TEST_SUITE(service_answers)

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

BOOST_AUTO_TEST_SUITE_END()
