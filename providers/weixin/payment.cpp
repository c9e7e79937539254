#include <weixin/payment.hpp>

#include <check.hpp>
#include <http/call.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace openapi::weixin {

namespace {

using Settings = std::shared_ptr<const PaymentSettings>;

/// What calls under way share with the provider, and keep alive.
struct State {
  Settings settings;  ///< empty: payment is not configured, and `missing` says why
  std::optional<Error> missing;
  std::shared_ptr<Transport> transport;
  http::RetryPolicy retry;

  std::mutex sandboxMutex;
  Settings sandboxSettings;  ///< `settings` with the sandbox's own key, once it was fetched
};
using SharedState = std::shared_ptr<State>;

http::CallPlan planFor(const State& state, const Operation& operation) {
  http::CallPlan plan;
  plan.transport = state.transport;
  plan.retry = state.retry;
  plan.provider = "weixin";
  plan.method = operation.method;
  plan.repeatable = true;  // the same numbers with the same content are the same order, refund or question
  plan.readOnly = operation.readOnly;
  if (state.settings) {
    plan.timeout = state.settings->timeout;
    plan.hosts = state.settings->baseUrls[1].empty() ? 1 : 2;
  }
  return plan;
}

/// Runs `work` for an operation of a configured merchant; its errors carry provider and method.
template <class Work>
auto inOperation(const State& state, const Operation& operation, const Work& work) {
  const auto plan = [&] { return planFor(state, operation); };
  return http::withContext(plan, [&] {
    if (state.missing) throw *state.missing;
    return work();
  });
}

boost::asio::awaitable<Settings> fetchSandboxSettings(SharedState state) {
  const Settings settings = state->settings;
  std::function<HttpRequest(const Stamp&, std::size_t)> encodeKey = [settings](const Stamp& stamp, std::size_t host) {
    return encodeSandboxKey(*settings, stamp, host);
  };
  std::function<std::string(const HttpResponse&)> decodeKey = [settings](const HttpResponse& response) {
    return decodeSandboxKey(*settings, response);
  };
  auto plan = planFor(*state, operations::sandboxKey);
  auto key = co_await http::call(std::move(plan), std::move(encodeKey), std::move(decodeKey));
  auto withKey = std::make_shared<PaymentSettings>(*settings);
  withKey->key = std::move(key);
  const std::lock_guard lock{state->sandboxMutex};
  state->sandboxSettings = withKey;
  co_return Settings{withKey};
}

/// The settings to sign with: in sandbox mode those with the sandbox's key.
boost::asio::awaitable<Settings> currentSettings(SharedState state) {
  Settings settings = state->settings;
  if (!settings->sandbox) co_return settings;
  {
    const std::lock_guard lock{state->sandboxMutex};
    settings = state->sandboxSettings;
  }
  if (settings != nullptr) co_return settings;
  settings = co_await fetchSandboxSettings(state);
  co_return settings;
}

template <class Result, class Request>
using Decode = std::function<Result(const PaymentSettings&, const Request&, const HttpResponse&)>;

/// The body of the answer goes into `sink`, unless that is null.
template <class Result, class Request>
boost::asio::awaitable<Result> exchange(SharedState state, const Operation* operation, Request request,
                                        std::shared_ptr<BodySink> sink, Decode<Result, Request> decodeWith) {
  inOperation(*state, *operation, [&] { check::request(request, [&] { check(*state->settings, request); }); });
  const Settings settings = co_await currentSettings(state);
  const auto shared = std::make_shared<const Request>(std::move(request));
  std::function<HttpRequest(const Stamp&, std::size_t)> encodeOne = [settings, shared, sink](const Stamp& stamp,
                                                                                             std::size_t host) {
    auto encoded = encode(*settings, *shared, stamp, host);
    encoded.sink = sink;
    return encoded;
  };
  std::function<Result(const HttpResponse&)> decodeOne = [settings, shared, decodeWith](const HttpResponse& response) {
    return decodeWith(*settings, *shared, response);
  };
  auto plan = planFor(*state, *operation);
  auto result = co_await http::call(std::move(plan), std::move(encodeOne), std::move(decodeOne));
  co_return result;
}

template <class Result, class Request>
boost::asio::awaitable<Result> perform(SharedState state, const Operation* operation, Request request) {
  Decode<Result, Request> decodeWith = [](const PaymentSettings& settings, const Request& given, const HttpResponse& response) {
    return decode(settings, given, response);
  };
  return exchange(std::move(state), operation, std::move(request), nullptr, std::move(decodeWith));
}

/// A bill into a sink: the receiver takes the bytes as they come.
template <class Request>
boost::asio::awaitable<SavedBill> save(SharedState state, const Operation* operation, Request request,
                                       std::shared_ptr<BillSink> sink) {
  auto receiver = std::make_shared<bill::BillReceiver>(sink);
  Decode<SavedBill, Request> decodeWith = [operation, receiver, sink](const PaymentSettings&, const Request&,
                                                                      const HttpResponse& response) {
    return savedBill(*operation, *receiver, *sink, response);
  };
  return exchange(std::move(state), operation, std::move(request), std::move(receiver), std::move(decodeWith));
}

boost::asio::awaitable<GetOrderInfoResult> placeForClient(SharedState state, GetOrderInfoRequest request) {
  auto order = inOperation(*state, operations::getOrderInfo, [&] { return orderFor(*state->settings, request); });
  const auto placed = co_await perform<UnifiedOrderResult>(state, &operations::getOrderInfo, order);
  const Settings settings = co_await currentSettings(state);
  auto info = inOperation(*state, operations::getOrderInfo, [&] { return orderInfo(*settings, order, placed, freshStamp()); });
  co_return info;
}

boost::asio::awaitable<PaymentNotify> verifyPaymentEvent(SharedState state, Event event) {
  inOperation(*state, operations::verifyPayment, [] {});
  const Settings settings = co_await currentSettings(state);
  auto notify = inOperation(*state, operations::verifyPayment,
                            [&] { return paymentNotify(*settings, event, std::chrono::system_clock::now()); });
  co_return notify;
}

boost::asio::awaitable<RefundNotify> verifyRefundEvent(SharedState state, Event event) {
  inOperation(*state, operations::verifyRefund, [] {});
  const Settings settings = co_await currentSettings(state);
  auto notify = inOperation(*state, operations::verifyRefund, [&] { return refundNotify(*settings, event); });
  co_return notify;
}

boost::asio::awaitable<CancelOrderResult> refuseCancel(SharedState state) {
  inOperation(*state, operations::cancelOrder, [] {
    throw Error{Errc::unsupported, "WeChat Pay has no cancelOrder: use closeOrder while the order is unpaid, refund afterwards"};
  });
  co_return CancelOrderResult{};
}

template <class Result>
boost::asio::awaitable<Result> of(const Operation& operation, boost::asio::awaitable<Result> work) {
  return http::operation("weixin", operation.method, std::move(work));
}

class WeixinPayment final : public Payment {
 public:
  explicit WeixinPayment(SharedState state) : state_{std::move(state)} {}

