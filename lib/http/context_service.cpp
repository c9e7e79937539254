#include "http/context_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>

namespace openapi::http {

namespace asio = boost::asio;

asio::any_io_executor baseExecutor(const asio::any_io_executor& executor) {
  if (const auto* strand = executor.target<asio::strand<asio::io_context::executor_type>>()) return strand->get_inner_executor();
  if (const auto* strand = executor.target<asio::strand<asio::any_io_executor>>())
    return baseExecutor(strand->get_inner_executor());
  return executor;
}

ContextService& ContextService::of(const asio::any_io_executor& executor) {
  auto& context = asio::query(executor, asio::execution::context);
  if (!asio::has_service<ContextService>(context)) {
    // Services shut down in the reverse order of their making: those that a pool needs must be older than this one.
    const auto strand = asio::make_strand(executor);
    const asio::steady_timer timer{executor};
    const asio::ip::tcp::socket socket{executor};
  }
  return asio::use_service<ContextService>(context);
}

std::shared_ptr<Pool> ContextService::pool(const std::shared_ptr<const void>& owner, Pool::Limits limits, bool& made) {
  const std::lock_guard lock{mutex_};
  made = false;
  for (const auto& entry : entries_) {
    if (!entry.owner.owner_before(owner) && !owner.owner_before(entry.owner)) return entry.pool;
  }
  std::erase_if(entries_, [](const Entry& entry) { return entry.owner.expired(); });
  made = true;
  return entries_.emplace_back(Entry{owner, std::make_shared<Pool>(limits)}).pool;
}

void ContextService::shutdown() noexcept {
  const std::lock_guard lock{mutex_};
  for (const auto& entry : entries_) entry.pool->shutdown();
}

}  // namespace openapi::http
