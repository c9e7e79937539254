#include <samples/bmob-admin/errors.hpp>
#include <samples/bmob-admin/page.hpp>
#include <samples/bmob-admin/service.hpp>

#include <openapi/json.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <utility>

namespace asio = boost::asio;
using openapi::Fields;
using openapi::Json;

namespace bmob_admin {
namespace {

constexpr std::size_t maxLoggedPath = 200;

Answer file(std::string_view contentType, std::string_view text) {
  return {.contentType = std::string{contentType}, .body = std::string{text}};
}

/// A page of the browser, or an operation on users. In the pattern `:` stands for any one part of the path.
struct Route {
  std::string_view method;
  std::array<std::string_view, 2> pattern;
  asio::awaitable<Answer> (Users::*run)(Call) const;
  std::string_view contentType{};
  const std::string_view* text{};
};

constexpr std::array<Route, 9> routes{{
    {"POST", {"login", ""}, &Users::login},
    {"POST", {"signUp", ""}, &Users::signUp},
    {"GET", {"users", ""}, &Users::list},
    {"GET", {"users", ":"}, &Users::get},
    {"PUT", {"users", ":"}, &Users::update},
    {"DELETE", {"users", ":"}, &Users::remove},
    {"GET", {"", ""}, nullptr, "text/html; charset=utf-8", &page::html},
    {"GET", {"admin.js", ""}, nullptr, "text/javascript; charset=utf-8", &page::script},
    {"GET", {"admin.css", ""}, nullptr, "text/css; charset=utf-8", &page::style},
}};

bool fits(const Route& route, const std::vector<std::string>& path) {
  for (std::size_t at = 0; at < route.pattern.size(); ++at) {
    const auto wanted = route.pattern[at];
    if ((at < path.size()) != !wanted.empty()) return false;
    if (!wanted.empty() && wanted != ":" && wanted != path[at]) return false;
  }
  return path.size() <= route.pattern.size();
}

/// Throws `Refusal`: 404 or 405.
const Route& routeOf(const std::string& method, const std::vector<std::string>& path) {
  const std::string_view wanted = method == "HEAD" ? "GET" : std::string_view{method};
  std::string allowed;
  for (const auto& route : routes) {
    if (!fits(route, path)) continue;
    if (route.method == wanted) return route;
    allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
    if (route.method == "GET") allowed += ", HEAD";
  }
  if (allowed.empty()) throw Refusal{errorAnswer(404, "there is no such page or route")};
  auto answer = errorAnswer(405, "this address takes " + allowed);
  answer.headers.add("Allow", allowed);
  throw Refusal{std::move(answer)};
}

/// The answer to a browser that asks whether another web site may send a request.
Answer preflight() {
  Answer answer{.status = 204};
  answer.headers.add("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
  answer.headers.add("Access-Control-Allow-Headers", "Content-Type, sessiontoken, X-Bmob-Session-Token");
  answer.headers.add("Access-Control-Max-Age", "600");
  return answer;
}

bool isChange(const Request& request) {
  return request.method == "PUT" || request.method == "DELETE" || request.target.starts_with("/signUp");
}

std::string logLine(const std::string& method, const std::string& target, int status, std::chrono::milliseconds time) {
  auto path = target.substr(0, target.find('?'));
  if (path.size() > maxLoggedPath) path = path.substr(0, maxLoggedPath) + "...";
  const Json line = Fields{{"method", method}, {"path", path}, {"status", status}, {"ms", std::int64_t{time.count()}}};
  return line.json();
}

}  // namespace

asio::awaitable<Answer> Service::answer(Request request) const {
  const auto started = std::chrono::steady_clock::now();
  const auto method = request.method;
  const auto target = request.target;
  const auto origin = allowedOrigin(request.headers, origins_);
  auto answer = co_await safely(std::move(request));
  if (!origin.empty()) {
    answer.headers.add("Access-Control-Allow-Origin", origin);
    answer.headers.add("Vary", "Origin");
  }
  const auto time = std::chrono::steady_clock::now() - started;
  log_(logLine(method, target, answer.status, std::chrono::duration_cast<std::chrono::milliseconds>(time)));
  co_return answer;
}

asio::awaitable<Answer> Service::safely(Request request) const {
  const bool changes = isChange(request);
  try {
    auto answer = co_await dispatch(std::move(request));
    co_return answer;
  } catch (const Refusal& refusal) {
    co_return refusal.answer;
  } catch (const openapi::Error& error) {
    auto answer = answerTo(error, changes);
    if (answer.status >= 500) logFailure(error.what());
    co_return answer;
  } catch (const std::exception& error) {
    logFailure(error.what());
    co_return errorAnswer(500, "the service failed");
  }
}

asio::awaitable<Answer> Service::dispatch(Request request) const {
  checkOrigin(request.headers, origins_);
  Call call{std::move(request), {}};
  call.target = readTarget(call.request.target);
  if (call.request.method == "OPTIONS" && !allowedOrigin(call.request.headers, origins_).empty()) co_return preflight();
  const auto& route = routeOf(call.request.method, call.target.path);
  if (route.run == nullptr) co_return file(route.contentType, *route.text);
  auto answer = co_await (users_.*route.run)(std::move(call));
  co_return answer;
}

void Service::logFailure(const std::string& what) const { log_(Json{Fields{{"failure", what}}}.json()); }

}  // namespace bmob_admin
