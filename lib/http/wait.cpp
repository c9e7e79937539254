#include <openapi/wait.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

namespace openapi::detail {

void runToEnd(boost::asio::awaitable<void> operation) {
  boost::asio::io_context loop{1};
  std::exception_ptr failure;
  boost::asio::co_spawn(loop, std::move(operation), [&](std::exception_ptr thrown) {
    failure = std::move(thrown);
    loop.stop();
  });
  loop.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace openapi::detail
