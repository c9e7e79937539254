// Every kind of error and every outcome, provoked through a socket: real providers against the local platforms.
#include <boost/test/unit_test.hpp>

#include <openapi/beast.hpp>
#include <openapi/openapi.hpp>

#include <gateways/sandbox.hpp>
#include <marshal/json_struct.hpp>
#include <support/files.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <functional>
#include <string>

using namespace openapi;
namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

std::string textAt(const Json& json, const char* name) {
  const Json* value = json.find(name);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string{};
}

/// The local platforms, and providers configured as `--config` would.
struct World {
  World() {
    const auto read = [this](const char* name) {
      return *Json::parse(test::readFile(sandbox.configDir() + "/" + name)).object();
    };
    const auto content = [this](const Fields& config, const char* name) {
      const std::string file = textAt(config, name);
      return test::readFile(file.starts_with('/') ? file : sandbox.configDir() + "/" + file);
    };
    const auto wx = read("weixin.json");
    weixinConfig.appId = textAt(wx, "appId");
    weixinConfig.mchId = textAt(wx, "mchId");
    weixinConfig.key = textAt(wx, "key");
    weixinConfig.pfx = content(wx, "pfxFile");
    weixinConfig.payBaseUrl = sandbox.urls().weixinPay;
    const auto ali = read("alipay.json");
    alipayConfig.appId = textAt(ali, "appId");
    alipayConfig.privateKey = content(ali, "privateKeyFile");
    alipayConfig.alipayPublicKey = content(ali, "alipayPublicKeyFile");
    alipayConfig.gateway = sandbox.urls().alipay;
    options.caFile = sandbox.urls().caFile;
    options.maxAttempts = 1;
  }

  Weixin weixin() { return Weixin{context.get_executor(), weixinConfig, options}; }
  Alipay alipay() { return Alipay{context.get_executor(), alipayConfig, options}; }

  void fault(const char* path, const char* kind, Fields more = {}) {
    more.set("path", path);
    more.set("fault", kind);
    more.set("times", 1);
    sandbox.control("POST", "/fault", more);
  }

  gateway::Sandbox sandbox{};
  asio::io_context context{};
  WeixinConfig weixinConfig{};
  AlipayConfig alipayConfig{};
  HttpOptions options{};
};

World& world() {
  static World shared;
  return shared;
}

UnifiedOrderRequest orderNumbered(const std::string& number) {
  return {.openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
          .subject = "季卡",
          .body = "季卡",
          .outTradeNo = number,
          .totalFee = Fen{8800},
          .notifyUrl = "http://127.0.0.1:9/notify"};
}

UnifiedOrderRequest alipayOrderNumbered(const std::string& number) {
  auto order = orderNumbered(number);
  order.openid = "2088102146225135";
  return order;
}

struct Expected {
  Errc code;
  Outcome outcome;
  std::string errCode{};
};

void expectFailure(const Expected& expected, const char* provider, const std::string& method, const std::function<void()>& work) {
  BOOST_TEST_CONTEXT(provider << ' ' << method) {
    try {
      work();
      BOOST_ERROR("no error, expected " << toString(expected.code));
    } catch (const Error& error) {
      BOOST_TEST(toString(error.errc()) == toString(expected.code), error.what());
      BOOST_TEST(toString(error.outcome()) == toString(expected.outcome), error.what());
      BOOST_TEST(error.provider() == provider);
      BOOST_TEST(error.method() == method);
      if (!expected.errCode.empty()) BOOST_TEST(error.errCode() == expected.errCode);
      BOOST_TEST(std::string{error.what()}.find("-----BEGIN") == std::string::npos);
    }
  }
}

