#pragma once

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>
#include <gateways/platform.hpp>
#include <openapi/error.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// A Bmob client without a library: it writes requests and reads answers by hand, without a socket.
namespace bmob_bench {

using namespace openapi;
using namespace openapi::gateway;
using Query = codec::FormFields;

struct Answer {
  Reply reply{};
  Json json{};
  [[nodiscard]] std::int64_t code() const {
    const auto* value = json.find("code");
    return value == nullptr || value->integer() == nullptr ? 0 : *value->integer();
  }
  /// A member as text; empty when it is absent.
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto* value = json.find(name);
    if (value == nullptr) return {};
    return value->string() != nullptr ? *value->string() : value->json();
  }
  [[nodiscard]] std::string error() const { return text("error"); }
  /// `results`, an empty list when it is absent.
  [[nodiscard]] Json::Array results() const {
    const auto* list = json.find("results");
    return list == nullptr || list->array() == nullptr ? Json::Array{} : *list->array();
  }
};

inline BmobIdentity testIdentity() {
  return {.applicationId = "app0123456789",
          .restApiKey = "rest0123456789",
          .secretKey = "0123456789abcdef",
          .safeCode = "123456",
          .masterKey = "master0123456789",
          .smsCode = "654321"};
}

struct Bench {
  Time systemNow = *parseReadableTime("2024-01-02 11:04:08");
  Clock clock{[this] { return systemNow; }};
  Database database;
  Notifier notifier{clock, database, 1, [](const NotifyAttempt&, auto) {}, [] {}};
  BmobIdentity identity = testIdentity();
  std::unique_ptr<Platform> platform;
  std::string session{};  ///< `X-Bmob-Session-Token` of what is sent
  bool isMaster = false;

  explicit Bench(const std::string& file = {}) : database{file} {
    platform = makeBmobPlatform(identity, {clock, database, notifier});
  }

  void advance(std::chrono::milliseconds by) { systemNow += by; }

  Answer handle(const Request& request) const {
    Answer answer{platform->handle(request), {}};
    if (answer.reply.contentType.starts_with("application/json")) answer.json = Json::parse(answer.reply.body);
    return answer;
  }

  [[nodiscard]] Request plain(const std::string& method, const std::string& path, const std::string& body = {}) const {
    Request request{.method = method, .path = path, .body = body};
    request.headers = {{"Host", "127.0.0.1:9"},
                       {"X-Bmob-Application-Id", identity.applicationId},
                       {"X-Bmob-REST-API-Key", identity.restApiKey},
                       {"Content-Type", "application/json"}};
    if (!session.empty()) request.headers.add("X-Bmob-Session-Token", session);
    if (isMaster) request.headers.add("X-Bmob-Master-Key", identity.masterKey);
    const auto mark = path.find('?');
    if (mark != std::string::npos) {
      request.query = path.substr(mark + 1);
      request.path = path.substr(0, mark);
    }
    return request;
  }

  Answer get(const std::string& path, const Query& query = {}) const {
    return handle(plain("GET", path + (query.empty() ? "" : "?" + codec::writeForm(query))));
  }
  Answer post(const std::string& path, const std::string& body) const { return handle(plain("POST", path, body)); }
  Answer put(const std::string& path, const std::string& body) const { return handle(plain("PUT", path, body)); }
  Answer remove(const std::string& path) const { return handle(plain("DELETE", path, "{}")); }

  /// The same client as somebody else.
  template <class Work>
  auto as(const std::string& token, Work work) {
    const auto before = std::exchange(session, token);
    auto result = work();
    session = before;
    return result;
  }
  template <class Work>
  auto asMaster(Work work) {
    isMaster = true;
    auto result = work();
    isMaster = false;
    return result;
  }

  /// A new row; gives its id.
  std::string row(const std::string& name, const std::string& body) const {
    const auto answer = post("/1/classes/" + name, body);
    BOOST_TEST(answer.reply.status == 201, answer.reply.body);
    return answer.text("objectId");
  }
  /// What a query finds.
  Answer find(const std::string& name, const std::string& where, Query more = {}) const {
    if (!where.empty()) more.emplace_back("where", where);
    return get("/1/classes/" + name, more);
  }

  struct User {
    std::string id{};
    std::string token{};
  };
  User registerUser(const std::string& name, const std::string& password = "pw") const {
    const auto answer = post("/1/users", Json{Fields{{"username", name}, {"password", password}}}.json());
    BOOST_TEST(answer.reply.status == 201, answer.reply.body);
    return {answer.text("objectId"), answer.text("sessionToken")};
  }
};

}  // namespace bmob_bench
