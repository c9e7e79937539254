#include <cli/methods.hpp>

#include <openapi/alipay.hpp>
#include <openapi/weixin.hpp>

#include <cli/commands.hpp>
#include <cli/config.hpp>
#include <cli/request_input.hpp>

#include <utility>

namespace openapi::cli {

class Client {
 public:
  std::optional<Weixin> weixin;
  std::optional<Alipay> alipay;
  Payment* payment = nullptr;
  alipay::Auth* alipayAuth = nullptr;
};

namespace {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

template <class Request>
Shape inputShape() {
  if constexpr (std::is_same_v<Request, Event>) {
    return eventShape();
  } else {
    return shapeOf<Request>(Direction::input);
  }
}

template <class Result>
Shape outputShape() {
  return shapeOf<Result>(Direction::output);
}

template <class Result>
Awaitable<Json> resultAsJson(Awaitable<Result> operation) {
  const auto result = co_await std::move(operation);
  co_return marshal::toJson<marshal::CamelStyle>(result);
}

template <auto service, class Request, class Result, auto function>
Awaitable<Json> callAsJson(Client& client, const Json& input) {
  const auto request = requestFrom<Request>(input);
  return resultAsJson<Result>(((client.*service)->*function)(request));
}

template <class Request, class Result, Awaitable<Result> (Payment::*function)(const Request&)>
Method payment(std::string_view name) {
  return {name, inputShape<Request>, outputShape<Result>, callAsJson<&Client::payment, Request, Result, function>};
}

template <class Request, class Result, Awaitable<Result> (alipay::Auth::*function)(const Request&)>
Method alipayAuth(std::string_view name) {
  return {name, inputShape<Request>, outputShape<Result>, callAsJson<&Client::alipayAuth, Request, Result, function>};
}

std::vector<Method> paymentMethods() {
  return {
      payment<GetOrderInfoRequest, GetOrderInfoResult, &Payment::getOrderInfo>("payment.getOrderInfo"),
      payment<UnifiedOrderRequest, UnifiedOrderResult, &Payment::unifiedOrder>("payment.unifiedOrder"),
      payment<OrderQueryRequest, OrderQueryResult, &Payment::orderQuery>("payment.orderQuery"),
      payment<CloseOrderRequest, CloseOrderResult, &Payment::closeOrder>("payment.closeOrder"),
      payment<CancelOrderRequest, CancelOrderResult, &Payment::cancelOrder>("payment.cancelOrder"),
      payment<RefundRequest, RefundResult, &Payment::refund>("payment.refund"),
      payment<RefundQueryRequest, RefundQueryResult, &Payment::refundQuery>("payment.refundQuery"),
      payment<DownloadBillRequest, DownloadBillResult, &Payment::downloadBill>("payment.downloadBill"),
      payment<DownloadFundflowRequest, DownloadFundflowResult, &Payment::downloadFundflow>("payment.downloadFundflow"),
      payment<Event, PaymentNotify, &Payment::verifyPaymentNotify>("payment.verifyPaymentNotify"),
      payment<Event, RefundNotify, &Payment::verifyRefundNotify>("payment.verifyRefundNotify"),
  };
}

std::vector<Method> alipayMethods() {
  using namespace alipay;
  auto methods = paymentMethods();
  methods.push_back(alipayAuth<Code2SessionRequest, Code2SessionResult, &Auth::code2Session>("auth.code2Session"));
  return methods;
}

template <class Config, class Make>
std::shared_ptr<Client> openWith(const std::string& path, std::optional<std::int64_t> timeout, const Make& make) {
  return asConfigError(path, [&] {
    auto file = readConfig(path, textMembers<Config>());
    auto config = configFrom<Config>(file.members);
    if (timeout) config.timeout = *timeout;
    auto client = std::make_shared<Client>();
    make(*client, std::move(config), std::move(file.http));
    return client;
  });
}

std::shared_ptr<Client> openWeixin(boost::asio::any_io_executor executor, const std::string& path,
                                   std::optional<std::int64_t> timeout) {
  return openWith<WeixinConfig>(path, timeout, [&](Client& client, WeixinConfig config, HttpOptions http) {
    client.payment = &client.weixin.emplace(executor, std::move(config), std::move(http)).payment;
  });
}

std::shared_ptr<Client> openAlipay(boost::asio::any_io_executor executor, const std::string& path,
                                   std::optional<std::int64_t> timeout) {
  return openWith<AlipayConfig>(path, timeout, [&](Client& client, AlipayConfig config, HttpOptions http) {
    auto& alipay = client.alipay.emplace(executor, std::move(config), std::move(http));
    client.payment = &alipay.payment;
    client.alipayAuth = &alipay.auth;
  });
}

template <class Items>
std::string namesOf(const Items& items) {
  std::string names;
  for (const auto& item : items) names += (names.empty() ? "" : ", ") + std::string{item.name};
  return names;
}

}  // namespace

std::vector<ProviderEntry> providers() {
  return {{"weixin", paymentMethods(), openWeixin}, {"alipay", alipayMethods(), openAlipay}};
}

ProviderEntry findProvider(std::string_view name) {
  auto all = providers();
  for (auto& entry : all) {
    if (entry.name == name) return std::move(entry);
  }
  throw UsageError{"there is no provider " + std::string{name} + "; there are: " + namesOf(all)};
}

Method findMethod(const ProviderEntry& provider, std::string_view name) {
  for (const auto& method : provider.methods) {
    if (method.name == name) return method;
  }
  throw UsageError{std::string{provider.name} + " has no method " + std::string{name} + "; it has: " + namesOf(provider.methods)};
}

}  // namespace openapi::cli