std::size_t weixinOrders() { return world().sandbox.control("GET", "/orders").array()->size(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(outcomes)

BOOST_AUTO_TEST_CASE(invalid_argument_and_nothing_is_sent) {
  auto weixin = world().weixin();
  auto alipay = world().alipay();
  const auto before = weixinOrders();
  const std::pair<const char*, std::function<void(UnifiedOrderRequest&)>> damage[] = {
      {"outTradeNo", [](auto& order) { order.outTradeNo = ""; }},
      {"outTradeNo", [](auto& order) { order.outTradeNo = "a b"; }},
      {"outTradeNo", [](auto& order) { order.outTradeNo = std::string(65, '1'); }},
      {"totalFee", [](auto& order) { order.totalFee = Fen{}; }},
      {"totalFee", [](auto& order) { order.totalFee = Fen{-1}; }},
      {"totalFee", [](auto& order) { order.totalFee = Fen{std::numeric_limits<std::int64_t>::max()}; }},
      {"notifyUrl", [](auto& order) { order.notifyUrl = ""; }},
      {"notifyUrl", [](auto& order) { order.notifyUrl = "shop.example/notify"; }},
      {"notifyUrl", [](auto& order) { order.notifyUrl = "ftp://shop.example/notify"; }},
      {"notifyUrl", [](auto& order) { order.notifyUrl = "https://shop.example/" + std::string(300, 'x'); }},
      {"body", [](auto& order) { order.body = std::string(129, 'b'); }},
      {"body", [](auto& order) { order.body = "\xff\xfe"; }},
  };
  for (const auto& [field, spoil] : damage) {
    auto order = orderNumbered("INVALID_1");
    spoil(order);
    for (Payment* payment : {&weixin.payment, &alipay.payment}) {
      try {
        (void)wait(payment->unifiedOrder(order));
        BOOST_ERROR("accepted a wrong " << field);
      } catch (const Error& error) {
        BOOST_TEST((error.errc() == Errc::invalidArgument), error.what());
        BOOST_TEST((error.outcome() == Outcome::notSent));
        BOOST_TEST(std::string{error.what()}.starts_with(field), error.what());
        BOOST_TEST(!error.retryable());
      }
    }
  }
  BOOST_TEST(weixinOrders() == before);
}

BOOST_AUTO_TEST_CASE(unsupported_operations) {
  auto weixin = world().weixin();
  auto alipay = world().alipay();
  const CancelOrderRequest cancel{.outTradeNo = "1"};
  const Event event{};
  expectFailure({Errc::unsupported, Outcome::notSent}, "weixin", "payment.cancelOrder",
                [&] { (void)wait(weixin.payment.cancelOrder(cancel)); });
  expectFailure({Errc::unsupported, Outcome::notSent}, "alipay", "payment.verifyRefundNotify",
                [&] { (void)wait(alipay.payment.verifyRefundNotify(event)); });
}

BOOST_AUTO_TEST_CASE(config_before_anything_is_sent) {
  auto config = world().weixinConfig;
  config.pfx.reset();
  Weixin weixin{world().context.get_executor(), config, world().options};
  const RefundRequest refund{.outTradeNo = "1", .outRefundNo = "R1", .totalFee = Fen{1}, .refundFee = Fen{1}};
  expectFailure({Errc::config, Outcome::notSent}, "weixin", "payment.refund", [&] { (void)wait(weixin.payment.refund(refund)); });
}

BOOST_AUTO_TEST_CASE(connect_when_nobody_listens_or_the_certificate_is_not_trusted) {
  asio::io_context context;
  asio::ip::tcp::acceptor unused{context, {asio::ip::make_address("127.0.0.1"), 0}};
  auto config = world().weixinConfig;
  config.payBaseUrl = "https://127.0.0.1:" + std::to_string(unused.local_endpoint().port());
  unused.close();
  Weixin nobody{world().context.get_executor(), config, world().options};
  const auto order = orderNumbered("CONNECT_1");
  expectFailure({Errc::connect, Outcome::notSent}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(nobody.payment.unifiedOrder(order)); });

  HttpOptions systemRoots = world().options;
  systemRoots.caFile.clear();
  Weixin distrusting{world().context.get_executor(), world().weixinConfig, systemRoots};
  expectFailure({Errc::connect, Outcome::notSent}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(distrusting.payment.unifiedOrder(order)); });
}

