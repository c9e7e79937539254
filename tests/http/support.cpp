#include "support.hpp"

#include "http/client.hpp"

#include <openapi/wait.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <stdexcept>
#include <thread>
#include <utility>

namespace testing {

namespace asio = boost::asio;

namespace {

asio::awaitable<std::vector<openapi::HttpResponse>> sendAll(std::shared_ptr<openapi::Transport> client,
                                                            std::vector<openapi::HttpRequest> requests) {
  std::vector<openapi::HttpResponse> responses;
  for (auto& request : requests) {
    auto response = co_await client->send(std::move(request));
    responses.push_back(std::move(response));
  }
  co_return responses;
}

// Lets every kind of cancellation through, not only the terminal one that coroutines accept by themselves.
asio::awaitable<void> sendCancellable(std::shared_ptr<openapi::Transport> client, openapi::HttpRequest request) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await client->send(std::move(request));
}

}  // namespace

openapi::HttpOptions trusting() {
  openapi::HttpOptions options;
  options.caFile = authorityFile();
  options.proxy = "";
  return options;
}

std::shared_ptr<openapi::Transport> makeClient(const openapi::HttpOptions& options) { return openapi::http::makeClient(options); }

openapi::http::Surroundings localNames(std::vector<std::pair<std::string, std::string>> environment) {
  openapi::http::Surroundings surroundings;
  surroundings.resolve = [](const std::string& host, std::function<void(openapi::http::NameAnswer)> done) {
    openapi::http::NameAnswer answer;
    if (host == "localhost" || host.ends_with(".test")) {
      answer.addresses.push_back(asio::ip::make_address("127.0.0.1"));
    } else {
      answer.failure = asio::error::host_not_found;
    }
    done(std::move(answer));
  };
  surroundings.environment = [environment = std::move(environment)](const char* name) -> std::optional<std::string> {
    for (const auto& [key, value] : environment) {
      if (key == name) return value;
    }
    return std::nullopt;
  };
  return surroundings;
}

openapi::HttpRequest post(const std::string& url, const std::string& body, std::chrono::milliseconds time) {
  openapi::HttpRequest request;
  request.url = url;
  request.body = body;
  request.deadline = std::chrono::steady_clock::now() + time;
  return request;
}

openapi::HttpResponse fetch(const std::shared_ptr<openapi::Transport>& client, const openapi::HttpRequest& request) {
  return openapi::wait(client->send(request));
}

std::vector<openapi::HttpResponse> fetchAll(const std::shared_ptr<openapi::Transport>& client,
                                            const std::vector<openapi::HttpRequest>& requests) {
  return openapi::wait(sendAll(client, requests));
}

openapi::Error failureOf(const std::shared_ptr<openapi::Transport>& client, const openapi::HttpRequest& request) {
  try {
    (void)fetch(client, request);
  } catch (const openapi::Error& error) {
    return error;
  }
  throw std::logic_error("the request did not fail");
}

openapi::Error failureOfCancelled(const std::shared_ptr<openapi::Transport>& client, const openapi::HttpRequest& request,
                                  Event& reached, asio::cancellation_type type) {
  asio::io_context loop;
  asio::cancellation_signal signal;
  std::optional<openapi::Error> failure;
  const auto done = [&](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const openapi::Error& error) {
      failure.emplace(error);
    }
  };
  asio::co_spawn(loop, sendCancellable(client, request), asio::bind_cancellation_slot(signal.slot(), done));
  std::thread runner{[&] { loop.run(); }};
  reached.wait();
  asio::post(loop, [&] { signal.emit(type); });
  runner.join();
  if (!failure) throw std::logic_error("the request was not cancelled");
  return *failure;
}

}  // namespace testing
