#include "weixin_bench.hpp"

#include <crypto/client_identity.hpp>
#include <gateways/sandbox.hpp>
#include <http/client.hpp>
#include <openapi/error.hpp>
#include <openapi/transport.hpp>
#include <openapi/wait.hpp>

#include <support/files.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

using namespace openapi;
using namespace openapi::gateway;
using openapi::test::readFile;
using std::chrono::seconds;
using weixin_bench::handSign;
using weixin_bench::handXml;
using weixin_bench::Params;
using weixin_bench::readXml;

namespace {

const std::string acknowledgement =
    "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>";

struct Folder {
  std::filesystem::path path;
  explicit Folder(const std::string& name) : path{std::filesystem::path{OPENAPI_BINARY_DIR} / name} {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// The merchant's server for notifications: answers with what the test says, and lets it wait for what came.
class Shop {
 public:
  Shop()
      : server_{std::make_unique<HttpServer>(context_.get_executor(), std::uint16_t{0}, std::nullopt,
                                             [this](const Request& request) { return take(request); })},
        thread_{[this] { context_.run(); }} {}
  ~Shop() {
    context_.stop();
    thread_.join();
    server_.reset();
  }
  [[nodiscard]] std::string url() const { return server_->url() + "/notify"; }
  void answer(const std::string& body) {
    const std::lock_guard lock{mutex_};
    answer_ = body;
  }
  /// All notifications, once there are at least `count`.
  std::vector<std::string> waitFor(std::size_t count) {
    std::unique_lock lock{mutex_};
    const bool there = arrived_.wait_for(lock, seconds{60}, [&] { return bodies_.size() >= count; });
    BOOST_REQUIRE_MESSAGE(there, "notifications: " << bodies_.size() << " of " << count);
    return bodies_;
  }

 private:
  Reply take(const Request& request) {
    const std::lock_guard lock{mutex_};
    bodies_.push_back(request.body);
    arrived_.notify_all();
    return {.contentType = "text/xml", .body = answer_};
  }
  boost::asio::io_context context_{1};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::string> bodies_;
  std::string answer_ = acknowledgement;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

/// A merchant with a real HTTPS client.
class Merchant {
 public:
  explicit Merchant(const Sandbox& sandbox) : base_{sandbox.urls().weixinPay}, folder_{sandbox.configDir()} {
    HttpOptions options;
    options.caFile = sandbox.urls().caFile;
    options.proxy = "";
    options.maxAttempts = 1;
    client_ = http::makeClient(options);
    identity_ = ClientIdentity::fromP12(readFile(folder_ / "apiclient_cert.p12"), "10000100");
  }

  void present(std::shared_ptr<const ClientIdentity> identity) { identity_ = std::move(identity); }

  HttpResponse send(const std::string& path, Params params, bool certificate = false, const std::string& key = {}) {
    params.insert({{"appid", "wx2421b1c4370ec43b"}, {"mch_id", "10000100"}, {"nonce_str", "ibuaiVcKdpRxkhJA"}});
    params["sign"] = handSign(params, key.empty() ? key_ : key);
    HttpRequest request;
    request.url = base_ + path;
    request.headers.add("Content-Type", "text/xml; charset=utf-8");
    request.body = handXml(params);
    request.deadline = std::chrono::steady_clock::now() + seconds{30};
    if (certificate) request.identity = identity_;
    return wait(client_->send(request));
  }
  Params fields(const std::string& path, const Params& params, bool certificate = false) {
    const auto response = send(path, params, certificate);
    BOOST_TEST(response.status == 200);
    auto answer = readXml(response.body);
    if (answer.contains("sign")) BOOST_TEST(answer.at("sign") == handSign(answer, key_));
    return answer;
  }
  [[nodiscard]] static Params order(const std::string& number, const std::string& notifyUrl) {
    auto params = weixin_bench::Bench::order(number);
    params["notify_url"] = notifyUrl;
    return params;
  }
  [[nodiscard]] static Params refund(const std::string& number, const std::string& refundNumber) {
    return {{"out_trade_no", number}, {"out_refund_no", refundNumber}, {"total_fee", "100"}, {"refund_fee", "100"}};
  }

 private:
  std::string base_;
  std::filesystem::path folder_;
  std::string key_ = "192006250b4c09247ec02edce69f6a2d";
  std::shared_ptr<Transport> client_;
  std::shared_ptr<const ClientIdentity> identity_;
};

Errc failureOf(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& e) {
    return e.errc();
  }
  BOOST_FAIL("no error");
  return Errc::connect;
}

HttpResponse control(const Sandbox& sandbox, const std::string& method, const std::string& path, const std::string& body = {}) {
  HttpOptions options;
  options.proxy = "";
  const auto client = http::makeClient(options);
  HttpRequest request;
  request.method = method;
  request.url = sandbox.urls().control + path;
  request.body = body;
  request.deadline = std::chrono::steady_clock::now() + seconds{30};
  return wait(client->send(request));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox)

BOOST_AUTO_TEST_CASE(a_trade_over_real_sockets) {
  Shop shop;
  Sandbox sandbox;
  Merchant merchant{sandbox};
  BOOST_TEST(merchant.fields("/pay/unifiedorder", Merchant::order("S1", shop.url())).at("result_code") == "SUCCESS");
  const auto paid = control(sandbox, "POST", "/pay", R"({"provider":"weixin","outTradeNo":"S1"})");
  BOOST_TEST(paid.status == 200);
  BOOST_TEST(*Json::parse(paid.body).find("tradeState")->string() == "SUCCESS");
  const auto notified = shop.waitFor(1);
  BOOST_TEST(readXml(notified[0]).at("out_trade_no") == "S1");
  const auto without = merchant.send("/secapi/pay/refund", Merchant::refund("S1", "SR1"));
  BOOST_TEST(without.status == 400);
  BOOST_TEST(without.body.find("No required SSL certificate was sent") != std::string::npos);
  auto refund = Merchant::refund("S1", "SR1");
  refund["notify_url"] = shop.url();
  BOOST_TEST(merchant.fields("/secapi/pay/refund", refund, true).at("result_code") == "SUCCESS");
  BOOST_TEST(!readXml(shop.waitFor(2)[1]).at("req_info").empty());
  BOOST_TEST(merchant.fields("/pay/refundquery", {{"out_trade_no", "S1"}}).at("refund_status_0") == "SUCCESS");
  sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 86400}});
  const auto today = compactDate(systemTime());
  const auto bill = merchant.send("/pay/downloadbill", {{"bill_date", today}, {"bill_type", "ALL"}});
  BOOST_TEST(bill.body.find("`S1,`") != std::string::npos);
  BOOST_TEST(Json::parse(control(sandbox, "GET", "/orders").body).array()->size() == 1U);
  BOOST_TEST(Json::parse(control(sandbox, "GET", "/refunds").body).array()->size() == 1U);
  BOOST_TEST(Json::parse(control(sandbox, "GET", "/notifies").body).array()->size() == 2U);
}

