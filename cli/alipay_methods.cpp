#include <cli/method_table.hpp>

namespace openapi::cli {
namespace {

alipay::Auth& auth(Client& client) { return client.alipay->auth; }

std::vector<Method> alipayMethods() {
  using namespace alipay;
  auto methods = paymentMethods();
  methods.push_back(method<auth, Code2SessionRequest, Code2SessionResult, &Auth::code2Session>("auth.code2Session"));
  return methods;
}

std::shared_ptr<Client> openAlipay(boost::asio::any_io_executor executor, const std::string& path, const OpenOptions& options) {
  return openWith<AlipayConfig>(path, options, [&](Client& client, ConfigFile& file, const auto& settings) {
    client.payment = &client.alipay.emplace(executor, settings(file), file.http).payment;
  });
}

}  // namespace

ProviderEntry alipayProvider() { return {"alipay", alipayMethods(), configShape<AlipayConfig>, openAlipay}; }

}  // namespace openapi::cli
