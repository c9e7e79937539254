#pragma once

#include <codec/text.hpp>
#include <codec/xml.hpp>
#include <crypto/digest.hpp>
#include <gateways/platform.hpp>

#include <support/files.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// A WeChat merchant without a library: it builds, signs and checks messages by hand.
namespace weixin_bench {

using namespace openapi;
using namespace openapi::gateway;
using openapi::test::readFile;
using Params = std::map<std::string, std::string>;

inline std::string handSign(const Params& params, const std::string& key, bool hmac = false) {
  std::string text;
  for (const auto& [name, value] : params) {
    if (name != "sign" && !value.empty()) text += name + "=" + value + "&";
  }
  text += "key=" + key;
  return hmac ? codec::toUpperHex(crypto::hmacSha256(key, text)) : codec::toUpperHex(crypto::md5(text));
}

inline std::string handXml(const Params& params) {
  std::string text = "<xml>";
  for (const auto& [name, value] : params) text += "<" + name + "><![CDATA[" + value + "]]></" + name + ">";
  return text + "</xml>";
}

struct Answer {
  Reply reply{};
  Params fields{};
  [[nodiscard]] std::string operator[](const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string{} : found->second;
  }
};

inline Params readXml(const std::string& text, const std::string& root = "xml") {
  Params fields;
  const auto xml = codec::FlatXml::parse(text, root);
  for (const auto& field : xml.fields()) fields.emplace(field.name, field.value);
  return fields;
}

/// One platform with a clock of its own, and a merchant whose notification answers the test chooses.
struct Bench {
  std::string key = "192006250b4c09247ec02edce69f6a2d";
  std::string appId = "wx2421b1c4370ec43b";
  std::string mchId = "10000100";
  Time systemNow = *parseReadableTime("2026-11-20 12:00:00");
  Clock clock{[this] { return systemNow; }};
  Database database{};
  std::vector<NotifyAttempt> sent{};
  NotifyAnswer merchantAnswer{
      200, "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>", ""};
  Notifier notifier{clock, database, 1, [this](const NotifyAttempt& attempt, auto done) {
                      sent.push_back(attempt);
                      done(merchantAnswer);
                    }};
  std::unique_ptr<Platform> platform;

  explicit Bench(WeixinIdentity identity = {}) : platform{makeWeixinPlatform(std::move(identity), {clock, database, notifier})} {}
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void advance(std::chrono::milliseconds by) {
    clock.advance(by);
    notifier.runDue();
  }

  [[nodiscard]] static Request request(const std::string& path, std::string body) {
    Request request;
    request.method = "POST";
    request.path = path;
    request.body = std::move(body);
    request.clientCertificate = "/CN=10000100 sha256=00";
    request.clientName = "10000100";
    return request;
  }

  [[nodiscard]] Params common(Params params) const {
    params.insert({{"appid", appId}, {"mch_id", mchId}, {"nonce_str", "ibuaiVcKdpRxkhJA"}});
    return params;
  }

  [[nodiscard]] std::string body(const Params& params, bool hmac = false) const {
    auto all = common(params);
    if (hmac) all["sign_type"] = "HMAC-SHA256";
    all["sign"] = handSign(all, key, hmac);
    return handXml(all);
  }

  [[nodiscard]] Answer send(const Request& request) const {
    Answer answer;
    answer.reply = platform->handle(request);
    if (answer.reply.body.starts_with("<xml>")) answer.fields = readXml(answer.reply.body);
    return answer;
  }

  [[nodiscard]] Answer call(const std::string& path, const Params& params, bool hmac = false) const {
    return send(request(path, body(params, hmac)));
  }

  [[nodiscard]] static Params order(const std::string& number, const std::string& fee = "100") {
    return {{"body", "季卡"},
            {"out_trade_no", number},
            {"total_fee", fee},
            {"spbill_create_ip", "127.0.0.1"},
            {"notify_url", "http://127.0.0.1:1/notify"},
            {"trade_type", "JSAPI"},
            {"openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}};
  }

  Answer create(const std::string& number, const std::string& fee = "100") {
    return call("/pay/unifiedorder", order(number, fee));
  }

  Json pay(const std::string& number) { return platform->pay(Fields{{"outTradeNo", number}}); }

  void createPaid(const std::string& number, const std::string& fee = "100") {
    static_cast<void>(create(number, fee));
    static_cast<void>(pay(number));
  }

  Answer refund(const std::string& number, const std::string& refundNumber, const std::string& total, const std::string& fee,
                Params more = {}) {
    more.insert({{"out_trade_no", number}, {"out_refund_no", refundNumber}, {"total_fee", total}, {"refund_fee", fee}});
    return call("/secapi/pay/refund", more);
  }

  /// Whether the signature of an answer or notification is right.
  [[nodiscard]] bool verifies(const Params& fields, bool hmac = false) const {
    return fields.contains("sign") && fields.at("sign") == handSign(fields, key, hmac);
  }
};

inline std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::string rest = text;
  for (auto at = rest.find("\r\n"); at != std::string::npos; at = rest.find("\r\n")) {
    lines.push_back(rest.substr(0, at));
    rest = rest.substr(at + 2);
  }
  BOOST_TEST(rest.empty());
  return lines;
}

inline void checkUnsigned(const Answer& answer, const std::string& message) {
  BOOST_TEST(answer["return_code"] == "FAIL");
  BOOST_TEST(answer["return_msg"] == message);
  BOOST_TEST(!answer.fields.contains("sign"));
}

inline void checkRefused(const Bench& bench, const Answer& answer, const std::string& code, const std::string& description = {}) {
  BOOST_TEST(answer["return_code"] == "SUCCESS");
  BOOST_TEST(answer["result_code"] == "FAIL");
  BOOST_TEST(answer["err_code"] == code);
  BOOST_TEST(!answer["err_code_des"].empty());
  if (!description.empty()) BOOST_TEST(answer["err_code_des"] == description);
  BOOST_TEST(answer["appid"] == bench.appId);
  BOOST_TEST(answer["mch_id"] == bench.mchId);
  BOOST_TEST(bench.verifies(answer.fields));
}

/// The status of the answer of the control server to `run`.
inline int controlStatus(const std::function<void()>& run) {
  try {
    run();
  } catch (const ControlError& e) {
    return e.status();
  }
  return 200;
}

}  // namespace weixin_bench