BOOST_AUTO_TEST_CASE(faults_on_the_wire) {
  Sandbox sandbox;
  Merchant merchant{sandbox};
  const auto order = Merchant::order("W1", "http://127.0.0.1:1/");
  const auto fault = [&](const char* text) { BOOST_TEST(control(sandbox, "POST", "/fault", text).status == 200); };
  fault(R"({"path":"/pay/unifiedorder","fault":"dropAfterCommit"})");
  BOOST_TEST((failureOf([&] { merchant.send("/pay/unifiedorder", order); }) == Errc::connectionLost));
  BOOST_TEST(merchant.fields("/pay/orderquery", {{"out_trade_no", "W1"}}).at("trade_state") == "NOTPAY");
  fault(R"({"path":"/pay/unifiedorder","fault":"truncate"})");
  const auto cut = failureOf([&] { merchant.send("/pay/unifiedorder", order); });
  BOOST_TEST((cut == Errc::connectionLost || cut == Errc::badResponse));
  fault(R"({"path":"/pay/unifiedorder","fault":"status","status":502})");
  BOOST_TEST(merchant.send("/pay/unifiedorder", order).status == 502);
  fault(R"({"path":"/pay/unifiedorder","fault":"delay","ms":50})");
  const auto before = std::chrono::steady_clock::now();
  BOOST_TEST(merchant.fields("/pay/unifiedorder", order).at("result_code") == "SUCCESS");
  BOOST_TEST((std::chrono::steady_clock::now() - before >= std::chrono::milliseconds{50}));
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_authority_counts_as_none) {
  Sandbox sandbox;
  Merchant merchant{sandbox};
  merchant.present(ClientIdentity::fromP12(readFile(OPENAPI_SOURCE_DIR "/tests/golden/keys/apiclient_cert.p12"), "10000100"));
  BOOST_TEST(merchant.send("/secapi/pay/refund", Merchant::refund("S1", "SR1"), true).status == 400);
  BOOST_TEST(merchant.fields("/pay/orderquery", {{"out_trade_no", "S1"}}, true).at("err_code") == "ORDERNOTEXIST");
}

