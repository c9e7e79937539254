// Every record of the published documents of WeChat's mini-program services: what goes out, and what is made of the answer.
#include <boost/test/unit_test.hpp>

#include <support/weixin_services.hpp>

#include <codec/multipart.hpp>
#include <marshal/names.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

namespace {

/// What a record does not say.
struct Known {
  std::vector<std::string> requests{};  ///< in public spelling, beside those of the record
  /// Requests of the documents that are wrong, with the field that is named; they show an error that comes back.
  std::map<std::string, std::string> refused{};
  std::map<std::string, std::string> constants{};  ///< what the library adds
  bool image = false;
};

const std::map<std::string, Known>& knownMethods() {
  const std::map<std::string, std::string> login{
      {"appid", "wx2421b1c4370ec43b"}, {"secret", appSecret}, {"grant_type", "authorization_code"}};
  const std::map<std::string, std::string> credential{
      {"appid", "wx2421b1c4370ec43b"}, {"secret", appSecret}, {"grant_type", "client_credential"}};
  const auto upload = [](const std::string& member, const std::string& others = {}) {
    return R"({)" + others + R"(")" + member + R"(":)" + fileJson(pngBytes).json() + "}";
  };
  const std::string byUrl = R"({"imgUrl":"https://img.example/a b.png?x=1&y=码"})";
  const std::string escapedUrl = R"({"imgUrl":"https://img.example/a%20b.png?x=1&y=%E7%A0%81"})";
  static const std::map<std::string, Known> known{
      {"auth.getOpenid", {{R"({"code":"033MQ+/=&l Ga1"})"}, {}, login}},
      {"auth.code2Session", {{R"({"code":"033MQ+/=&l Ga1"})"}, {}, login}},
      {"auth.getAccessToken", {{"{}"}, {}, credential}},
      {"auth.getPaidUnionId",
       {{R"({"openid":"oGZ","transactionId":"4200001"})", R"({"openid":"oGZ","mchId":"10000100","outTradeNo":"A-1"})"},
        {{R"({"openid":"","transactionId":"","mchId":"","outTradeNo":""})", "openid"}}}},
      {"analysis.getDailyRetain", {}},
      {"analysis.getWeeklyRetain", {}},
      {"analysis.getMonthlyRetain", {}},
      {"analysis.getDailySummary", {}},
      {"analysis.getDailyVisitTrend", {}},
      {"analysis.getWeeklyVisitTrend", {}},
      {"analysis.getMonthlyVisitTrend", {}},
      {"analysis.getUserPortrait", {}},
      {"analysis.getVisitDistribution", {}},
      {"analysis.getVisitPage", {}},
      {"customerServiceMessage.getTempMedia", {}},
      {"customerServiceMessage.send",
       {{R"({"touser":"OPENID","msgtype":"link","link":{"title":"标题","description":"说明","url":"https://a.example/",)"
         R"("thumbUrl":"https://a.example/t.png"}})"}}},
      {"customerServiceMessage.setTyping", {{R"({"touser":"OPENID","command":"CancelTyping"})"}}},
      {"customerServiceMessage.uploadTempMedia",
       {{upload("media"), upload("media", R"("type":"image",)")}, {}, {{"type", "image"}}}},
      {"wxacode.createQRCode", {{}, {{R"({"path":"","width":430})", "path"}}, {}, true}},
      {"wxacode.get", {{}, {{R"({"path":"","envVersion":"release","width":280})", "path"}}, {}, true}},
      {"wxacode.getUnlimited",
       {{},
        {{R"({"page":"pages/index/index","scene":"a=1","checkPath":true,"envVersion":"release_error"})", "envVersion"}},
        {},
        true}},
      {"img.aiCrop", {{escapedUrl, upload("img"), upload("img", R"("ratios":"1,2.35",)")}, {{byUrl, "imgUrl"}}}},
      {"img.scanQRCode", {{escapedUrl, upload("img")}}},
      {"img.superresolution", {{escapedUrl, upload("img")}}},
  };
  return known;
}

const Json& records() {
  static const Json all = Json::parse(readFile(sourcePath("tests/fixtures/weixin-miniprogram/requirement_methods.json")));
  return all;
}

std::string text(const Json& json, std::string_view name) { return *json.find(name)->string(); }

/// One sample is written in JavaScript, with a text in backticks.
Json fromJavaScript(std::string source) {
  const auto begin = source.find('`');
  const auto end = source.rfind('`');
  BOOST_TEST_REQUIRE(begin < end);
  const auto inside = Json{source.substr(begin + 1, end - begin - 1)}.json();
  return Json::parse(source.replace(begin, end - begin + 1, inside));
}

std::vector<Json> samples(const Json& record, std::string_view name) {
  std::vector<Json> found;
  const Json* list = record.find(name);
  if (list == nullptr) return found;
  for (const auto& item : *list->array()) found.push_back(item.string() == nullptr ? item : fromJavaScript(*item.string()));
  return found;
}

/// Names in public spelling, at every depth, by rules of this test's own.
std::string camelName(const std::string& snake) {
  if (snake == "errcode") return "errCode";
  if (snake == "errmsg") return "errMsg";
  std::string name;
  for (std::size_t at = 0; at < snake.size(); ++at) {
    const bool hump = snake[at] == '_' && at + 1 < snake.size();
    name += hump ? static_cast<char>(std::toupper(static_cast<unsigned char>(snake[++at]))) : snake[at];
  }
  return name;
}

std::string snakeName(const std::string& camel) {
  std::string name;
  for (const char c : camel) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) name += '_';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

template <class Rename>
Json renamed(const Json& json, Rename rename) {
  if (json.object() != nullptr) {
    Fields fields;
    for (const auto& [name, value] : *json.object()) fields.set(rename(name), renamed(value, rename));
    return fields;
  }
  if (json.array() == nullptr) return json;
  Json::Array items;
  for (const auto& item : *json.array()) items.push_back(renamed(item, rename));
  return items;
}

Json publicOf(const Json& json) { return renamed(json, camelName); }
Json wireOf(const Json& json) { return renamed(json, snakeName); }

/// Everything in `part` is in `whole`, at every depth.
bool covers(const Json& whole, const Json& part) {
  if (part.object() != nullptr) {
    return whole.object() != nullptr && std::all_of(part.object()->begin(), part.object()->end(), [&](const Field& field) {
             const Json* value = whole.find(field.name);
             return value != nullptr && covers(*value, field.value);
           });
  }
  if (part.array() != nullptr) {
    return whole.array() != nullptr &&
           std::equal(whole.array()->begin(), whole.array()->end(), part.array()->begin(), part.array()->end(), covers);
  }
  return whole == part;
}

bool hasAny(const Json& sample, const std::vector<const char*>& names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return sample.find(name) != nullptr; });
}

bool looksLikeAnswer(const Json& sample) {
  return hasAny(sample, {"errcode", "errmsg", "errCode", "errMsg", "ref_date", "list", "access_token"});
}
bool looksLikeRequest(const Json& sample) {
  return hasAny(sample, {"begin_date", "touser", "path", "scene"}) ||
         (sample.object()->size() == 1 && sample.find("media_id") != nullptr);
}

bool contains(const std::vector<Json>& list, const Json& item) {
  return std::any_of(list.begin(), list.end(), [&](const Json& other) { return sameJson(item, other); });
}

void addOnce(std::vector<Json>& list, const std::vector<Json>& more) {
  for (const auto& item : more) {
    if (!contains(list, item)) list.push_back(item);
  }
}

/// A record, sorted: nothing of it is left over.
struct Record {
  explicit Record(const Json& record) : json{record}, method{text(record, "method")}, known{knownMethods().at(method)} {
    for (const auto& sample : samples(record, "https_samples")) {
      const bool answer = looksLikeAnswer(sample);
      BOOST_TEST(answer != looksLikeRequest(sample), "neither request nor answer: " << sample.json());
      const bool cloud = hasAny(sample, {"errCode", "errMsg"});
      if (cloud) BOOST_TEST(contains(samples(record, "cloud_response"), sample), "not a cloud answer: " << sample.json());
      if (!cloud) addOnce(answer ? answers : requests, {sample});
    }
    addOnce(requests, samples(record, "https_request"));
    addOnce(answers, samples(record, "https_response"));
    for (auto& request : requests) request = publicOf(request);
    addOnce(requests, samples(record, "cloud_request"));
    for (const auto& request : known.requests) addOnce(requests, {Json::parse(request)});
    for (const auto& request : known.refused) addOnce(requests, {Json::parse(request.first)});
  }

  [[nodiscard]] ScriptedTransport::Step goodAnswer() const {
    if (known.image) return answerOf(jpegBytes, "image/jpeg");
    const auto good = std::find_if(answers.begin(), answers.end(), [](const Json& answer) {
      const Json* code = answer.find("errcode");
      return code == nullptr || *code == Json{0};
    });
    BOOST_TEST_REQUIRE((good != answers.end()));
    return answerOf(good->json());
  }

  const Json& json;
  std::string method;
  const Known& known;
  std::vector<Json> requests{};  ///< in public spelling
  std::vector<Json> answers{};   ///< as on the wire
};

WeixinConfig classicConfig() {
  auto config = serviceConfig();
  config.stableToken = false;  // the record is that of /cgi-bin/token
  return config;
}

std::optional<std::string> refusedField(const Record& record, const Json& request) {
  for (const auto& [refused, field] : record.known.refused) {
    if (sameJson(Json::parse(refused), request)) return field;
  }
  return std::nullopt;
}

/// Names of `query` as the record writes them: `access_token`, `img_url?`.
void checkQuery(const Record& record, const HttpRequest& sent, std::set<std::string>& used) {
  std::set<std::string> allowed;
  for (const auto& item : *record.json.find("query")->array()) {
    auto name = *item.string();
    const bool optional = name.ends_with('?');
    if (optional) name.pop_back();
    allowed.insert(name);
    const auto value = valueOf(queryOf(sent), name);
    if (!optional) BOOST_TEST(!value.empty(), "no " << name << " in the query");
  }
  for (const auto& [name, value] : queryOf(sent)) {
    BOOST_TEST(allowed.count(name) == 1u, name << " does not belong into the query");
    used.insert(name);
    if (name == "access_token") BOOST_TEST(value == appToken);
    const auto constant = record.known.constants.find(name);
    if (constant != record.known.constants.end()) BOOST_TEST(value == constant->second);
  }
}

/// Each scalar of the request has its place in the query.
void checkQueryValues(const Json& request, const HttpRequest& sent) {
  for (const auto& [name, value] : *request.object()) {
    if (value.object() != nullptr || name == "ratios") continue;
    const auto wire = name == "code" ? "js_code" : snakeName(name);
    BOOST_TEST(valueOf(queryOf(sent), wire) == (value.string() == nullptr ? value.json() : *value.string()), "query: " << wire);
  }
}

void checkUpload(const std::string& member, const Json& request, const HttpRequest& sent, std::set<std::string>& used) {
  const auto parts = codec::parseMultipart(sent.headers.get("Content-Type"), sent.body);
  for (const auto& part : parts) {
    used.insert(part.name);
    if (part.name == member) {
      BOOST_TEST(std::string{part.content} == pngBytes);
      BOOST_TEST(part.contentType == "image/png");
      BOOST_TEST((part.filename && part.filename->size() == 17 && part.filename->ends_with(".png")));
    } else {
      BOOST_TEST(std::string{part.content} == text(request, part.name));
    }
  }
  BOOST_TEST(parts.size() == (request.find("ratios") == nullptr ? 1u : 2u));
}

void checkBody(const Record& record, const Json& request, const HttpRequest& sent, std::set<std::string>& used) {
  const Json& kind = *record.json.find("body");
  if (kind == Json{"json"}) {
    BOOST_TEST(sent.headers.get("Content-Type") == "application/json; charset=utf-8");
    BOOST_TEST(sameJson(Json::parse(sent.body), wireOf(request)),
               "sent: " << sent.body << "\nexpected: " << wireOf(request).json());
    BOOST_TEST(sent.body.find("\\u") == std::string::npos);
    return;
  }
  checkQueryValues(request, sent);
  if (kind.string() != nullptr) {
    const auto parts = kind.string()->substr(kind.string()->find(':') + 1);
    const auto member = parts.substr(0, parts.find(','));
    if (request.find(member) != nullptr) return checkUpload(member, request, sent, used);
  }
  BOOST_TEST(sent.body.empty());
  BOOST_TEST(sent.headers.empty());
}

/// What the record calls optional occurs somewhere.
void checkAllUsed(const Record& record, const std::set<std::string>& used) {
  std::vector<std::string> names;
  for (const auto& item : *record.json.find("query")->array()) names.push_back(*item.string());
  const Json& kind = *record.json.find("body");
  if (kind.string() != nullptr && kind.string()->starts_with("multipart:")) {
    auto rest = kind.string()->substr(10) + ',';
    for (; !rest.empty(); rest = rest.substr(rest.find(',') + 1)) names.push_back(rest.substr(0, rest.find(',')));
  }
  for (auto name : names) {
    if (name.ends_with('?')) name.pop_back();
    BOOST_TEST(used.count(name) == 1u, name << " is never used");
  }
}

void checkRequest(const Record& record, const Json& request, std::set<std::string>& used) {
  ServiceFixture fixture{classicConfig()};
  fixture.script({record.goodAnswer()});
  // A number of the sample is a text in the query anyway.
  const auto given =
      request.find("mediaId") == nullptr ? request : withValue(request, "mediaId", request.find("mediaId")->json());
  if (const auto field = refusedField(record, request)) {
    const auto error = serviceError(fixture, record.method, given);
    BOOST_TEST(toString(error.errc()) == "invalidArgument");
    BOOST_TEST(std::string_view{error.what()}.starts_with(*field), error.what());
    BOOST_TEST(fixture.sent().empty());
    return;
  }
  const auto result = callService(fixture, record.method, given);
  BOOST_TEST(*result.find("errCode") == Json{0});
  if (record.known.image) {
    BOOST_TEST(*result.find("contentType") == Json{"image/jpeg"});
    BOOST_TEST(*result.find("buffer") == bytesJson(jpegBytes));
  }
  BOOST_TEST_REQUIRE(fixture.sent().size() == 1u);
  const auto& sent = fixture.sent().front();
  BOOST_TEST(sent.method == text(record.json, "http"));
  BOOST_TEST(sent.url.starts_with("https://api.weixin.qq.com/"));
  BOOST_TEST(pathOf(sent) == text(record.json, "path"));
  checkQuery(record, sent, used);
  checkBody(record, given, sent, used);
}

void checkAnswer(const Record& record, const Json& answer) {
  ServiceFixture fixture{classicConfig()};
  fixture.script({answerOf(answer.json())});
  const auto request = std::find_if(record.requests.begin(), record.requests.end(),
                                    [&](const Json& candidate) { return !refusedField(record, candidate); });
  BOOST_TEST_REQUIRE((request != record.requests.end()));
  const auto given =
      request->find("mediaId") == nullptr ? *request : withValue(*request, "mediaId", request->find("mediaId")->json());
  const Json* code = answer.find("errcode");
  if (code != nullptr && *code != Json{0}) {
    const auto error = serviceError(fixture, record.method, given);
    BOOST_TEST(toString(error.errc()) == "rejected");
    BOOST_TEST(error.errCode() == code->json());
    BOOST_TEST(error.errMsg() == text(answer, "errmsg"));
    return;
  }
  const auto result = callService(fixture, record.method, given);
  BOOST_TEST(*result.find("errCode") == Json{0});
  const auto expected = publicOf(answer);
  BOOST_TEST(covers(result, expected), "result: " << result.json() << "\nexpected: " << expected.json());
  const auto bare = [](const Json& json) { return withValue(withValue(json, "errMsg", std::nullopt), "errCode", std::nullopt); };
  for (const auto& cloud : samples(record.json, "cloud_response")) {
    BOOST_TEST(sameJson(bare(result), bare(cloud)), "result: " << result.json() << "\ndocumented: " << cloud.json());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin_services_fixtures)

BOOST_AUTO_TEST_CASE(every_record_and_no_other_has_a_case) {
  std::set<std::string> recorded;
  for (const auto& record : *records().array()) {
    BOOST_TEST(recorded.insert(text(record, "method")).second);
    BOOST_TEST(serviceCases().count(text(record, "method")) == 1u, "no method for the record " << text(record, "method"));
  }
  std::set<std::string> known;
  for (const auto& item : knownMethods()) known.insert(item.first);
  BOOST_TEST(recorded == known, boost::test_tools::per_element());
  BOOST_TEST(recorded.size() == 24u);
}

BOOST_AUTO_TEST_CASE(requests) {
  for (const auto& json : *records().array()) {
    const Record record{json};
    BOOST_TEST_REQUIRE(!record.requests.empty());
    std::set<std::string> used;
    for (const auto& request : record.requests) {
      BOOST_TEST_CONTEXT(record.method << ' ' << request.json()) { checkRequest(record, request, used); }
    }
    BOOST_TEST_CONTEXT(record.method) { checkAllUsed(record, used); }
  }
}

BOOST_AUTO_TEST_CASE(answers) {
  for (const auto& json : *records().array()) {
    const Record record{json};
    BOOST_TEST_REQUIRE(!record.answers.empty());
    for (const auto& answer : record.answers) {
      BOOST_TEST_CONTEXT(record.method << ' ' << answer.json()) { checkAnswer(record, answer); }
    }
  }
}

/// Counted by hand: a sample that is lost on the way is noticed.
BOOST_AUTO_TEST_CASE(samples_of_the_longest_record) {
  const auto found = std::find_if(records().array()->begin(), records().array()->end(),
                                  [](const Json& json) { return text(json, "method") == "customerServiceMessage.send"; });
  BOOST_TEST_REQUIRE((found != records().array()->end()));
  BOOST_TEST(found->find("https_samples")->array()->size() == 22u);
  const Record record{*found};
  BOOST_TEST(record.requests.size() == 12u);  // eleven kinds, and the link that the record lacks
  BOOST_TEST(record.answers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(stable_token) {
  auto config = ownTokenConfig();
  BOOST_TEST(config.stableToken);
  ServiceFixture fixture{config};
  fixture.script(
      {answerOf(R"({"access_token":"STABLE","expires_in":345})"), answerOf(R"({"access_token":"NEWER","expires_in":7200})")});
  const auto result = callService(fixture, "auth.getAccessToken", Fields{});
  BOOST_TEST(result.json() == R"({"errCode":0,"errMsg":"ok","accessToken":"STABLE","expiresIn":345})");
  const auto forced = callService(fixture, "auth.getAccessToken", Fields{{"forceRefresh", true}});
  BOOST_TEST(*forced.find("accessToken") == Json{"NEWER"});
  BOOST_TEST_REQUIRE(fixture.sent().size() == 2u);
  const std::string body = R"({"grant_type":"client_credential","appid":"wx2421b1c4370ec43b","secret":")" + appSecret + '"';
  for (const auto& request : fixture.sent()) {
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == "https://api.weixin.qq.com/cgi-bin/stable_token");
    BOOST_TEST(request.headers.get("Content-Type") == "application/json; charset=utf-8");
  }
  BOOST_TEST(fixture.sent()[0].body == body + "}");
  BOOST_TEST(fixture.sent()[1].body == body + R"(,"force_refresh":true})");
}

BOOST_AUTO_TEST_SUITE_END()
