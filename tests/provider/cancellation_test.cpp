// A cancellation at every step of a call is an `Error`, and its outcome knows whether something was sent.
#include <boost/test/unit_test.hpp>

#include <openapi/openapi.hpp>

#include <support/platforms.hpp>
#include <support/scripted_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

using namespace openapi;
using namespace openapi::test;

namespace {

/// Answers after some steps on the event loop, and counts what it was given.
class SteppingTransport : public Transport {
 public:
  explicit SteppingTransport(std::function<HttpResponse(const HttpRequest&)> answer) : answer_{std::move(answer)} {}

  boost::asio::awaitable<HttpResponse> send(HttpRequest request) override {
    ++sent;
    for (int step = 0; step < 3; ++step) co_await boost::asio::post(boost::asio::use_awaitable);
    co_return answer_(request);
  }

  int sent = 0;

 private:
  std::function<HttpResponse(const HttpRequest&)> answer_;
};

struct Ending {
  bool finished = false;
  std::optional<Error> error;
  bool foreign = false;
  int sent = 0;
};

/// Cancels the call that `start` makes after `handlers` handlers.
template <class Start>
Ending cancelledAfter(int handlers, const std::function<HttpResponse(const HttpRequest&)>& answer, const Start& start) {
  const auto transport = std::make_shared<SteppingTransport>(answer);
  boost::asio::io_context context;
  const auto options = optionsOver(transport);
  boost::asio::cancellation_signal signal;
  Ending ending;
  const auto done = [&ending](std::exception_ptr failure) {
    ending.finished = true;
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const Error& error) {
      ending.error = error;
    } catch (...) {
      ending.foreign = true;
    }
  };
  auto provider = start(context, options, boost::asio::bind_cancellation_slot(signal.slot(), done));
  for (int i = 0; i < handlers; ++i) context.run_one();
  signal.emit(boost::asio::cancellation_type::terminal);
  context.run();
  ending.sent = transport->sent;
  return ending;
}

/// Runs the call with a cancellation after 0, 1, 2 … handlers, until it comes too late.
template <class Start>
void expectErrors(const std::function<HttpResponse(const HttpRequest&)>& answer, bool movesMoney, const Start& start) {
  bool wentWell = false;
  for (int handlers = 0; handlers < 200 && !wentWell; ++handlers) {
    BOOST_TEST_CONTEXT("cancelled after " << handlers << " handlers") {
      const auto ending = cancelledAfter(handlers, answer, start);
      BOOST_REQUIRE(ending.finished);
      BOOST_TEST(!ending.foreign);
      wentWell = !ending.error && !ending.foreign;
      if (!ending.error) continue;
      BOOST_TEST(!ending.error->method().empty());
      if (ending.error->errc() != Errc::cancelled) continue;
      if (ending.sent == 0) BOOST_TEST(toString(ending.error->outcome()) == "notSent");
      if (ending.sent > 0 && movesMoney) BOOST_TEST(toString(ending.error->outcome()) == "unknown");
    }
  }
  BOOST_TEST(wentWell);
}

const Wire answered{{"appid", "wx2421b1c4370ec43b"}, {"mch_id", "10000100"}, {"nonce_str", "n"},
                    {"return_code", "SUCCESS"},      {"return_msg", "OK"},   {"result_code", "SUCCESS"},
                    {"refund_id", "5000001"},        {"refund_fee", "100"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(cancellation)

BOOST_AUTO_TEST_CASE(of_a_refund) {
  const RefundRequest refund{.outTradeNo = "A1", .outRefundNo = "R1", .totalFee = Fen{8800}, .refundFee = Fen{100}};
  const auto answer = [](const HttpRequest&) { return ok(signedXml(answered)); };
  expectErrors(answer, true, [&](boost::asio::io_context& context, const HttpOptions& options, auto token) {
    auto weixin = std::make_unique<Weixin>(context.get_executor(), weixinConfig(), options);
    boost::asio::co_spawn(context, weixin->payment.refund(refund),
                          boost::asio::bind_cancellation_slot(
                              token.get_cancellation_slot(),
                              [done = token.get()](std::exception_ptr failure, const RefundResult&) { done(failure); }));
    return weixin;
  });
}

BOOST_AUTO_TEST_CASE(of_a_service_that_needs_a_token) {
  const weixin::GetPhoneNumberRequest request{.code = "c"};
  bool refusedOnce = false;
  const auto answer = [&refusedOnce](const HttpRequest& sent) {
    HttpResponse response;
    response.status = 200;
    if (sent.url.find("stable_token") != std::string::npos) {
      response.body = R"({"access_token":"T","expires_in":7200})";
    } else if (!refusedOnce) {
      refusedOnce = true;
      response.body = R"({"errcode":42001,"errmsg":"access_token expired"})";
    } else {
      response.body = R"({"errcode":0,"phone_info":{"phoneNumber":"1","purePhoneNumber":"1","countryCode":"86"}})";
    }
    return response;
  };
  expectErrors(answer, false, [&](boost::asio::io_context& context, const HttpOptions& options, auto token) {
    WeixinConfig config;
    config.appId = "wx2421b1c4370ec43b";
    config.secret = "s";
    auto provider = std::make_unique<Weixin>(context.get_executor(), config, options);
    boost::asio::co_spawn(
        context, provider->phonenumber.getPhoneNumber(request),
        boost::asio::bind_cancellation_slot(
            token.get_cancellation_slot(),
            [done = token.get()](std::exception_ptr failure, const weixin::GetPhoneNumberResult&) { done(failure); }));
    return provider;
  });
}

BOOST_AUTO_TEST_SUITE_END()
