#pragma once

#include <codec/form.hpp>
#include <gateways/sandbox.hpp>
#include <http/client.hpp>
#include <openapi/transport.hpp>
#include <openapi/wait.hpp>

#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

/// A mini program's server without a library: it writes and reads HTTP by hand.
namespace weixin_api_bench {

using namespace openapi;
using namespace openapi::gateway;
using std::chrono::seconds;
using Query = codec::FormFields;

inline const std::string openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
inline const std::string otherOpenid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
inline const std::string appId = "wx2421b1c4370ec43b";
inline const std::string secret = "b2f1a4c97d3e48a1a6c05f1e8d7b9c32";

/// The member at the end of a path of names; `null` when there is none.
template <class... Names>
Json at(const Json& json, Names... names) {
  const Json* value = &json;
  for (const std::string_view name : {std::string_view{names}...}) {
    value = value == nullptr ? nullptr : value->find(name);
  }
  return value == nullptr ? Json{} : *value;
}

template <class... Names>
std::string text(const Json& json, Names... names) {
  const auto value = at(json, names...);
  return value.string() != nullptr ? *value.string() : value.isNull() ? std::string{} : value.json();
}

/// `errcode`, 0 where there is none.
inline std::int64_t code(const Json& json) {
  const auto value = at(json, "errcode");
  return value.integer() != nullptr ? *value.integer() : 0;
}

/// A file in a form.
inline std::string form(const std::string& disposition, const std::string& content, const std::string& boundary = "xyz") {
  return "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\nContent-Type: image/png\r\n\r\n" +
         content + "\r\n--" + boundary + "--\r\n";
}
inline const std::string formType = "multipart/form-data; boundary=xyz";

class Bench {
 public:
  explicit Bench(SandboxOptions options = {}) : sandbox{std::move(options)} {
    HttpOptions http;
    http.caFile = sandbox.urls().caFile;
    http.proxy = "";
    http.maxAttempts = 1;
    http.maxResponseBytes = 16 * 1024 * 1024;
    client_ = http::makeClient(http);
    // Ten in the morning, so that no test meets a midnight.
    const auto now = control("/clock", {{"advanceSeconds", 0}});
    const auto time = *parseReadableTime(text(now, "now"));
    advance(std::chrono::ceil<seconds>(startOfDay(time) + std::chrono::hours{34} - time).count());
  }

  HttpResponse send(const std::string& method, const std::string& path, const Query& query, const std::string& body = {},
                    const std::string& contentType = "application/json; charset=utf-8") const {
    HttpRequest request;
    request.method = method;
    request.url = sandbox.urls().weixinApi + path + (query.empty() ? "" : "?" + codec::writeForm(query));
    if (!body.empty()) request.headers.add("Content-Type", contentType);
    request.body = body;
    request.deadline = std::chrono::steady_clock::now() + seconds{60};
    return wait(client_->send(request));
  }

  Json json(const HttpResponse& response) const {
    BOOST_TEST(response.status == 200);
    return Json::parse(response.body);
  }

  Json get(const std::string& path, const Query& query) const { return json(send("GET", path, query)); }
  Json post(const std::string& path, const Query& query, const std::string& body) const {
    return json(send("POST", path, query, body));
  }

  /// With the token of the bench.
  Json ask(const std::string& path, Query query = {}) {
    query.insert(query.begin(), {"access_token", token()});
    return get(path, query);
  }
  Json tell(const std::string& path, const Json& body) { return post(path, {{"access_token", token()}}, body.json()); }
  std::int64_t codeOf(const std::string& path, const Json& body) { return code(tell(path, body)); }

  const std::string& token() {
    if (token_.empty()) token_ = stable();
    return token_;
  }
  void forgetToken() { token_.clear(); }

  Json stableAnswer(const Fields& more = {}) const {
    Fields body{{"grant_type", "client_credential"}, {"appid", appId}, {"secret", secret}};
    for (const auto& [name, value] : more) body.set(name, value);
    return post("/cgi-bin/stable_token", {}, Json{body}.json());
  }
  std::string stable(bool force = false) const {
    return text(stableAnswer(force ? Fields{{"force_refresh", true}} : Fields{}), "access_token");
  }
  Json classicAnswer(const std::string& grant = "client_credential", const std::string& app = appId,
                     const std::string& key = secret) const {
    return get("/cgi-bin/token", {{"grant_type", grant}, {"appid", app}, {"secret", key}});
  }
  std::string classic() const { return text(classicAnswer(), "access_token"); }

  /// What a token is good for: the code of a harmless call.
  std::int64_t tokenCode(const std::string& token) const {
    return code(get("/cgi-bin/getcallbackip", {{"access_token", token}}));
  }

  Json loginAnswer(const std::string& jsCode, const std::string& app = appId) const {
    return get("/sns/jscode2session",
               {{"appid", app}, {"secret", secret}, {"js_code", jsCode}, {"grant_type", "authorization_code"}});
  }

  Json control(const std::string& route, Fields input = {}) {
    input.set("provider", "weixinApi");
    return sandbox.control("POST", route, input);
  }
  void set(const std::string& name, const Json& value) { control("/settings", {{name, value}}); }
  void advance(std::int64_t by) { sandbox.control("POST", "/clock", Fields{{"advanceSeconds", by}}); }
  Time now() { return *parseReadableTime(text(sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 0}}), "now")); }
  /// To the beginning of the platform's next minute: then there is a minute of real time without another one.
  void nextMinute() { advance(60 - now().time_since_epoch().count() / 1000 % 60); }

  Sandbox sandbox;

 private:
  std::shared_ptr<Transport> client_;
  std::string token_;
};

/// The server that messages are pushed to: answers with what the test says, and lets it wait for what came.
class Receiver {
 public:
  Receiver()
      : server_{std::make_unique<HttpServer>(context_.get_executor(), std::uint16_t{0}, std::nullopt,
                                             [this](const Request& request) { return take(request); })},
        thread_{[this] { context_.run(); }} {}
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() {
    context_.stop();
    thread_.join();
    server_.reset();
  }
  [[nodiscard]] std::string url() const { return server_->url() + "/push"; }
  void answer(const std::string& body) {
    const std::lock_guard lock{mutex_};
    answer_ = body;
  }
  /// All requests, once there are at least `count`.
  std::vector<Request> waitFor(std::size_t count) {
    std::unique_lock lock{mutex_};
    const bool there = arrived_.wait_for(lock, seconds{60}, [&] { return requests_.size() >= count; });
    BOOST_REQUIRE_MESSAGE(there, "pushes: " << requests_.size() << " of " << count);
    return requests_;
  }

 private:
  Reply take(const Request& request) {
    const std::lock_guard lock{mutex_};
    requests_.push_back(request);
    arrived_.notify_all();
    return {.contentType = "text/plain", .body = answer_};
  }
  boost::asio::io_context context_{1};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Request> requests_;
  std::string answer_ = "success";
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

}  // namespace weixin_api_bench