 private:
  template <class Result, class Request>
  Awaitable<Result> run(const Operation& operation, const Request& request) {
    return of(operation, perform<Result>(state_, &operation, request));
  }
  template <class Request>
  Awaitable<SavedBill> runInto(const Operation& operation, const Request& request, std::shared_ptr<BillSink> sink) {
    return of(operation, save(state_, &operation, request, std::move(sink)));
  }

  Awaitable<GetOrderInfoResult> doGetOrderInfo(const GetOrderInfoRequest& request) override {
    return of(operations::getOrderInfo, placeForClient(state_, request));
  }
  Awaitable<UnifiedOrderResult> doUnifiedOrder(const UnifiedOrderRequest& request) override {
    return run<UnifiedOrderResult>(operations::unifiedOrder, request);
  }
  Awaitable<OrderQueryResult> doOrderQuery(const OrderQueryRequest& request) override {
    return run<OrderQueryResult>(operations::orderQuery, request);
  }
  Awaitable<CloseOrderResult> doCloseOrder(const CloseOrderRequest& request) override {
    return run<CloseOrderResult>(operations::closeOrder, request);
  }
  Awaitable<CancelOrderResult> doCancelOrder(const CancelOrderRequest&) override {
    return of(operations::cancelOrder, refuseCancel(state_));
  }
  Awaitable<RefundResult> doRefund(const RefundRequest& request) override {
    return run<RefundResult>(operations::refund, request);
  }
  Awaitable<RefundQueryResult> doRefundQuery(const RefundQueryRequest& request) override {
    return run<RefundQueryResult>(operations::refundQuery, request);
  }
  Awaitable<DownloadBillResult> doDownloadBill(const DownloadBillRequest& request) override {
    return run<DownloadBillResult>(operations::downloadBill, request);
  }
  Awaitable<DownloadFundflowResult> doDownloadFundflow(const DownloadFundflowRequest& request) override {
    return run<DownloadFundflowResult>(operations::downloadFundflow, request);
  }
  Awaitable<PaymentNotify> doVerifyPaymentNotify(const Event& event) override {
    return of(operations::verifyPayment, verifyPaymentEvent(state_, event));
  }
  Awaitable<RefundNotify> doVerifyRefundNotify(const Event& event) override {
    return of(operations::verifyRefund, verifyRefundEvent(state_, event));
  }
  Awaitable<SavedBill> doSaveBill(const DownloadBillRequest& request, std::shared_ptr<BillSink> sink) override {
    return runInto(operations::downloadBill, request, std::move(sink));
  }
  Awaitable<SavedBill> doSaveFundflow(const DownloadFundflowRequest& request, std::shared_ptr<BillSink> sink) override {
    return runInto(operations::downloadFundflow, request, std::move(sink));
  }

  SharedState state_;
};

/// Whether the provider can be of use without the merchant's members.
bool onlyServices(const WeixinConfig& config) {
  return (config.secret || config.accessToken || config.pushToken) && !config.mchId && !config.key;
}

}  // namespace

std::unique_ptr<Payment> makePayment(const WeixinConfig& config, std::shared_ptr<Transport> transport,
                                     const HttpOptions& options) {
  auto state = std::make_shared<State>();
  try {
    state->settings = std::make_shared<const PaymentSettings>(paymentSettings(config));
  } catch (const Error& error) {
    if (config.appId.empty() || !onlyServices(config)) throw;
    state->missing = error;
  }
  state->transport = std::move(transport);
  state->retry = {options.maxAttempts, options.firstBackoff};
  return std::make_unique<WeixinPayment>(std::move(state));
}

}  // namespace openapi::weixin
