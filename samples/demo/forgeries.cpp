#include "forgeries.hpp"

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <codec/xml.hpp>
#include <crypto/aes.hpp>
#include <crypto/rsa.hpp>
#include <gateways/alipay/wire.hpp>
#include <gateways/keys.hpp>
#include <gateways/weixin/message.hpp>

#include <algorithm>

namespace demo {

namespace {

namespace codec = openapi::codec;
namespace crypto = openapi::crypto;
namespace weixin = openapi::gateway::weixin;
namespace alipay = openapi::gateway::alipay;
using openapi::Errc;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr auto otherKey = "00000000000000000000000000000000";

std::string& valueOf(Pairs& fields, std::string_view name) {
  return std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; })->second;
}

std::string valueOf(const Pairs& fields, std::string_view name) {
  return std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; })->second;
}

Pairs without(Pairs fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  return fields;
}

Pairs with(Pairs fields, std::string_view name, const std::string& value) {
  valueOf(fields, name) = value;
  return fields;
}

Pairs swapped(Pairs fields, std::string_view one, std::string_view other) {
  std::swap(valueOf(fields, one), valueOf(fields, other));
  return fields;
}

std::string insertBefore(std::string text, std::string_view place, const std::string& addition) {
  return text.insert(text.find(place), addition);
}

class WeixinForger {
 public:
  explicit WeixinForger(const ForgersView& view) : view_{view}, genuine_{fieldsOf(view.weixinPayment)} {
    claim_ = without(genuine_, "sign");
    valueOf(claim_, "out_trade_no") = view.weixinVictim.number;
    valueOf(claim_, "transaction_id") = "4200000000202611210000000001";
    for (const auto* name : {"total_fee", "cash_fee"}) valueOf(claim_, name) = std::to_string(view.weixinVictim.amount.count());
  }

  [[nodiscard]] std::vector<Forgery> all() const {
    const auto victim = view_.weixinVictim.number;
    const auto second = "<out_trade_no>" + victim + "</out_trade_no>";
    const std::string doctype = "<!DOCTYPE xml [<!ENTITY n \"" + victim + "\">]>";
    return {
        payment("another key 密钥不符", Errc::badSignature, signedClaim(claim_, otherKey)),
        payment("another key 密钥不符", Errc::badSignature, signedClaim(claim_, "")),
        payment("edited amount 篡改金额", Errc::badSignature,
                xml(with(genuine_, "total_fee", valueOf(genuine_, "total_fee") + "0"))),
        payment("replayed signature 重放签名", Errc::badSignature, xml(with(genuine_, "out_trade_no", victim))),
        payment("replayed signature 重放签名", Errc::badSignature, xml(swapped(genuine_, "out_trade_no", "transaction_id"))),
        payment("replayed signature 重放签名", Errc::badResponse, xml(boundaryMoved())),
        payment("another app's 其他应用", Errc::identityMismatch,
                signedClaim(with(claim_, "appid", "wx0000000000000000"), view_.weixinKey)),
        payment("another merchant's 其他商户", Errc::identityMismatch, signedClaim(with(claim_, "mch_id", "10000101"), otherKey)),
        payment("no signature 无签名", Errc::badSignature, xml(claim_)),
        payment("repeated field 重复字段", Errc::badSignature, insertBefore(view_.weixinPayment, "</xml>", second)),
        payment("document type 外部实体", Errc::badResponse,
                doctype + insertBefore(xml(without(claim_, "out_trade_no")), "</xml>", "<out_trade_no>&n;</out_trade_no>")),
        refund("another key 密钥不符", Errc::badResponse, encrypted(otherKey)),
        refund("not encrypted 未加密", Errc::badResponse, xml(with(outer(), "req_info", codec::toBase64(inner()))))};
  }

  [[nodiscard]] Forgery withRightKey() const { return payment("", {}, signedClaim(claim_, view_.weixinKey)); }

 private:
  static Pairs fieldsOf(const std::string& body) {
    Pairs fields;
    const auto document = codec::FlatXml::parse(body, "xml");
    for (const auto& field : document.fields()) fields.emplace_back(field.name, field.value);
    return fields;
  }
  static std::string xml(const Pairs& fields) { return codec::writeXml("xml", fields); }
  static std::string signedClaim(Pairs fields, const std::string& key) {
    return xml(weixin::withSignature(without(std::move(fields), "nonce_str"), key, weixin::SignType::md5));
  }
  static Forgery payment(std::string kind, Errc reason, std::string body) {
    return {std::move(kind), "/weixin", "text/xml", std::move(body), reason};
  }
  static Forgery refund(std::string kind, Errc reason, std::string body) {
    return {std::move(kind), "/weixin/refund", "text/xml", std::move(body), reason};
  }

