#pragma once

#include <openapi/json.hpp>
#include <openapi/named_request.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What the groups of Bmob have in common.
//
// Who calls: in every request `sessionToken` wins over the configuration's, and an empty text means nobody. The master key of
// the configuration goes out only with `useMasterKey`. Nothing of a call is kept for the next one: a login gives a token, and
// the caller passes it on.
// A user's own columns are never renamed: they stand in `data` and `extra` as they are spelt. `KeepsNames` marks these structs.
// A failure is an `Error`: `invalidArgument` or `config` before anything is sent, `rejected` with Bmob's code as text in
// `errCode()` (`101`) and its words in `errMsg()`. Reads are repeated after broken connections, HTTP 5xx and the codes that
// mean "busy" (`110`, `10076`, `10200`, `10210`); writes never are: Bmob has no number that would make a second one harmless.
// Every method copies what it needs before it returns. Any number of calls may run at the same time, from any thread; the
// work runs on the executor that awaits it. Cancellation reaches the socket.
namespace openapi::bmob {

/// What the groups share; opaque here.
class Services;
using SharedServices = std::shared_ptr<const Services>;

template <class T>
using Awaitable = boost::asio::awaitable<T>;

/// The answer of methods that give nothing else: `{"msg":"ok"}`.
struct Done {
  using KeepsNames = void;
  std::string msg{};  ///< `ok`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(Done, (), (msg, extra))

}  // namespace openapi::bmob
