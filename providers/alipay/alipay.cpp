#include <openapi/alipay.hpp>

#include <alipay/bills.hpp>
#include <alipay/operations.hpp>
#include <bill/bill_text.hpp>
#include <check.hpp>
#include <http/call.hpp>
#include <http/client.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace openapi {

namespace alipay {

namespace {

/// What calls under way share with the provider, and keep alive.
struct State {
  Settings settings;
  std::shared_ptr<Transport> transport;
  http::RetryPolicy retry;
};
using SharedState = std::shared_ptr<const State>;

http::CallPlan planFor(const State& state, const Operation& operation) {
  http::CallPlan plan;
  plan.transport = state.transport;
  plan.retry = state.retry;
  plan.timeout = state.settings.timeout;
  plan.repeatable = operation.repeatable;
  plan.readOnly = operation.readOnly;
  plan.provider = "alipay";
  plan.method = operation.method;
  return plan;
}

/// Runs `work`; its errors carry provider and method.
template <class Work>
auto inOperation(const State& state, const Operation& operation, const Work& work) {
  const auto plan = [&] { return planFor(state, operation); };
  return http::withContext(plan, work);
}

template <class Request>
void checkRequest(const State& state, const Operation& operation, const Request& request) {
  inOperation(state, operation, [&] { check::request(request, [&] { check(state.settings, request); }); });
}

/// Sends a checked request.
template <class Result, class Request>
boost::asio::awaitable<Result> exchange(SharedState state, const Operation* operation, std::shared_ptr<const Request> request,
                                        std::function<Result(const HttpResponse&)> decodeOne) {
  std::function<HttpRequest(const Stamp&, std::size_t)> encodeOne = [state, request](const Stamp& stamp, std::size_t) {
    return encode(state->settings, *request, stamp);
  };
  auto plan = planFor(*state, *operation);
  auto result = co_await http::call(std::move(plan), std::move(encodeOne), std::move(decodeOne));
  co_return result;
}

template <class Result, class Request>
boost::asio::awaitable<Result> perform(SharedState state, const Operation* operation, Request request) {
  checkRequest(*state, *operation, request);
  const auto shared = std::make_shared<const Request>(std::move(request));
  std::function<Result(const HttpResponse&)> decodeOne = [state, shared](const HttpResponse& response) {
    return decode(state->settings, *shared, response);
  };
  auto result = co_await exchange(state, operation, shared, std::move(decodeOne));
  co_return result;
}

boost::asio::awaitable<GetOrderInfoResult> orderForClient(SharedState state, GetOrderInfoRequest request) {
  const auto& operation = operations::getOrderInfo;
  checkRequest(*state, operation, request);
  const auto client = clientOf(state->settings, request);
  auto order = orderFor(request);
  if (client != Client::miniProgram) {
    auto text = inOperation(*state, operation, [&] { return signedOrder(state->settings, client, order, freshStamp()); });
    co_return GetOrderInfoResult{Json{std::move(text)}};
  }
  const auto placed = co_await perform<UnifiedOrderResult>(state, &operation, order);
  auto result = inOperation(*state, operation, [&] { return tradeNumber(placed); });
  co_return result;
}

boost::asio::awaitable<PaymentNotify> verifyEvent(SharedState state, Event event) {
  auto notify = inOperation(*state, operations::verifyPayment,
                            [&] { return paymentNotify(state->settings, event, std::chrono::system_clock::now()); });
  co_return notify;
}

template <class Request>
boost::asio::awaitable<std::string> askAddress(SharedState state, const Operation* operation,
                                               std::shared_ptr<const Request> request) {
  std::function<std::string(const HttpResponse&)> decodeOne = [state, operation](const HttpResponse& response) {
    return decodeAddress(state->settings, *operation, response);
  };
  return exchange(std::move(state), operation, std::move(request), std::move(decodeOne));
}

boost::asio::awaitable<SavedBill> fetchFile(SharedState state, const Operation* operation, std::string address,
                                            std::shared_ptr<BillSink> sink) {
  const auto receiver = std::make_shared<bill::ZipReceiver>();
  std::function<HttpRequest(const Stamp&, std::size_t)> encodeOne = [address, receiver](const Stamp&, std::size_t) {
    auto request = fileRequest(address);
    request.sink = receiver;
    return request;
  };
  std::function<SavedBill(const HttpResponse&)> decodeOne = [receiver, sink](const HttpResponse& response) {
    return savedBill(*receiver, *sink, response);
  };
  auto plan = planFor(*state, *operation);
  auto saved = co_await http::call(std::move(plan), std::move(encodeOne), std::move(decodeOne));
  co_return saved;
}

/// A bill into a sink. An address that has died meanwhile is asked for once more, where requests may be repeated.
template <class Request>
boost::asio::awaitable<SavedBill> save(SharedState state, const Operation* operation, Request request,
                                       std::shared_ptr<BillSink> sink) {
  checkRequest(*state, *operation, request);
  const auto shared = std::make_shared<const Request>(std::move(request));
  auto address = co_await askAddress(state, operation, shared);
  try {
    auto saved = co_await fetchFile(state, operation, address, sink);
    co_return saved;
  } catch (const Error& error) {
    if (error.errc() != Errc::httpStatus || state->retry.maxAttempts < 2) throw;
  }
  address = co_await askAddress(state, operation, shared);
  auto saved = co_await fetchFile(state, operation, address, sink);
  co_return saved;
}

/// A bill as text.
template <class Result, class Request>
boost::asio::awaitable<Result> saveText(SharedState state, const Operation* operation, Request request) {
  const auto text = std::make_shared<bill::BillText>();
  auto saved = co_await save(std::move(state), operation, std::move(request), text);
  co_return Result{std::move(text->text), std::move(saved.extra)};
}

template <class Result>
boost::asio::awaitable<Result> refuse(SharedState state, const Operation* operation, const char* reason) {
  inOperation(*state, *operation, [reason] { throw Error{Errc::unsupported, reason}; });
  co_return Result{};
}

template <class Result>
boost::asio::awaitable<Result> of(const Operation& operation, boost::asio::awaitable<Result> work) {
  return http::operation("alipay", operation.method, std::move(work));
}

class AlipayAuth final : public Auth {
 public:
  explicit AlipayAuth(SharedState state) : state_{std::move(state)} {}

