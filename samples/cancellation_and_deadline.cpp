// Stop waiting for an answer: by the deadline in the configuration, or by a cancellation signal from outside.
// Neither undoes what the platform has done already. `outcome()` says what is known: `notSent` is harmless, `unknown` means
// query with the same number before anything else. Here the platform answers late on purpose, and did carry out both.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

openapi::UnifiedOrderRequest orderWithNumber(const std::string& outTradeNo) {
  return {.body = "季卡",
          .outTradeNo = outTradeNo,
          .totalFee = openapi::Fen{8800},
          .notifyUrl = "http://127.0.0.1:9/notify",
          .tradeType = "NATIVE",
          .extra = {{"productId", "season-card"}}};
}

/// Runs until somebody cancels it or its deadline passes, and says how it ended.
asio::awaitable<openapi::Errc> place(openapi::Payment& payment, std::string outTradeNo) {
  const auto order = orderWithNumber(outTradeNo);
  try {
    co_await payment.unifiedOrder(order);
  } catch (const openapi::Error& error) {
    std::cout << outTradeNo << ": " << toString(error.errc()) << ", outcome " << toString(error.outcome()) << '\n';
    samples::require(error.outcome() == openapi::Outcome::unknown, "the request had left");
    co_return error.errc();
  }
  throw std::runtime_error{"the answer came although the platform is late"};
}

/// The answer to an unknown outcome: ask with the same number.
asio::awaitable<void> findOut(openapi::Payment& payment, std::string outTradeNo) {
  openapi::OrderQueryRequest query{.outTradeNo = outTradeNo};
  auto state = co_await payment.orderQuery(query);
  std::cout << outTradeNo << ": the platform has it, " << state.tradeState << '\n';
}

asio::awaitable<void> cancelOnceItArrived(asio::cancellation_signal& signal, samples::LocalPlatforms& platforms,
                                          std::string outTradeNo) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor};
  while (!platforms.hasOrder(outTradeNo)) {
    timer.expires_after(std::chrono::milliseconds{10});
    co_await timer.async_wait(asio::use_awaitable);
  }
  signal.emit(asio::cancellation_type::terminal);
}

void beLate(samples::LocalPlatforms& platforms) {
  platforms.control("POST", "/fault", openapi::Fields{{"path", "/pay/unifiedorder"}, {"fault", "delay"}, {"ms", 20000}});
}

int main() try {
  samples::LocalPlatforms platforms;
  const auto rethrow = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  openapi::Errc ended{};
  const auto keep = [&](std::exception_ptr failure, openapi::Errc errc) {
    rethrow(failure);
    ended = errc;
  };

  asio::io_context context;
  auto config = platforms.weixin;
  config.timeout = 1000;  // milliseconds, over all attempts of a call
  openapi::Weixin hasty{context.get_executor(), config, platforms.http};
  beLate(platforms);
  asio::co_spawn(context, place(hasty.payment, "deadline_1"), keep);
  context.run();
  samples::require(ended == openapi::Errc::timeout, "the deadline passed");

  openapi::Weixin patient{context.get_executor(), platforms.weixin, platforms.http};
  asio::cancellation_signal signal;
  beLate(platforms);
  context.restart();
  asio::co_spawn(context, place(patient.payment, "cancel_1"), asio::bind_cancellation_slot(signal.slot(), keep));
  asio::co_spawn(context, cancelOnceItArrived(signal, platforms, "cancel_1"), rethrow);
  context.run();
  samples::require(ended == openapi::Errc::cancelled, "the call was cancelled");

  openapi::wait(findOut(patient.payment, "deadline_1"));
  openapi::wait(findOut(patient.payment, "cancel_1"));
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
