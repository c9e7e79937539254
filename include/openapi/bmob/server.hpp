#pragma once

#include <openapi/bmob/service.hpp>

namespace openapi::bmob {

struct TimestampRequest {
  using KeepsNames = void;
};
BOOST_DESCRIBE_STRUCT(TimestampRequest, (), ())

struct TimestampResult {
  using KeepsNames = void;
  std::int64_t timestamp{};  ///< seconds since 1970
  std::string datetime{};    ///< the same as text, GMT+8
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(TimestampResult, (), (timestamp, datetime, extra))

/// The platform itself.
class Server {
 public:
  explicit Server(SharedServices services) : services_{std::move(services)} {}

  /// What time it is there.
  Awaitable<TimestampResult> timestamp() const;
  Awaitable<TimestampResult> timestamp(const TimestampRequest& request) const;

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