BOOST_AUTO_TEST_CASE(timeout_after_the_order_left) {
  auto config = world().weixinConfig;
  config.timeout = 300;
  Weixin weixin{world().context.get_executor(), config, world().options};
  world().fault("/pay/unifiedorder", "delay", {{"ms", 5000}});
  const auto order = orderNumbered("TIMEOUT_1");
  expectFailure({Errc::timeout, Outcome::unknown}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
}

BOOST_AUTO_TEST_CASE(lost_answers_leave_the_outcome_unknown_and_the_same_numbers_settle_it) {
  auto weixin = world().weixin();
  auto alipay = world().alipay();
  const auto order = orderNumbered("LOST_1");
  world().fault("/pay/unifiedorder", "dropAfterCommit");
  expectFailure({Errc::connectionLost, Outcome::unknown}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  const OrderQueryRequest query{.outTradeNo = "LOST_1"};
  BOOST_TEST(wait(weixin.payment.orderQuery(query)).tradeState == "NOTPAY");
  BOOST_TEST(wait(weixin.payment.unifiedOrder(order)).prepayId.has_value());

  world().sandbox.control("POST", "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", "LOST_1"}});
  const RefundRequest refund{.outTradeNo = "LOST_1", .outRefundNo = "LOST_R1", .totalFee = Fen{8800}, .refundFee = Fen{57}};
  world().fault("/secapi/pay/refund", "dropAfterCommit");
  expectFailure({Errc::connectionLost, Outcome::unknown}, "weixin", "payment.refund",
                [&] { (void)wait(weixin.payment.refund(refund)); });
  BOOST_TEST(wait(weixin.payment.refund(refund)).refundFee.value().count() == 57);
  const RefundQueryRequest refunds{.outTradeNo = "LOST_1"};
  BOOST_TEST(wait(weixin.payment.refundQuery(refunds)).refundList.size() == 1u);

  const auto trade = alipayOrderNumbered("LOST_A1");
  world().fault("alipay.trade.create", "dropAfterCommit");
  expectFailure({Errc::connectionLost, Outcome::unknown}, "alipay", "payment.unifiedOrder",
                [&] { (void)wait(alipay.payment.unifiedOrder(trade)); });
  BOOST_TEST(wait(alipay.payment.unifiedOrder(trade)).transactionId.has_value());
}