  /// The same text to sign, cut into fields at another place: the signature still fits.
  [[nodiscard]] Pairs boundaryMoved() const {
    auto fields = genuine_;
    const auto number = valueOf(fields, "out_trade_no");
    valueOf(fields, "openid") += "&out_trade_no=" + number;
    return without(std::move(fields), "out_trade_no");
  }

  [[nodiscard]] Pairs outer() const { return fieldsOf(view_.weixinRefund); }
  [[nodiscard]] std::string inner() const {
    const Pairs fields{{"out_refund_no", "R1"},
                       {"out_trade_no", view_.weixinVictim.number},
                       {"refund_fee", "1"},
                       {"refund_id", "50000000002026112100000000001"},
                       {"refund_status", "SUCCESS"},
                       {"total_fee", std::to_string(view_.weixinVictim.amount.count())},
                       {"transaction_id", "4200000000202611210000000001"}};
    return codec::writeXml("root", fields);
  }
  [[nodiscard]] std::string encrypted(const std::string& key) const {
    return xml(with(outer(), "req_info", codec::toBase64(crypto::encryptAes256Ecb(weixin::refundKey(key), inner()))));
  }

  const ForgersView& view_;
  Pairs genuine_;
  Pairs claim_;
};

class AlipayForger {
 public:
  explicit AlipayForger(const ForgersView& view) : view_{view}, genuine_{codec::parseForm(view.alipayPayment)} {
    claim_ = without(genuine_, "sign");
    valueOf(claim_, "out_trade_no") = view.alipayVictim.number;
    valueOf(claim_, "total_amount") = view.alipayVictim.amount.yuan();
    valueOf(claim_, "trade_no") = "2026112122001400000000000001";
  }

  [[nodiscard]] std::vector<Forgery> all() const {
    const auto own = openapi::gateway::makeRsaPair().privateKey;
    const auto& real = view_.alipayPrivateKey;
    const auto victim = view_.alipayVictim.number;
    return {payment("another key 密钥不符", Errc::badSignature, signedClaim(claim_, own, crypto::RsaDigest::sha256)),
            payment("edited amount 篡改金额", Errc::badSignature,
                    codec::writeForm(with(genuine_, "total_amount", "1" + valueOf(genuine_, "total_amount")))),
            payment("replayed signature 重放签名", Errc::badSignature,
                    codec::writeForm(swapped(genuine_, "out_trade_no", "trade_no"))),
            payment("another app's 其他应用", Errc::identityMismatch,
                    signedClaim(with(claim_, "app_id", "2021000000000000"), real, crypto::RsaDigest::sha256)),
            payment("another merchant's 其他商户", Errc::identityMismatch,
                    signedClaim(with(claim_, "seller_id", "2088000000000000"), real, crypto::RsaDigest::sha256)),
            payment("SHA-1 downgrade 降级为SHA-1", Errc::badSignature,
                    signedClaim(with(claim_, "sign_type", "RSA"), real, crypto::RsaDigest::sha1)),
            payment("repeated field 重复字段", Errc::badResponse, view_.alipayPayment + "&out_trade_no=" + victim)};
  }

  [[nodiscard]] Forgery withRightKey() const {
    return payment("", {}, signedClaim(claim_, view_.alipayPrivateKey, crypto::RsaDigest::sha256));
  }

 private:
  static Forgery payment(std::string kind, Errc reason, std::string body) {
    return {std::move(kind), "/alipay", "application/x-www-form-urlencoded", std::move(body), reason};
  }
  static std::string signedClaim(Pairs fields, const std::string& key, crypto::RsaDigest digest) {
    const auto content = alipay::notifyStringToSign(fields);
    fields.emplace_back("sign", crypto::PrivateKey::load(key, "key").sign(content, digest));
    return codec::writeForm(fields);
  }

  const ForgersView& view_;
  Pairs genuine_;
  Pairs claim_;
};

}  // namespace

std::vector<Forgery> forge(const ForgersView& view) {
  auto forgeries = WeixinForger{view}.all();
  const auto more = AlipayForger{view}.all();
  forgeries.insert(forgeries.end(), more.begin(), more.end());
  return forgeries;
}

std::vector<Forgery> withRightKeys(const ForgersView& view) {
  return {WeixinForger{view}.withRightKey(), AlipayForger{view}.withRightKey()};
}

}  // namespace demo
