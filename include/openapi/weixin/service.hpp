#pragma once

#include <openapi/json.hpp>
#include <openapi/named_request.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

// What the groups of WeChat's mini-program services have in common.
//
// Field names and units are those of the requirement documents. In every request `accessToken` wins over the provider's
// own token and is never renewed by the library; `extra` takes any other parameter of the platform's documents
// under its camelCase name. Every result has `errCode` 0 and `errMsg`, and in `extra` whatever else came back.
// A failure is an `Error`: `invalidArgument` before anything is sent, `rejected` with the platform's `errCode()`.
// Every method copies what it needs before it returns. Any number of calls may run at the same time, from any
// thread; the work runs on the executor that awaits it. Cancellation reaches the socket.
namespace openapi::weixin {

/// What the groups share; opaque here.
class Services;
using SharedServices = std::shared_ptr<const Services>;

template <class T>
using Awaitable = boost::asio::awaitable<T>;

/// The answer of methods that give nothing else.
struct ServiceResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ServiceResult, (), (errCode, errMsg, extra))

}  // namespace openapi::weixin
