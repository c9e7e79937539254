#include <cli/run.hpp>

#include <openapi/error.hpp>

#include <cli/error_line.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace openapi::cli {

Json runInterruptible(const std::function<asio::awaitable<Json>(asio::any_io_executor)>& start) {
  asio::io_context loop{1};
  asio::cancellation_signal cancellation;
  asio::signal_set signals{loop, SIGINT, SIGTERM};
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    signals.clear();
    cancellation.emit(asio::cancellation_type::terminal);
  });
  std::exception_ptr failure;
  Json result;
  asio::co_spawn(loop, start(loop.get_executor()),
                 asio::bind_cancellation_slot(cancellation.slot(), [&](std::exception_ptr thrown, Json value) {
                   failure = std::move(thrown);
                   result = std::move(value);
                   loop.stop();
                 }));
  loop.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    throw unknownOutcome(Errc::cancelled, "interrupted; query before you repeat");
  }
  return result;
}

}  // namespace openapi::cli
