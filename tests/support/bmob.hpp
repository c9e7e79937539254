#pragma once

#include <support/files.hpp>
#include <support/scripted_transport.hpp>

#include <openapi/openapi.hpp>

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <marshal/json_struct.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Bmob through its public methods, with a network that remembers what was sent.
namespace openapi::test::bmobs {

inline const std::string applicationId = "application-id";
inline const std::string restApiKey = "rest-api-key-3f2a";
inline const std::string secretKey = "0f1e2d3c4b5a6978";
inline const std::string safeCode = "safe-code-77";
inline const std::string masterKey = "master-key-9b1c";
inline const std::string token = "14683f9a40b2509d80320bf0d4ec7d6e";
inline const std::string base = "https://bmob.example.com";

inline BmobConfig plainConfig() {
  BmobConfig config;
  config.baseUrl = base;
  config.applicationId = applicationId;
  config.restApiKey = restApiKey;
  config.masterKey = masterKey;
  return config;
}

inline BmobConfig signedConfig() {
  BmobConfig config;
  config.baseUrl = base;
  config.secretKey = secretKey;
  config.safeCode = safeCode;
  return config;
}

inline HttpResponse answer(std::string body, int status = 200) { return {status, {}, std::move(body)}; }
inline HttpResponse refusal(int code, const std::string& text, int status = 400) {
  return answer(Json{Fields{{"code", code}, {"error", text}}}.json(), status);
}

struct Fixture {
  explicit Fixture(const BmobConfig& config = plainConfig(), int maxAttempts = 3)
      : options{optionsOver(transport, maxAttempts)}, bmob{context.get_executor(), config, options} {}

  /// The next answers; forgets what was sent before.
  Fixture& script(std::deque<ScriptedTransport::Step> steps) {
    transport->sent.clear();
    transport->script = std::move(steps);
    return *this;
  }
  Fixture& script(const std::string& body) { return script({answer(body)}); }
  [[nodiscard]] const std::vector<HttpRequest>& sent() const { return transport->sent; }
  [[nodiscard]] const HttpRequest& only() const {
    BOOST_REQUIRE(transport->sent.size() == 1U);
    return transport->sent.front();
  }

  boost::asio::io_context context;
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  HttpOptions options;
  Bmob bmob;
};

/// The encoded path and what follows.
inline std::string targetOf(const HttpRequest& request) {
  BOOST_REQUIRE(request.url.starts_with(base));
  return request.url.substr(base.size());
}
inline std::string pathOf(const HttpRequest& request) {
  const auto target = targetOf(request);
  return target.substr(0, target.find('?'));
}

inline std::map<std::string, std::string> queryOf(const HttpRequest& request) {
  std::map<std::string, std::string> query;
  const auto mark = request.url.find('?');
  if (mark == std::string::npos) return query;
  for (auto& [name, value] : codec::parseForm(request.url.substr(mark + 1))) query.emplace(name, value);
  return query;
}

using Query = std::map<std::string, std::string>;

/// `GET /1/users` and the rest, as it must have gone out.
inline void requireSent(const HttpRequest& request, const std::string& line, const Query& query = {},
                        const std::string& body = {}) {
  BOOST_TEST(request.method + " " + pathOf(request) == line);
  BOOST_TEST((queryOf(request) == query), "query of " << request.url);
  BOOST_TEST(request.body == body);
  BOOST_TEST(std::string{request.headers.get("Content-Type")} == (body.empty() ? "" : "application/json"));
}

/// The error of a call: with provider and method, and without anything secret.
template <class T>
Error errorOf(boost::asio::awaitable<T> work) {
  try {
    wait(std::move(work));
  } catch (const Error& error) {
    BOOST_TEST(error.provider() == "bmob");
    BOOST_TEST(!error.method().empty());
    const std::string_view message = error.what();
    BOOST_TEST(!message.empty());
    BOOST_TEST(message.size() < 1500U);
    for (const auto* secret : {&restApiKey, &secretKey, &safeCode, &masterKey, &token}) {
      BOOST_TEST(message.find(*secret) == std::string_view::npos, "a secret in: " << message);
      BOOST_TEST(error.errMsg().find(*secret) == std::string::npos, "a secret in: " << error.errMsg());
    }
    return error;
  }
  BOOST_ERROR("accepted");
  return {Errc::rejected, "none"};
}

/// What `work`, which sends nothing, throws.
template <class Work>
Error thrownBy(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  BOOST_ERROR("accepted");
  return {Errc::rejected, "none"};
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// What the method refuses before it sends anything, by the beginning of the message.
template <class T>
void requireRefused(Fixture& fixture, std::string_view beginning, boost::asio::awaitable<T> work) {
  fixture.script(std::deque<ScriptedTransport::Step>{});
  const auto error = errorOf(std::move(work));
  BOOST_TEST((error.errc() == Errc::invalidArgument), error.what());
  BOOST_TEST((error.outcome() == Outcome::notSent));
  BOOST_TEST(std::string_view{error.what()}.starts_with(beginning), error.what());
  BOOST_TEST(fixture.sent().empty());
}

}  // namespace openapi::test::bmobs
