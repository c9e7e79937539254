#pragma once

#include <codec/form.hpp>
#include <codec/json_slices.hpp>
#include <codec/text.hpp>
#include <crypto/rsa.hpp>
#include <gateways/alipay/alipay_platform.hpp>

#include <support/files.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// An Alipay merchant without a library: it builds, signs and checks messages by hand.
namespace alipay_bench {

using namespace openapi;
using namespace openapi::gateway;
using Params = std::map<std::string, std::string>;

inline std::string fileText(const std::string& path) { return test::readFile(test::sourcePath("tests/" + path)); }

/// `a=1&b=2` of the sorted parameters, but those in `without`.
inline std::string joined(const Params& params, const std::vector<std::string>& without) {
  std::string text;
  for (const auto& [name, value] : params) {
    if (std::find(without.begin(), without.end(), name) != without.end()) continue;
    text += (text.empty() ? "" : "&") + name + "=" + value;
  }
  return text;
}

inline std::string form(const Params& params) {
  codec::FormFields fields;
  for (const auto& [name, value] : params) fields.emplace_back(name, value);
  return codec::writeForm(fields);
}

inline AlipayIdentity goldenIdentity() {
  AlipayIdentity identity;
  identity.appPrivateKey = fileText("golden/keys/app_private_pkcs8.pem");
  identity.appPublicKey = fileText("golden/keys/app_public.pem");
  identity.alipayPrivateKey = fileText("golden/keys/alipay_private_pkcs8.pem");
  identity.alipayPublicKey = fileText("golden/keys/alipay_public.pem");
  return identity;
}

/// What came back, and whether its signature is good.
struct Answer {
  Reply reply{};
  std::string root{};
  std::string raw{};  ///< the node as it was sent
  Json node{};
  bool hasSign = false;
  bool verified = false;
  [[nodiscard]] std::string operator[](std::string_view name) const {
    const auto* value = node.find(name);
    if (value == nullptr) return {};
    return value->string() != nullptr ? *value->string() : value->json();
  }
  [[nodiscard]] bool has(std::string_view name) const { return node.find(name) != nullptr; }
};

/// One platform with a clock of its own, and a merchant whose notification answers the test chooses.
struct Bench {
  AlipayIdentity identity;
  Time systemNow = *parseReadableTime("2026-11-20 12:00:00");
  Clock clock{[this] { return systemNow; }};
  Database database{};
  std::vector<NotifyAttempt> sent{};
  NotifyAnswer merchantAnswer{200, "success", ""};
  Notifier notifier{clock, database, 1, [this](const NotifyAttempt& attempt, auto done) {
                      sent.push_back(attempt);
                      done(merchantAnswer);
                    }};
  alipay::AlipayPlatform platform;
  crypto::PrivateKey appKey;
  crypto::PublicKey alipayKey;
  std::string signType = "RSA2";
  std::string charset = "utf-8";

  explicit Bench(AlipayIdentity who = goldenIdentity())
      : identity{std::move(who)},
        platform{identity, {clock, database, notifier}},
        appKey{crypto::PrivateKey::load(fileText("golden/keys/app_private_pkcs8.pem"), "privateKey")},
        alipayKey{crypto::PublicKey::load(identity.alipayPublicKey, "alipayPublicKey")} {}
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void advance(std::chrono::milliseconds by) {
    clock.advance(by);
    notifier.runDue();
  }

  [[nodiscard]] crypto::RsaDigest digest(const std::string& type) const {
    return type == "RSA" ? crypto::RsaDigest::sha1 : crypto::RsaDigest::sha256;
  }

  [[nodiscard]] Params system(const std::string& method) const {
    return {{"app_id", identity.appId},
            {"method", method},
            {"format", "JSON"},
            {"charset", charset},
            {"sign_type", signType},
            {"version", "1.0"},
            {"timestamp", readableTime(clock.now())}};
  }

  [[nodiscard]] Params params(const std::string& method, const std::string& biz, const Params& more = {}) const {
    auto all = system(method);
    if (!biz.empty()) all["biz_content"] = biz;
    for (const auto& [name, value] : more) all[name] = value;
    std::erase_if(all, [](const auto& item) { return item.second.empty(); });
    return all;
  }

  [[nodiscard]] Params signedParams(Params all) const {
    all["sign"] = appKey.sign(joined(all, {"sign"}), digest(signType));
    return all;
  }