BOOST_AUTO_TEST_CASE(the_container_has_the_algorithms_of_wechats_own) {
  Sandbox sandbox;
  const auto p12 = readFile(std::filesystem::path{sandbox.configDir()} / "apiclient_cert.p12");
  // pbeWithSHA1And40BitRC2-CBC and pbeWithSHA1And3-KeyTripleDES-CBC: 1.2.840.113549.1.12.1.6 and .3
  BOOST_TEST(p12.find("\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06") != std::string::npos);
  BOOST_TEST(p12.find("\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_have_a_limit) {
  Sandbox sandbox;
  const auto status = [&](std::size_t size) {
    try {
      return control(sandbox, "POST", "/pay", std::string(size, ' ')).status;
    } catch (const Error& e) {
      return e.errc() == Errc::connectionLost ? 413 : 0;  // the server does not read on
    }
  };
  BOOST_TEST(status(HttpServer::maxBodyBytes) == 400);
  BOOST_TEST(status(HttpServer::maxBodyBytes + 1) == 413);
}

BOOST_AUTO_TEST_CASE(the_control_routes_say_what_is_wrong) {
  Sandbox sandbox;
  const auto check = [&](const std::string& method, const std::string& path, const std::string& body, int status,
                         const std::string& field) {
    BOOST_TEST_CONTEXT(method << " " << path << " " << body) {
      const auto response = control(sandbox, method, path, body);
      BOOST_TEST(response.status == status);
      const auto json = Json::parse(response.body);
      BOOST_TEST(!json.find("error")->string()->empty());
      BOOST_TEST(*json.find("field")->string() == field);
    }
  };
  check("POST", "/pay", "{", 400, "");
  check("POST", "/pay", "[]", 400, "");
  check("POST", "/pay", "{}", 400, "provider");
  check("POST", "/pay", R"({"provider":"bank"})", 400, "provider");
  check("POST", "/pay", R"({"provider":"weixin"})", 400, "outTradeNo");
  check("POST", "/pay", R"({"provider":"weixin","outTradeNo":"none"})", 404, "outTradeNo");
  check("POST", "/fault", R"({"path":"/x","fault":"explode"})", 400, "fault");
  check("POST", "/clock", "{}", 400, "advanceSeconds");
  check("POST", "/clock", R"({"advanceSeconds":-1})", 400, "advanceSeconds");
  check("POST", "/clock", R"({"advanceSeconds":"1"})", 400, "advanceSeconds");
  check("POST", "/notify", R"({"outTradeNo":"none"})", 404, "outTradeNo");
  check("POST", "/notify", R"({"hold":1})", 400, "hold");
  check("GET", "/nothing", "", 404, "");
  check("POST", "/nothing", "{}", 404, "");
  check("POST", "/usermessage", "{}", 400, "provider");
  check("POST", "/usermessage", R"({"provider":"weixin"})", 400, "provider");
  check("POST", "/nothing", R"({"provider":"weixin"})", 404, "");
  check("DELETE", "/orders", "", 404, "");
}

BOOST_AUTO_TEST_CASE(notifications_are_sent_again_on_the_scaled_schedule) {
  Shop shop;
  shop.answer("<xml><return_code><![CDATA[FAIL]]></return_code></xml>");
  SandboxOptions options;
  options.notifyScale = 3600;
  Sandbox sandbox{options};
  Merchant merchant{sandbox};
  static_cast<void>(merchant.fields("/pay/unifiedorder", Merchant::order("N1", shop.url())));
  sandbox.control("POST", "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", "N1"}});
  shop.waitFor(4);  // after 15, 15 and 30 seconds of the schedule
  shop.answer(acknowledgement);
  const auto seen = shop.waitFor(5).size();
  BOOST_TEST(seen >= 5U);
  sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 86400 * 2}});
  sandbox.control("POST", "/notify", Fields{{"outTradeNo", "N1"}, {"notifyTimes", 3}});
  shop.waitFor(8);
}

