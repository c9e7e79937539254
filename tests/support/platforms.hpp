#pragma once

#include <boost/test/unit_test.hpp>

#include <support/files.hpp>

#include <openapi/openapi.hpp>

#include <alipay/operations.hpp>
#include <codec/form.hpp>
#include <codec/xml.hpp>
#include <crypto/rsa.hpp>
#include <crypto/sign_content.hpp>
#include <marshal/json_struct.hpp>
#include <weixin/payment_operations.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Both platforms' side of the wire, for tests: what a platform, or somebody who plays it, sends.
namespace openapi::test {

inline const std::string apiKey = "192006250b4c09247ec02edce69f6a2d";

inline std::string goldenKey(const std::string& name) { return readFile(sourcePath("tests/golden/keys/" + name)); }

inline WeixinConfig weixinConfig() {
  WeixinConfig config;
  config.appId = "wx2421b1c4370ec43b";
  config.mchId = "10000100";
  config.key = apiKey;
  config.pfx = goldenKey("apiclient_cert.p12");
  return config;
}

inline AlipayConfig alipayConfig() {
  AlipayConfig config;
  config.appId = "2021000122671080";
  config.privateKey = goldenKey("app_private_pkcs8.b64");
  config.alipayPublicKey = goldenKey("alipay_public.b64");
  return config;
}

inline const weixin::PaymentSettings& weixinSettings() {
  static const auto settings = weixin::paymentSettings(weixinConfig());
  return settings;
}

inline const alipay::Settings& alipaySettings() {
  static const auto settings = alipay::settingsFrom(alipayConfig());
  return settings;
}

/// The key that Alipay signs with.
inline const crypto::PrivateKey& alipayKey() {
  static const auto key = crypto::PrivateKey::load(goldenKey("alipay_private_pkcs8.pem"), "platform");
  return key;
}

using Wire = std::vector<std::pair<std::string, std::string>>;

inline std::string valueOf(const Wire& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [name](const auto& field) { return field.first == name; });
  return found == fields.end() ? std::string{} : found->second;
}

/// `fields` with `name` set, or without it.
inline Wire with(Wire fields, const std::string& name, const std::string& value) {
  std::erase_if(fields, [&name](const auto& field) { return field.first == name; });
  fields.emplace_back(name, value);
  return fields;
}
inline Wire without(Wire fields, const std::string& name) {
  std::erase_if(fields, [&name](const auto& field) { return field.first == name; });
  return fields;
}

inline std::string signContentOf(const Wire& fields, bool skipEmpty) {
  std::vector<crypto::NamedValue> named{fields.begin(), fields.end()};
  return crypto::signContent(named, skipEmpty);
}

inline std::string weixinSign(const Wire& fields, weixin::SignType type = weixin::SignType::md5,
                              const std::string& key = apiKey) {
  std::vector<crypto::NamedValue> named{fields.begin(), fields.end()};
  return weixin::sign(named, key, type);
}

inline std::string xmlOf(const Wire& fields) { return codec::writeXml("xml", fields); }

/// A message of WeChat with its sign.
inline std::string signedXml(const Wire& fields, weixin::SignType type = weixin::SignType::md5, const std::string& key = apiKey) {
  return xmlOf(with(fields, "sign", weixinSign(fields, type, key)));
}

/// An answer of Alipay's gateway: the node exactly as given, and its sign.
inline std::string signedAnswer(const std::string& name, const std::string& node) {
  return "{\"" + name + "\":" + node + ",\"sign\":\"" + alipayKey().sign(node, crypto::RsaDigest::sha256) + "\"}";
}

/// A notification of Alipay: `sign_type` stays out of the signed text.
inline Wire signedNotify(const Wire& fields, crypto::RsaDigest digest = crypto::RsaDigest::sha256) {
  return with(fields, "sign", alipayKey().sign(signContentOf(without(without(fields, "sign"), "sign_type"), false), digest));
}

inline std::string formOf(const Wire& fields) { return codec::writeForm(fields); }

inline HttpResponse ok(std::string body) { return {200, {}, std::move(body)}; }
inline Event event(std::string body) { return {{}, std::move(body), false}; }

template <class Result>
std::string jsonOf(const Result& result) {
  return marshal::toJson<marshal::CamelStyle>(result).json();
}

/// What every message must be: short, one line, without secrets.
inline void requireClearMessage(const Error& error) {
  const std::string_view message = error.what();
  BOOST_TEST(!message.empty());
  BOOST_TEST(message.size() < 1500u);
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  BOOST_TEST(std::none_of(message.begin(), message.end(), isControl), "control characters in: " << message.substr(0, 200));
  BOOST_TEST(message.find(apiKey) == std::string_view::npos);
}

/// The error that `work` fails with; that it succeeds, or fails with anything else, is a failure of the test.
template <class Work>
Error errorOf(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    requireClearMessage(error);
    return error;
  } catch (const std::exception& error) {
    BOOST_ERROR("not an openapi::Error: " << error.what());
    return {Errc::rejected, "none"};
  }
  BOOST_ERROR("accepted");
  return {Errc::rejected, "none"};
}

/// `work` fails with `code` and a message that holds `words`.
template <class Work>
void expectError(Errc code, std::string_view words, const Work& work) {
  const auto error = errorOf(work);
  BOOST_TEST(toString(error.errc()) == toString(code),
             "expected " << toString(code) << ", got " << toString(error.errc()) << ": " << error.what());
  BOOST_TEST(std::string_view{error.what()}.find(words) != std::string_view::npos, "no \"" << words << "\" in: " << error.what());
}

}  // namespace openapi::test
