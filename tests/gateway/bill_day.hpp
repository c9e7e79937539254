#pragma once

#include <boost/test/unit_test.hpp>

#include <openapi/openapi.hpp>

#include <gateways/sandbox.hpp>
#include <stamp.hpp>
#include <support/files.hpp>

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>

/// A day of trade on both local platforms, and a folder for their bills.
namespace bill_day {

using namespace openapi;
namespace fs = std::filesystem;

inline std::string textAt(const Json& json, const char* name) {
  const Json* value = json.find(name);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string{};
}

/// A day of trade on both platforms, seen from the day after.
struct Day {
  Day() {
    folder = (fs::temp_directory_path() / "openapi-bills-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(folder.data()) != nullptr);
    today = formatGmt8(std::chrono::system_clock::now(), "%Y%m%d");
    for (int i = 1; i <= 3; ++i) sell("B" + std::to_string(i), i);
    RefundRequest back{.outTradeNo = "B3", .outRefundNo = "R3", .totalFee = Fen{300}, .refundFee = Fen{100}};
    (void)wait(weixin().payment.refund(back));
    (void)wait(alipay().payment.refund(back));
    sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 86'400}});
  }
  ~Day() { fs::remove_all(folder); }

  void sell(const std::string& number, int yuan) {
    UnifiedOrderRequest order{.openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
                              .subject = "季卡",
                              .body = "一, 二",
                              .outTradeNo = number,
                              .totalFee = Fen{100 * yuan},
                              .notifyUrl = "http://127.0.0.1:9/notify"};
    (void)wait(weixin().payment.unifiedOrder(order));
    order.openid = "2088102146225135";
    (void)wait(alipay().payment.unifiedOrder(order));
    for (const char* provider : {"weixin", "alipay"}) {
      sandbox.control("POST", "/pay", Fields{{"provider", provider}, {"outTradeNo", number}});
    }
  }

  Weixin weixin() {
    const auto config = *Json::parse(test::readFile(sandbox.configDir() + "/weixin.json")).object();
    WeixinConfig made;
    made.appId = textAt(config, "appId");
    made.mchId = textAt(config, "mchId");
    made.key = textAt(config, "key");
    made.pfx = test::readFile(fs::path{sandbox.configDir()} / textAt(config, "pfxFile"));
    made.payBaseUrl = sandbox.urls().weixinPay;
    return Weixin{context.get_executor(), made, options()};
  }
  Alipay alipay() {
    const auto config = *Json::parse(test::readFile(sandbox.configDir() + "/alipay.json")).object();
    AlipayConfig made;
    made.appId = textAt(config, "appId");
    made.privateKey = test::readFile(fs::path{sandbox.configDir()} / textAt(config, "privateKeyFile"));
    made.alipayPublicKey = test::readFile(fs::path{sandbox.configDir()} / textAt(config, "alipayPublicKeyFile"));
    made.gateway = sandbox.urls().alipay;
    return Alipay{context.get_executor(), made, options()};
  }
  HttpOptions options() {
    HttpOptions made;
    made.caFile = sandbox.urls().caFile;
    made.proxy = "";
    made.maxAttempts = 1;
    return made;
  }

  void fault(const char* path, const char* kind, Fields more = {}) {
    more.set("path", path);
    more.set("fault", kind);
    sandbox.control("POST", "/fault", more);
  }

  /// Everything in the folder, hidden files too.
  std::set<std::string> files() {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator{folder}) names.insert(entry.path().filename().string());
    return names;
  }
  std::string file(const char* name) { return folder + "/" + name; }

  gateway::Sandbox sandbox{};
  boost::asio::io_context context{};
  std::string folder;
  std::string today;
};

inline Day& day() {
  static Day shared;
  return shared;
}

inline SavedBill save(Payment& payment, const DownloadBillRequest& request, const std::string& path) {
  return wait(payment.downloadBill(request, bill::makeBillFile(path)));
}

template <class Work>
Error failureOf(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  BOOST_FAIL("it went well");
  throw std::logic_error{"unreachable"};
}

}  // namespace bill_day