  [[nodiscard]] static Request post(const std::string& query, std::string body) {
    Request request;
    request.method = "POST";
    request.path = "/gateway.do";
    request.query = query;
    request.headers.add("Host", "127.0.0.1:4711");
    request.headers.add("Content-Type", "application/x-www-form-urlencoded;charset=utf-8");
    request.body = std::move(body);
    return request;
  }

  [[nodiscard]] static Request request(const Params& all) { return post("charset=" + all.at("charset"), form(all)); }

  [[nodiscard]] Answer read(Reply reply) const {
    Answer answer;
    answer.reply = std::move(reply);
    const auto type = charset == "utf-8" ? alipay::Charset::utf8 : alipay::Charset::gbk;
    std::string sign;
    const auto text = alipay::toUtf8(answer.reply.body, type).value();
    for (const auto& member : codec::topLevelMembers(text)) {
      if (member.name == "sign") {
        answer.hasSign = true;
        sign = std::string{member.value.substr(1, member.value.size() - 2)};
      } else {
        answer.root = member.name;
        answer.raw = std::string{member.value};
      }
    }
    answer.node = Json::parse(answer.raw);
    answer.verified = answer.hasSign && alipayKey.verify(alipay::fromUtf8(answer.raw, type), sign, digest(signType));
    return answer;
  }

  [[nodiscard]] Answer send(const Params& all) { return read(platform.handle(request(all))); }
  [[nodiscard]] Answer call(const std::string& method, const std::string& biz, const Params& more = {}) {
    return send(signedParams(params(method, biz, more)));
  }

  [[nodiscard]] std::string orderString(const std::string& method, const std::string& biz, const Params& more = {}) const {
    return form(signedParams(params(method, biz, more)));
  }

  /// A paid order of `yuan`.
  void trade(const std::string& outTradeNo, const std::string& yuan, const Params& more = {}) {
    const auto answer = call("alipay.trade.create", orderBiz(outTradeNo, yuan), more);
    if (answer["code"] != "10000") throw std::runtime_error{answer.raw};
    platform.pay(Fields{{"outTradeNo", outTradeNo}});
  }

  [[nodiscard]] static std::string orderBiz(const std::string& outTradeNo, const std::string& yuan,
                                            const std::string& more = {}) {
    return R"({"out_trade_no":")" + outTradeNo + R"(","total_amount":")" + yuan +
           R"(","subject":"季卡","buyer_id":"2088102146225135")" + more + "}";
  }
};

/// A notification, decoded once.
struct Notice {
  codec::FormFields fields;
  Params params{};
  explicit Notice(const std::string& body) : fields{codec::parseForm(body)} {
    for (const auto& [name, value] : fields) params[name] = value;
  }
  [[nodiscard]] std::string operator[](const std::string& name) const {
    const auto found = params.find(name);
    return found == params.end() ? std::string{} : found->second;
  }
  [[nodiscard]] bool verify(const crypto::PublicKey& key, crypto::RsaDigest digest = crypto::RsaDigest::sha256) const {
    return key.verify(joined(params, {"sign", "sign_type"}), (*this)["sign"], digest);
  }
};

inline void refused(const Answer& answer, const std::string& code, const std::string& subCode) {
  BOOST_TEST_CONTEXT(answer.reply.body) {
    BOOST_TEST(answer["code"] == code);
    BOOST_TEST(answer["sub_code"] == subCode);
    BOOST_TEST(!answer["sub_msg"].empty());
  }
}

inline void accepted(const Answer& answer) {
  BOOST_TEST_CONTEXT(answer.reply.body) {
    BOOST_TEST(answer["code"] == "10000");
    BOOST_TEST(answer["msg"] == "Success");
    BOOST_TEST(answer.verified);
  }
}

inline std::string byNumber(const std::string& outTradeNo) { return R"({"out_trade_no":")" + outTradeNo + "\"}"; }

inline std::string refundBiz(const std::string& outTradeNo, const std::string& yuan, const std::string& requestNo) {
  const auto number = requestNo.empty() ? std::string{} : R"(,"out_request_no":")" + requestNo + "\"";
  return R"({"out_trade_no":")" + outTradeNo + R"(","refund_amount":")" + yuan + "\"" + number + "}";
}

/// How the control server refuses `call`; 0 when it does not.
inline int statusOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const ControlError& e) {
    return e.status();
  }
  return 0;
}

inline bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline std::string utf8(const std::string& gbk) { return codec::fromGb18030(gbk).value(); }

inline const Json& member(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  BOOST_REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

}  // namespace alipay_bench