BOOST_AUTO_TEST_CASE(only_loopback_is_notified) {
  Sandbox sandbox;
  Merchant merchant{sandbox};
  static_cast<void>(merchant.fields("/pay/unifiedorder", Merchant::order("L1", "https://example.com/notify")));
  sandbox.control("POST", "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", "L1"}});
  for (;;) {
    const auto list = sandbox.control("GET", "/notifies");
    const auto& attempts = *list.array()->at(0).find("attempts")->array();
    if (attempts.empty()) continue;
    BOOST_TEST(*attempts[0].find("status")->integer() == 0);
    BOOST_TEST(*attempts[0].find("error")->string() == "the sandbox notifies loopback addresses only");
    break;
  }
}

BOOST_AUTO_TEST_CASE(configurations_are_ready_for_use) {
  const Folder folder{"gateway-config-test"};
  SandboxOptions options;
  options.writeConfigDir = (folder.path / "made" / "here").string();
  Sandbox sandbox{options};
  const auto ready = Json::parse(sandbox.readyLine());
  std::string names;
  for (const auto& field : *ready.object()) names += field.name + " ";
  BOOST_TEST(names == "weixinPay weixinApi alipay bmob control caFile ");
  BOOST_TEST(ready.find("alipay")->string()->ends_with("/gateway.do"));
  const auto config = [&](const char* name) { return Json::parse(readFile(std::filesystem::path{sandbox.configDir()} / name)); };
  const auto weixin = config("weixin.json");
  for (const auto* name : {"appId", "mchId", "key", "pfxFile", "payBaseUrl", "apiBaseUrl", "secret", "caFile"}) {
    BOOST_TEST(!weixin.find(name)->string()->empty());
  }
  BOOST_TEST(*weixin.find("payBaseUrl")->string() == sandbox.urls().weixinPay);
  const auto identity = ClientIdentity::fromP12(readFile(*weixin.find("pfxFile")->string()), *weixin.find("mchId")->string());
  BOOST_TEST(identity->certificate() != nullptr);
  const auto alipay = config("alipay.json");
  for (const auto* name : {"privateKeyFile", "alipayPublicKeyFile", "caFile"}) {
    BOOST_TEST(readFile(*alipay.find(name)->string()).starts_with("-----BEGIN "));
  }
  BOOST_TEST(*alipay.find("gateway")->string() == sandbox.urls().alipay);
  const auto bmob = config("bmob.json");
  for (const auto* name : {"baseUrl", "applicationId", "restApiKey", "secretKey", "safeCode", "masterKey", "caFile"}) {
    BOOST_TEST(!bmob.find(name)->string()->empty());
  }
}

BOOST_AUTO_TEST_CASE(the_state_survives_a_kill) {
  const Folder folder{"gateway-state-test"};
  SandboxOptions options;
  options.stateFile = (folder.path / "state.db").string();
  options.writeConfigDir = folder.path.string();
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const auto child = ::fork();
  if (child == 0) {
    Sandbox sandbox{options};
    Merchant merchant{sandbox};
    static_cast<void>(merchant.send("/pay/unifiedorder", Merchant::order("K1", "http://127.0.0.1:1/")));
    sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 3600}});
    sandbox.control("POST", "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", "K1"}});
    static_cast<void>(::write(ready[1], "x", 1) == 1);
    for (;;) ::pause();
  }
  char byte = 0;
  BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  const auto ca = readFile(folder.path / "ca.pem");
  Sandbox sandbox{options};
  BOOST_TEST(readFile(sandbox.urls().caFile) == ca);
  const auto orders = sandbox.control("GET", "/orders");
  BOOST_REQUIRE(orders.array()->size() == 1U);
  BOOST_TEST(*orders.array()->at(0).find("tradeState")->string() == "SUCCESS");
  const auto now = sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 0}});
  BOOST_TEST(*now.find("advancedSeconds")->integer() == 3600);
  Merchant merchant{sandbox};
  BOOST_TEST(merchant.fields("/secapi/pay/refund", Merchant::refund("K1", "KR1"), true).at("result_code") == "SUCCESS");
}

BOOST_AUTO_TEST_SUITE_END()
