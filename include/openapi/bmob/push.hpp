#pragma once

#include <openapi/bmob/service.hpp>

namespace openapi::bmob {

struct PushRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  Fields data{};                ///< what to show: `{"alert":"Hello From Bmob."}`; also `badge`, `sound` …
  std::optional<Json> where{};  ///< to which devices: conditions on `_Installation`; default: all
  std::optional<std::vector<std::string>> channels{};
  std::optional<std::string> pushTime{};             ///< `YYYY-MM-DD HH:mm:ss`, GMT+8; default: now
  std::optional<std::string> expirationTime{};       ///< `YYYY-MM-DD HH:mm:ss`, GMT+8
  std::optional<std::int64_t> expirationInterval{};  ///< seconds
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(PushRequest, (),
                      (sessionToken, useMasterKey, data, where, channels, pushTime, expirationTime, expirationInterval, extra))

/// The platform does not document its answer.
struct PushResult {
  using KeepsNames = void;
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(PushResult, (), (extra))

/// Messages to devices.
class Push {
 public:
  explicit Push(SharedServices services) : services_{std::move(services)} {}

  /// Sends a message. When the outcome is unknown, the devices may show it.
  Awaitable<PushResult> send(const PushRequest& request) const;

  OPENAPI_NAMED_REQUEST(send, PushRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
