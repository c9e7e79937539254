#pragma once

#include <cli/client.hpp>
#include <cli/config.hpp>
#include <cli/request_input.hpp>
#include <cli/transports.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace openapi::cli {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

template <class Request>
Shape inputShape() {
  if constexpr (std::is_same_v<Request, Event>) {
    return eventShape();
  } else {
    return shapeOf<Request>(Direction::input);
  }
}

template <class Result>
Shape outputShape() {
  return shapeOf<Result>(Direction::output);
}

template <class Config>
Shape configShape() {
  return shapeOf<Config>(Direction::input);
}

template <class Result>
Awaitable<Json> resultAsJson(Awaitable<Result> operation) {
  const auto result = co_await std::move(operation);
  co_return marshal::toJson<marshal::CamelStyle>(result);
}

template <class Group, class Request, class Result>
struct MethodOf {
  using Type = Awaitable<Result> (Group::*)(const Request&);
};
template <class Group, class Request, class Result>
struct MethodOf<const Group, Request, Result> {
  using Type = Awaitable<Result> (Group::*)(const Request&) const;
};

/// A method of the object that `groupOf(client)` gives.
template <auto groupOf, class Request, class Result>
using MethodIn = typename MethodOf<std::remove_reference_t<decltype(groupOf(std::declval<Client&>()))>, Request, Result>::Type;

template <auto groupOf, class Request, class Result, MethodIn<groupOf, Request, Result> function>
Awaitable<Json> callAsJson(Client& client, const Json& input) {
  const auto request = requestFrom<Request>(input);
  return resultAsJson<Result>((groupOf(client).*function)(request));
}

/// One line of a provider's table.
template <auto groupOf, class Request, class Result, MethodIn<groupOf, Request, Result> function>
Method method(std::string_view name) {
  return {name, inputShape<Request>, outputShape<Result>, callAsJson<groupOf, Request, Result, function>};
}

/// The methods of `Payment`, which are every provider's.
[[nodiscard]] std::vector<Method> paymentMethods();

/// Opens a provider: `make(client, file, settings)` gets what the file holds, and `settings(file)` is its struct.
template <class Config, class Make>
std::shared_ptr<Client> openWith(const std::string& path, const OpenOptions& options, const Make& make) {
  return asConfigError(path, [&] {
    auto file = readConfig(path, textMembers<Config>());
    if (options.attempts) file.http.maxAttempts = std::min(file.http.maxAttempts, *options.attempts);
    if (options.transports != nullptr) file.http.transport = options.transports->forOptions(file.http);
    auto client = std::make_shared<Client>();
    make(*client, file, [&](const ConfigFile& read) {
      auto config = configFrom<Config>(read.members);
      if (options.timeout) config.timeout = *options.timeout;
      return config;
    });
    return client;
  });
}

}  // namespace openapi::cli
