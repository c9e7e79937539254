// The CPU work of a payment: notifications verified, orders built and signed, each beside its floor (the bare cryptography over
// the same bytes). Inputs are those that the peers read: bench/peers/gen.sh makes them.
#include <benchmark/benchmark.h>

#include <alipay/operations.hpp>
#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <weixin/payment_operations.hpp>

#include <openssl/evp.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

using namespace openapi;

namespace {

std::string input(const std::string& name) {
  const char* folder = std::getenv("OPENAPI_BENCH_WORK");
  const std::string path = std::string{folder != nullptr ? folder : OPENAPI_SOURCE_DIR "/bench/peers/work"} + "/" + name;
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"no " + path + ": run bench/peers/gen.sh first, or ./dev bench"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

const weixin::PaymentSettings& weixinSettings(const char* signType) {
  const auto make = [](const char* type) {
    WeixinConfig config;
    config.appId = "wx2421b1c4370ec43b";
    config.mchId = "10000100";
    config.key = "192006250b4c09247ec02edce69f6a2d";
    config.signType = type;
    return weixin::paymentSettings(config);
  };
  static const auto md5 = make("MD5");
  static const auto hmac = make("HMAC-SHA256");
  return std::string_view{signType} == "MD5" ? md5 : hmac;
}

const alipay::Settings& alipaySettings() {
  static const auto settings = [] {
    AlipayConfig config;
    config.appId = "2021000122671080";
    config.privateKey = input("keys/app_private.pem");
    config.alipayPublicKey = input("keys/alipay_public.pem");
    return alipay::settingsFrom(config);
  }();
  return settings;
}

Event eventOf(const std::string& body) {
  Event event;
  event.body = body;
  return event;
}

// ---- WeChat notifications

void floorMd5(benchmark::State& state) {
  const auto bytes = input("notify_md5.xml");
  for (auto _ : state) benchmark::DoNotOptimize(crypto::md5(bytes));
}
BENCHMARK(floorMd5)->Name("weixin notify MD5/floor: MD5 of the same bytes");

void weixinNotifyMd5(benchmark::State& state) {
  const auto event = eventOf(input("notify_md5.xml"));
  const auto& settings = weixinSettings("MD5");
  for (auto _ : state) benchmark::DoNotOptimize(weixin::paymentNotify(settings, event, {}));
}
BENCHMARK(weixinNotifyMd5)->Name("weixin notify MD5/openapi: parse + verify + struct");

void floorHmac(benchmark::State& state) {
  const auto bytes = input("notify_hmac.xml");
  for (auto _ : state) benchmark::DoNotOptimize(crypto::hmacSha256("192006250b4c09247ec02edce69f6a2d", bytes));
}
BENCHMARK(floorHmac)->Name("weixin notify HMAC/floor: HMAC-SHA256 of the same bytes");

void weixinNotifyHmac(benchmark::State& state) {
  const auto event = eventOf(input("notify_hmac.xml"));
  const auto& settings = weixinSettings("HMAC-SHA256");
  for (auto _ : state) benchmark::DoNotOptimize(weixin::paymentNotify(settings, event, {}));
}
BENCHMARK(weixinNotifyHmac)->Name("weixin notify HMAC/openapi: parse + verify + struct");

std::string elements(const std::vector<crypto::NamedValue>& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text.append("<").append(name).append(">").append(value).append("</").append(name).append(">");
  return text;
}

/// A notification with `more` fields, signed.
std::string validWith(const std::vector<crypto::NamedValue>& more) {
  std::vector<crypto::NamedValue> fields{{"appid", "wx2421b1c4370ec43b"},
                                         {"mch_id", "10000100"},
                                         {"out_trade_no", "20231115061320000188300219"},
                                         {"result_code", "SUCCESS"},
                                         {"return_code", "SUCCESS"},
                                         {"total_fee", "9900"},
                                         {"transaction_id", "4200001993202311151234567890"}};
  fields.insert(fields.end(), more.begin(), more.end());
  const std::string text = elements(fields);
  const auto sign = weixin::sign(fields, weixinSettings("MD5").key, weixin::SignType::md5);
  return "<xml>" + text + "<sign>" + sign + "</sign></xml>";
}

std::string validOf3Kb() {
  const std::string padding(2500, 'x');
  return validWith({{"zz_padding", padding}});
}

/// 3 KB of small fields.
std::string validOfManyFields() {
  std::vector<std::string> names;
  for (int at = 0; at < 190; ++at) names.push_back("f" + std::to_string(at));
  std::vector<crypto::NamedValue> more;
  for (const auto& name : names) more.emplace_back(name, "1");
  return validWith(more);
}

std::string hostile(const std::string& kind, std::size_t size) {
  std::string body = "<xml>";
  if (kind == "unclosed tags") {
    while (body.size() < size) body += "<a>";
  } else if (kind == "deep nesting") {
    while (body.size() < size / 2) body += "<a>";
    while (body.size() < size - 6) body += "</a>";
    body += "</xml>";
  } else if (kind == "many fields, wrong sign") {
    body = validOfManyFields();
    body.replace(body.find("<sign>"), std::string_view::npos, "<sign>" + std::string(32, '0') + "</sign></xml>");
  } else {
    body = "<!DOCTYPE x [<!ENTITY a \"";
    body += std::string(size, 'a') + "\">]><xml>&a;</xml>";
  }
  return body;
}

void weixinValid3Kb(benchmark::State& state) {
  const auto event = eventOf(validOf3Kb());
  for (auto _ : state) benchmark::DoNotOptimize(weixin::paymentNotify(weixinSettings("MD5"), event, {}));
}
BENCHMARK(weixinValid3Kb)->Name("weixin hostile 3 KB/floor: a valid one of 3 KB");

void weixinValidManyFields(benchmark::State& state) {
  const auto event = eventOf(validOfManyFields());
  for (auto _ : state) benchmark::DoNotOptimize(weixin::paymentNotify(weixinSettings("MD5"), event, {}));
}
BENCHMARK(weixinValidManyFields)->Name("weixin hostile many fields/floor: a valid one of as many fields");

void weixinHostile(benchmark::State& state, const char* kind) {
  const auto event = eventOf(hostile(kind, 3000));
  for (auto _ : state) {
    try {
      benchmark::DoNotOptimize(weixin::paymentNotify(weixinSettings("MD5"), event, {}));
      state.SkipWithError("a hostile notification was accepted");
    } catch (const Error& error) {
      benchmark::DoNotOptimize(error.errc());
    }
  }
}
BENCHMARK_CAPTURE(weixinHostile, unclosed, "unclosed tags")->Name("weixin hostile 3 KB/openapi: refuse unclosed tags");
BENCHMARK_CAPTURE(weixinHostile, deep, "deep nesting")->Name("weixin hostile 3 KB/openapi: refuse deep nesting");
BENCHMARK_CAPTURE(weixinHostile, many, "many fields, wrong sign")
    ->Name("weixin hostile many fields/openapi: refuse many fields, wrong sign");
BENCHMARK_CAPTURE(weixinHostile, doctype, "doctype")->Name("weixin hostile 3 KB/openapi: refuse DOCTYPE");

// ---- Alipay notifications

/// OpenSSL alone: base64 and digest left out, one prepared context.
void floorRsaVerify(benchmark::State& state) {
  const auto& key = alipaySettings().alipayPublicKey;
  const auto signature = codec::fromBase64(input("alipay_notify.sig")).value();
  const auto digest = crypto::sha256(input("alipay_notify.signstr"));
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context{
      EVP_PKEY_CTX_new_from_pkey(nullptr, key.native(), nullptr), &EVP_PKEY_CTX_free};
  EVP_PKEY_verify_init(context.get());
  EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256());
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  for (auto _ : state) {
    if (EVP_PKEY_verify(context.get(), bytes, signature.size(), digest.data(), digest.size()) != 1)
      state.SkipWithError("does not verify");
  }
}
BENCHMARK(floorRsaVerify)->Name("alipay notify RSA2/floor: RSA verify of a digest");

void alipayNotify(benchmark::State& state) {
  const auto event = eventOf(input("alipay_notify.form"));
  for (auto _ : state) benchmark::DoNotOptimize(alipay::paymentNotify(alipaySettings(), event, {}));
}
BENCHMARK(alipayNotify)->Name("alipay notify RSA2/openapi: parse + verify + struct");

// ---- orders

UnifiedOrderRequest order() {
  return {.openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
          .subject = "腾讯充值中心-QQ会员充值",
          .body = "腾讯充值中心-QQ会员充值",
          .outTradeNo = "20231115061320000188300219",
          .totalFee = Fen{9900},
          .notifyUrl = "https://api.example.com/n"};
}

void floorOrderMd5(benchmark::State& state) {
  const auto http = weixin::encode(weixinSettings("MD5"), order(), freshStamp());
  for (auto _ : state) benchmark::DoNotOptimize(crypto::md5(http.body));
}
BENCHMARK(floorOrderMd5)->Name("weixin order MD5/floor: MD5 of the body");

void weixinOrder(benchmark::State& state) {
  const auto request = order();
  const auto stamp = freshStamp();
  for (auto _ : state) benchmark::DoNotOptimize(weixin::encode(weixinSettings("MD5"), request, stamp));
}
BENCHMARK(weixinOrder)->Name("weixin order MD5/openapi: build + sign");

void floorRsaSign(benchmark::State& state) {
  const auto& key = alipaySettings().privateKey;
  const auto digest = crypto::sha256("a digest");
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context{
      EVP_PKEY_CTX_new_from_pkey(nullptr, key.native(), nullptr), &EVP_PKEY_CTX_free};
  EVP_PKEY_sign_init(context.get());
  EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256());
  std::string signature(256, '\0');
  for (auto _ : state) {
    std::size_t size = signature.size();
    if (EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, digest.data(), digest.size()) !=
        1) {
      state.SkipWithError("does not sign");
    }
  }
}
BENCHMARK(floorRsaSign)->Name("alipay request RSA2/floor: RSA sign of a digest");

void alipayOrder(benchmark::State& state) {
  const auto request = order();
  const auto stamp = freshStamp();
  for (auto _ : state) benchmark::DoNotOptimize(alipay::encode(alipaySettings(), request, stamp));
}
BENCHMARK(alipayOrder)->Name("alipay request RSA2/openapi: build + sign");

}  // namespace

BENCHMARK_MAIN();
