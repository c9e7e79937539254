#pragma once

#include <openapi/error.hpp>
#include <openapi/http_options.hpp>
#include <openapi/transport.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace openapi::test {

/// A network without sockets: gives the answers, or throws the errors, of a script and keeps what was sent.
class ScriptedTransport : public Transport {
 public:
  using Step = std::variant<HttpResponse, Error>;

  explicit ScriptedTransport(std::deque<Step> steps = {}) : script{std::move(steps)} {}

  boost::asio::awaitable<HttpResponse> send(HttpRequest request) override {
    sent.push_back(std::move(request));
    if (script.empty()) throw Error{Errc::connect, "the script has no more answers"};
    Step step = std::move(script.front());
    script.pop_front();
    if (auto* error = std::get_if<Error>(&step)) throw *error;
    co_return std::get<HttpResponse>(std::move(step));
  }

  std::deque<Step> script;
  std::vector<HttpRequest> sent;
};

/// A client that asks `transport`, and hardly waits before it asks again.
inline HttpOptions optionsOver(std::shared_ptr<Transport> transport, int maxAttempts = HttpOptions{}.maxAttempts) {
  HttpOptions options;
  options.transport = std::move(transport);
  options.maxAttempts = maxAttempts;
  options.firstBackoff = std::chrono::milliseconds{1};
  return options;
}

}  // namespace openapi::test
