#include <samples/support/local_platforms.hpp>

#include <gateways/sandbox.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace samples {

namespace {

std::string readFile(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string text(const openapi::Json& config, std::string_view name) {
  const auto* value = config.find(name);
  if (value == nullptr || value->string() == nullptr) throw std::runtime_error{"the configuration has no " + std::string{name}};
  return *value->string();
}

}  // namespace

openapi::WeixinConfig readWeixinConfig(const std::string& folder) {
  const auto json = openapi::Json::parse(readFile(folder + "/weixin.json"));
  openapi::WeixinConfig config;
  config.appId = text(json, "appId");
  config.mchId = text(json, "mchId");
  config.key = text(json, "key");
  config.pfx = readFile(text(json, "pfxFile"));
  config.payBaseUrl = text(json, "payBaseUrl");
  config.secret = text(json, "secret");
  config.apiBaseUrl = text(json, "apiBaseUrl");
  config.pushToken = text(json, "pushToken");
  config.encodingAesKey = text(json, "encodingAesKey");
  return config;
}

openapi::AlipayConfig readAlipayConfig(const std::string& folder) {
  const auto json = openapi::Json::parse(readFile(folder + "/alipay.json"));
  openapi::AlipayConfig config;
  config.appId = text(json, "appId");
  config.mchId = text(json, "mchId");
  config.privateKey = readFile(text(json, "privateKeyFile"));
  config.alipayPublicKey = readFile(text(json, "alipayPublicKeyFile"));
  config.gateway = text(json, "gateway");
  return config;
}

openapi::BmobConfig readBmobConfig(const std::string& folder) {
  const auto json = openapi::Json::parse(readFile(folder + "/bmob.json"));
  openapi::BmobConfig config;
  config.baseUrl = text(json, "baseUrl");
  config.secretKey = text(json, "secretKey");
  config.safeCode = text(json, "safeCode");
  config.masterKey = text(json, "masterKey");
  return config;
}

class LocalPlatforms::Impl {
 public:
  openapi::gateway::Sandbox sandbox{};
};

LocalPlatforms::LocalPlatforms() : impl_{std::make_unique<Impl>()} {
  weixin = readWeixinConfig(impl_->sandbox.configDir());
  alipay = readAlipayConfig(impl_->sandbox.configDir());
  bmob = readBmobConfig(impl_->sandbox.configDir());
  http.caFile = impl_->sandbox.urls().caFile;
  http.proxy = "";
}

LocalPlatforms::~LocalPlatforms() = default;

openapi::Json LocalPlatforms::control(std::string_view method, std::string_view path, const openapi::Json& input) {
  return impl_->sandbox.control(method, path, input);
}

void LocalPlatforms::buyerPays(std::string_view provider, std::string_view outTradeNo, int times) {
  control("POST", "/pay", openapi::Fields{{"provider", provider}, {"outTradeNo", outTradeNo}, {"notifyTimes", times}});
}

std::string LocalPlatforms::codeOf(std::string_view route, std::string_view openid) {
  return text(control("POST", route, openapi::Fields{{"provider", "weixinApi"}, {"openid", openid}}), "code");
}

bool LocalPlatforms::hasOrder(std::string_view outTradeNo) {
  const auto orders = control("GET", "/orders");
  for (const auto& order : *orders.array()) {
    if (text(order, "outTradeNo") == outTradeNo) return true;
  }
  return false;
}

Folder::Folder(const std::string& name) {
  auto pattern = (std::filesystem::temp_directory_path() / (name + ".XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"cannot make the folder " + pattern};
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace samples
