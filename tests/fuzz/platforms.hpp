#pragma once

#include <openapi/error.hpp>

#include <alipay/operations.hpp>
#include <marshal/json_struct.hpp>
#include <weixin/payment_operations.hpp>

#include <fstream>
#include <iterator>
#include <string>

#include "oracle.hpp"

namespace fuzz {

inline std::string readKey(const char* name) {
  std::ifstream file{std::string{OPENAPI_SOURCE_DIR} + "/tests/golden/keys/" + name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline openapi::weixin::PaymentSettings weixinSettings() {
  openapi::WeixinConfig config;
  config.appId = "wx2421b1c4370ec43b";
  config.mchId = "10000100";
  config.key = "192006250b4c09247ec02edce69f6a2d";
  return openapi::weixin::paymentSettings(config);
}

inline openapi::alipay::Settings alipaySettings() {
  openapi::AlipayConfig config;
  config.appId = "2021000122671080";
  config.privateKey = readKey("app_private_pkcs8.b64");
  config.alipayPublicKey = readKey("alipay_public.b64");
  return openapi::alipay::settingsFrom(config);
}

/// Runs `work`, which may throw `Error` and nothing else.
template <class Work>
void expectErrorOr(const Work& work) {
  try {
    work();
  } catch (const openapi::Error& error) {
    require(!std::string_view{error.what()}.empty(), "an error without a message");
    require(error.code().value() != 0, "an error without a code");
  }
}

/// What is accepted can be written as JSON, and the JSON reads back.
template <class Result>
void requireWritable(const Result& result) {
  const auto text = openapi::marshal::toJson<openapi::marshal::CamelStyle>(result).json();
  require(openapi::Json::parse(text).object() != nullptr, "a result that is no JSON object");
}

}  // namespace fuzz