 private:
  boost::asio::awaitable<Code2SessionResult> doCode2Session(const Code2SessionRequest& request) override {
    return of(operations::oauthToken, perform<Code2SessionResult>(state_, &operations::oauthToken, request));
  }

  SharedState state_;
};

class AlipayPayment final : public Payment {
 public:
  explicit AlipayPayment(SharedState state) : state_{std::move(state)} {}

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
    return of(operations::getOrderInfo, orderForClient(state_, request));
  }
  Awaitable<UnifiedOrderResult> doUnifiedOrder(const UnifiedOrderRequest& request) override {
    return run<UnifiedOrderResult>(operations::create, request);
  }
  Awaitable<OrderQueryResult> doOrderQuery(const OrderQueryRequest& request) override {
    return run<OrderQueryResult>(operations::query, request);
  }
  Awaitable<CloseOrderResult> doCloseOrder(const CloseOrderRequest& request) override {
    return run<CloseOrderResult>(operations::close, request);
  }
  Awaitable<CancelOrderResult> doCancelOrder(const CancelOrderRequest& request) override {
    return run<CancelOrderResult>(operations::cancel, request);
  }
  Awaitable<RefundResult> doRefund(const RefundRequest& request) override {
    return run<RefundResult>(operations::refund, request);
  }
  Awaitable<RefundQueryResult> doRefundQuery(const RefundQueryRequest& request) override {
    return run<RefundQueryResult>(operations::refundQuery, request);
  }
  Awaitable<DownloadBillResult> doDownloadBill(const DownloadBillRequest& request) override {
    return of(operations::downloadBill, saveText<DownloadBillResult>(state_, &operations::downloadBill, request));
  }
  Awaitable<DownloadFundflowResult> doDownloadFundflow(const DownloadFundflowRequest& request) override {
    return of(operations::downloadFundflow, saveText<DownloadFundflowResult>(state_, &operations::downloadFundflow, request));
  }
  Awaitable<SavedBill> doSaveBill(const DownloadBillRequest& request, std::shared_ptr<BillSink> sink) override {
    return runInto(operations::downloadBill, request, std::move(sink));
  }
  Awaitable<SavedBill> doSaveFundflow(const DownloadFundflowRequest& request, std::shared_ptr<BillSink> sink) override {
    return runInto(operations::downloadFundflow, request, std::move(sink));
  }
  Awaitable<PaymentNotify> doVerifyPaymentNotify(const Event& event) override {
    return of(operations::verifyPayment, verifyEvent(state_, event));
  }
  Awaitable<RefundNotify> doVerifyRefundNotify(const Event&) override {
    return refuse<RefundNotify>(state_, &operations::verifyRefund,
                                "verifyRefundNotify: Alipay reports refunds in payment notifications; use verifyPaymentNotify");
  }

  SharedState state_;
};

}  // namespace

}  // namespace alipay

class Alipay::Impl {
 public:
  Impl(boost::asio::any_io_executor executor, const AlipayConfig& config, const HttpOptions& options)
      : executor_{std::move(executor)},
        state_{std::make_shared<const alipay::State>(alipay::settingsFrom(config),
                                                     options.transport ? options.transport : http::makeClient(options),
                                                     http::RetryPolicy{options.maxAttempts, options.firstBackoff})},
        auth{state_},
        payment{state_} {}

 private:
  boost::asio::any_io_executor executor_;  // of the work that is no call's own
  alipay::SharedState state_;

 public:
  alipay::AlipayAuth auth;
  alipay::AlipayPayment payment;
};

Alipay::Alipay(boost::asio::any_io_executor executor, AlipayConfig config, HttpOptions options)
    : impl_{std::make_shared<Impl>(std::move(executor), config, options)}, auth{impl_->auth}, payment{impl_->payment} {}

Alipay::Alipay(Alipay&&) noexcept = default;
Alipay::~Alipay() = default;

}  // namespace openapi
