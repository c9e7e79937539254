#pragma once

#include "http/pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace openapi::http {

/// The executor that sockets and timers of a caller's call should have: the event loop's own, outside any strand of the caller's.
[[nodiscard]] boost::asio::any_io_executor baseExecutor(const boost::asio::any_io_executor& executor);

/// The pools that live on one event loop. Shuts them down first when the loop is destroyed.
class ContextService : public boost::asio::execution_context::service {
 public:
  using key_type = ContextService;
  static inline boost::asio::execution_context::id id;

  explicit ContextService(boost::asio::execution_context& context) : service{context} {}

  /// The service of the loop behind `executor`.
  [[nodiscard]] static ContextService& of(const boost::asio::any_io_executor& executor);

  /// The pool of the client that `owner` identifies, made on first use. `made` tells.
  [[nodiscard]] std::shared_ptr<Pool> pool(const std::shared_ptr<const void>& owner, Pool::Limits limits, bool& made);

 private:
  struct Entry {
    std::weak_ptr<const void> owner;
    std::shared_ptr<Pool> pool;
  };

  void shutdown() noexcept override;

  std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace openapi::http
