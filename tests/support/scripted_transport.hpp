#pragma once

#include <openapi/error.hpp>
#include <openapi/transport.hpp>

#include <deque>
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

}  // namespace openapi::test