BOOST_AUTO_TEST_CASE(a_request_that_never_arrived_is_unknown_too) {
  auto weixin = world().weixin();
  const auto order = orderNumbered("BEFORE_1");
  world().fault("/pay/unifiedorder", "dropBeforeCommit");
  expectFailure({Errc::connectionLost, Outcome::unknown}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  const OrderQueryRequest query{.outTradeNo = "BEFORE_1"};
  expectFailure({Errc::rejected, Outcome::rejected, "ORDERNOTEXIST"}, "weixin", "payment.orderQuery",
                [&] { (void)wait(weixin.payment.orderQuery(query)); });
}

BOOST_AUTO_TEST_CASE(http_status) {
  auto weixin = world().weixin();
  auto alipay = world().alipay();
  const auto order = orderNumbered("STATUS_1");
  const auto trade = alipayOrderNumbered("STATUS_A1");
  world().fault("/pay/unifiedorder", "status", {{"status", 502}});
  expectFailure({Errc::httpStatus, Outcome::unknown}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  world().fault("alipay.trade.create", "status", {{"status", 503}});
  expectFailure({Errc::httpStatus, Outcome::unknown}, "alipay", "payment.unifiedOrder",
                [&] { (void)wait(alipay.payment.unifiedOrder(trade)); });
}

BOOST_AUTO_TEST_CASE(bad_signature) {
  auto weixin = world().weixin();
  auto alipay = world().alipay();
  const auto order = orderNumbered("SIGN_1");
  const auto trade = alipayOrderNumbered("SIGN_A1");
  world().fault("/pay/unifiedorder", "badSignature");
  expectFailure({Errc::badSignature, Outcome::unknown}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  world().fault("alipay.trade.create", "badSignature");
  expectFailure({Errc::badSignature, Outcome::unknown}, "alipay", "payment.unifiedOrder",
                [&] { (void)wait(alipay.payment.unifiedOrder(trade)); });
}

BOOST_AUTO_TEST_CASE(cut_answers) {
  auto weixin = world().weixin();
  const auto order = orderNumbered("CUT_1");
  world().fault("/pay/unifiedorder", "truncate");
  try {
    (void)wait(weixin.payment.unifiedOrder(order));
    BOOST_ERROR("a cut answer was accepted");
  } catch (const Error& error) {
    BOOST_TEST((error.errc() == Errc::connectionLost || error.errc() == Errc::badResponse), toString(error.errc()));
    BOOST_TEST((error.outcome() == Outcome::unknown));
  }
}

BOOST_AUTO_TEST_CASE(rejected_and_what_the_code_means) {
  auto weixin = world().weixin();
  auto alipay = world().alipay();
  const OrderQueryRequest query{.outTradeNo = "NOSUCH_1"};
  expectFailure({Errc::rejected, Outcome::rejected, "ORDERNOTEXIST"}, "weixin", "payment.orderQuery",
                [&] { (void)wait(weixin.payment.orderQuery(query)); });
  expectFailure({Errc::rejected, Outcome::rejected, "ACQ.TRADE_NOT_EXIST"}, "alipay", "payment.orderQuery",
                [&] { (void)wait(alipay.payment.orderQuery(query)); });
  const auto order = orderNumbered("REJECT_1");
  world().fault("/pay/unifiedorder", "errorCode", {{"errCode", "SYSTEMERROR"}, {"errMsg", "系统超时"}});
  expectFailure({Errc::rejected, Outcome::unknown, "SYSTEMERROR"}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  world().fault("/pay/unifiedorder", "errorCode", {{"errCode", "NOAUTH"}, {"errMsg", "商户无此接口权限"}});
  expectFailure({Errc::rejected, Outcome::rejected, "NOAUTH"}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  const auto trade = alipayOrderNumbered("REJECT_A1");
  world().fault("alipay.trade.create", "errorCode", {{"errCode", "ACQ.SYSTEM_ERROR"}, {"errMsg", "接口返回错误"}});
  expectFailure({Errc::rejected, Outcome::unknown, "ACQ.SYSTEM_ERROR"}, "alipay", "payment.unifiedOrder",
                [&] { (void)wait(alipay.payment.unifiedOrder(trade)); });
}

BOOST_AUTO_TEST_CASE(an_unsigned_error_does_not_prove_that_no_money_moved) {
  auto config = world().weixinConfig;
  config.key = "00000000000000000000000000000000";
  Weixin weixin{world().context.get_executor(), config, world().options};
  const auto order = orderNumbered("UNSIGNED_1");
  const OrderQueryRequest query{.outTradeNo = "UNSIGNED_1"};
  expectFailure({Errc::rejected, Outcome::unknown, "FAIL"}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  expectFailure({Errc::rejected, Outcome::rejected, "FAIL"}, "weixin", "payment.orderQuery",
                [&] { (void)wait(weixin.payment.orderQuery(query)); });
  auto other = world().alipayConfig;
  other.appId = "2021000000000000";
  Alipay alipay{world().context.get_executor(), other, world().options};
  const auto trade = alipayOrderNumbered("UNSIGNED_A1");
  expectFailure({Errc::rejected, Outcome::unknown, "isv.invalid-app-id"}, "alipay", "payment.unifiedOrder",
                [&] { (void)wait(alipay.payment.unifiedOrder(trade)); });
}

BOOST_AUTO_TEST_CASE(safe_requests_are_repeated_and_the_others_reported) {
  auto options = world().options;
  options.maxAttempts = 3;
  options.firstBackoff = std::chrono::milliseconds{1};
  Weixin weixin{world().context.get_executor(), world().weixinConfig, options};
  const auto order = orderNumbered("REPEAT_1");
  world().fault("/pay/unifiedorder", "errorCode", {{"errCode", "SYSTEMERROR"}});
  BOOST_TEST(wait(weixin.payment.unifiedOrder(order)).prepayId.has_value());
  const OrderQueryRequest query{.outTradeNo = "REPEAT_1"};
  world().fault("/pay/orderquery", "dropBeforeCommit");
  BOOST_TEST(wait(weixin.payment.orderQuery(query)).tradeState == "NOTPAY");
  world().fault("/pay/orderquery", "status", {{"status", 500}});
  BOOST_TEST(wait(weixin.payment.orderQuery(query)).tradeState == "NOTPAY");
  world().fault("/pay/unifiedorder", "dropAfterCommit");
  expectFailure({Errc::connectionLost, Outcome::unknown}, "weixin", "payment.unifiedOrder",
                [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
}

BOOST_AUTO_TEST_CASE(the_second_host_takes_over) {
  asio::io_context context;
  asio::ip::tcp::acceptor unused{context, {asio::ip::make_address("127.0.0.1"), 0}};
  auto config = world().weixinConfig;
  config.payBackupUrl = config.payBaseUrl;
  config.payBaseUrl = "https://127.0.0.1:" + std::to_string(unused.local_endpoint().port());
  unused.close();
  auto options = world().options;
  options.maxAttempts = 2;
  Weixin weixin{world().context.get_executor(), config, options};
  const auto order = orderNumbered("FAILOVER_1");
  BOOST_TEST(wait(weixin.payment.unifiedOrder(order)).prepayId.has_value());
}

BOOST_AUTO_TEST_CASE(cancelled_while_the_answer_is_awaited) {
  auto weixin = world().weixin();
  world().fault("/pay/unifiedorder", "delay", {{"ms", 2000}});
  const auto order = orderNumbered("CANCEL_1");
  asio::io_context context;
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  const auto done = [&](std::exception_ptr error, const UnifiedOrderResult&) { failure = error; };
  asio::co_spawn(context, weixin.payment.unifiedOrder(order), asio::bind_cancellation_slot(signal.slot(), done));
  asio::steady_timer timer{context, std::chrono::milliseconds{300}};
  timer.async_wait([&](const boost::system::error_code&) { signal.emit(asio::cancellation_type::terminal); });
  context.run();
  expectFailure({Errc::cancelled, Outcome::unknown}, "weixin", "payment.unifiedOrder", [&] {
    if (failure) std::rethrow_exception(failure);
  });
}

namespace {

/// Receives one notification over a socket and hands its bytes on: what a merchant's server does.
Event receiveNotification(const std::function<void(const std::string& url)>& trigger) {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
  trigger("http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/notify");
  std::optional<asio::ip::tcp::socket> socket;
  acceptor.async_accept([&](const boost::system::error_code& error, asio::ip::tcp::socket accepted) {
    if (!error) socket.emplace(std::move(accepted));
  });
  context.run_for(std::chrono::seconds{20});
  BOOST_TEST_REQUIRE(socket.has_value(), "no notification came");
  beast::flat_buffer buffer;
  beast::http::request<beast::http::string_body> request;
  beast::http::read(*socket, buffer, request);
  beast::http::write(*socket, responseFrom(notifyReply(Provider::weixin, true), request.version(), false));
  return eventFrom(request);
}

Event paidNotification(const std::string& number) {
  auto weixin = world().weixin();
  return receiveNotification([&](const std::string& url) {
    auto order = orderNumbered(number);
    order.notifyUrl = url;
    (void)wait(weixin.payment.unifiedOrder(order));
    world().sandbox.control("POST", "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", number}});
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_genuine_notification_for_somebody_else_is_an_identity_mismatch) {
  const auto event = paidNotification("NOTIFY_1");
  auto weixin = world().weixin();
  BOOST_TEST(wait(weixin.payment.verifyPaymentNotify(event)).totalFee.count() == 8800);
  auto config = world().weixinConfig;
  config.appId = "wx0000000000000000";
  Weixin other{world().context.get_executor(), config, world().options};
  expectFailure({Errc::identityMismatch, Outcome::notSent}, "weixin", "payment.verifyPaymentNotify",
                [&] { (void)wait(other.payment.verifyPaymentNotify(event)); });
}

BOOST_AUTO_TEST_CASE(an_old_notification_is_stale_for_those_who_ask_for_fresh_ones) {
  const auto event = paidNotification("NOTIFY_2");
  auto config = world().weixinConfig;
  config.notifyMaxAge = 3600;
  Weixin strict{world().context.get_executor(), config, world().options};
  BOOST_TEST(wait(strict.payment.verifyPaymentNotify(event)).outTradeNo == "NOTIFY_2");
  // The platform's clock runs an hour and more ahead: to this machine the next payment lies in the future.
  world().sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 7200}});
  const auto future = paidNotification("NOTIFY_3");
  expectFailure({Errc::stale, Outcome::notSent}, "weixin", "payment.verifyPaymentNotify",
                [&] { (void)wait(strict.payment.verifyPaymentNotify(future)); });
}

BOOST_AUTO_TEST_CASE(a_damaged_notification_is_a_bad_response) {
  auto event = paidNotification("NOTIFY_4");
  event.body.resize(event.body.size() / 2);
  auto weixin = world().weixin();
  expectFailure({Errc::badResponse, Outcome::notSent}, "weixin", "payment.verifyPaymentNotify",
                [&] { (void)wait(weixin.payment.verifyPaymentNotify(event)); });
}

BOOST_AUTO_TEST_SUITE_END()
