#include "http/client.hpp"

#include "http/connection.hpp"
#include "http/context_service.hpp"
#include "http/head.hpp"
#include "http/status.hpp"
#include "http/surroundings.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace openapi::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

Route makeRoute(const std::string& url, const ProxyRules& proxies) {
  Route route;
  auto& target = route.target = splitUrl(url);
  const auto* proxy = proxies.choose(target);
  route.proxied = proxy != nullptr;
  route.peerHost = proxy ? proxy->host : target.host;
  route.peerPort = proxy ? proxy->port : target.port;
  if (proxy && target.tls) writeConnectHead(route.connectHead, target, *proxy);
  if (!target.tls) route.plainProxy = proxy;
  route.poolKey = (target.tls ? "tls " : "plain ") + target.address() + (proxy ? " proxy " : " ");
  return route;
}

/// What a client shares with the calls under way, which may outlive it.
class Core {
 public:
  Core(const HttpOptions& given, Surroundings surroundings)
      : options{given},
        proxies{options.proxy, surroundings.environment},
        tls{options.caFile},
        names{std::make_shared<Names>(std::move(surroundings.resolve), options.dnsCacheTime)},
        identity_{std::make_shared<int>()} {}

  /// The pool on the event loop of `executor`.
  std::shared_ptr<Pool> pool(const asio::any_io_executor& executor) {
    bool made = false;
    auto pool = ContextService::of(executor).pool(identity_, {options.maxConnectionsPerHost, options.idleTimeout}, made);
    if (made) remember(pool);
    return pool;
  }

  /// The way to `url`. Most requests of a client go to the same few.
  std::shared_ptr<const Route> route(const std::string& url) {
    {
      const std::lock_guard lock{mutex_};
      if (const auto known = routes_.find(url); known != routes_.end()) return known->second;
    }
    auto route = std::make_shared<const Route>(makeRoute(url, proxies));
    const std::lock_guard lock{mutex_};
    if (routes_.size() >= mostRoutes) routes_.clear();
    return routes_.emplace(url, std::move(route)).first->second;
  }

  void close() {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    for (const auto& weak : pools_) {
      if (const auto pool = weak.lock()) pool->close();
    }
  }

  const HttpOptions options;
  const ProxyRules proxies;
  TlsProfiles tls;
  const std::shared_ptr<Names> names;

 private:
  void remember(const std::shared_ptr<Pool>& pool) {
    const std::lock_guard lock{mutex_};
    std::erase_if(pools_, [](const auto& old) { return old.expired(); });
    pools_.push_back(pool);
    if (closed_) pool->close();
  }

  static constexpr std::size_t mostRoutes = 64;

  const std::shared_ptr<const void> identity_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Route>> routes_;
  std::vector<std::weak_ptr<Pool>> pools_;
  bool closed_ = false;
};

asio::any_io_executor strandOn(const asio::any_io_executor& executor) {
  if (const auto* loop = executor.target<asio::io_context::executor_type>()) return asio::make_strand(*loop);
  return asio::make_strand(executor);
}

/// One request on its way. Everything but its making and `cancel` happens on its strand.
class Exchange : public Sleeper, public std::enable_shared_from_this<Exchange> {
 public:
  enum class Interruption { none, deadline, cancelled };

  Exchange(std::shared_ptr<Core> core, const asio::any_io_executor& caller, HttpRequest given, std::shared_ptr<const Route> route)
      : core_{std::move(core)},
        request_{std::move(given)},
        route_{std::move(route)},
        base_{baseExecutor(caller)},
        strand_{strandOn(base_)},
        pool_{core_->pool(base_)},
        deadline_{base_},
        transfer_{request_, {core_->options.maxHeaderBytes, bodyLimit()}} {}

  [[nodiscard]] const asio::any_io_executor& strand() const { return strand_; }
  [[nodiscard]] Transfer& transfer() { return transfer_; }

  /// Ends the exchange wherever it is. On the strand only.
  void interrupt(Interruption reason) {
    if (interruption_ != Interruption::none) return;
    interruption_ = reason;
    if (sleep_) sleep_->cancel();
    if (connection_) connection_->close();
  }

  void wake() override {
    asio::post(strand_, [self = shared_from_this()] {
      if (self->sleep_) self->sleep_->cancel();
    });
  }

  static asio::awaitable<void> run(std::shared_ptr<Exchange> self) {
    self->watchDeadline();
    try {
      co_await self->perform();
    } catch (const Error&) {
      self->finish();
      self->throwIfInterrupted();
      throw;
    } catch (...) {
      self->finish();
      throw;
    }
    self->finish();
  }

 private:
  std::size_t bodyLimit() const {
    return request_.maxResponseBytes != 0 ? request_.maxResponseBytes : core_->options.maxResponseBytes;
  }

  std::string poolKey() const { return request_.identity ? route_->poolKey + request_.identity->fingerprint() : route_->poolKey; }

  void watchDeadline() {
    const auto end = deadline();
    if (end == steady_clock::time_point::max()) return;
    deadline_.expires_at(end);
    deadline_.async_wait(asio::bind_executor(strand_, [self = shared_from_this()](const error_code& stopped) {
      if (stopped) return;
      if (steady_clock::now() < self->deadline()) {
        self->watchDeadline();
      } else {
        self->interrupt(Interruption::deadline);
      }
    }));
  }

  /// Of the answer; of the next bytes once a body streams.
  [[nodiscard]] steady_clock::time_point deadline() const {
    return transfer_.streaming ? transfer_.lastBytes + request_.longestPause : request_.deadline;
  }

  // From here on an interruption finds nothing to close.
  void finish() {
    connection_.reset();
    deadline_.cancel();
  }

  void throwIfInterrupted() const {
    if (interruption_ == Interruption::none) return;
    const bool cancelled = interruption_ == Interruption::cancelled;
    Error::Details details;
    details.outcome = transfer_.written ? Outcome::unknown : Outcome::notSent;
    details.retryable = !cancelled && !transfer_.written;
    std::string message = cancelled ? "cancelled" : "no answer before the deadline";
    message += " (" + route_->target.address() + ")";
    message.append("; ").append(transfer_.written ? unknownEffect : "nothing was sent");
    throw Error(cancelled ? Errc::cancelled : Errc::timeout, message, std::move(details));
  }

  /// Sleeps until `wake` or an interruption.
  asio::awaitable<void> sleep() {
    error_code ignored;
    if (!sleep_) sleep_.emplace(base_);
    sleep_->expires_at(steady_clock::time_point::max());
    co_await sleep_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    throwIfInterrupted();
  }

  asio::awaitable<void> perform() {
    if (steady_clock::now() >= request_.deadline) interruption_ = Interruption::deadline;
    throwIfInterrupted();
    Pool::Place place{pool_, poolKey(), *this};
    bool granted = place.enter();
    while (!granted) {
      co_await sleep();
      granted = place.granted();
    }
    connection_ = std::static_pointer_cast<Connection>(place.takeIdle());
    if (!connection_) co_await open();
    writeHead(connection_->head(), request_, route_->target, route_->plainProxy);
    co_await connection_->exchange(transfer_);
    if (transfer_.reusable) place.keep(connection_);
  }

  asio::awaitable<void> open() {
    std::shared_ptr<TlsProfile> tls;
    if (route_->target.tls) tls = core_->tls.of(request_.identity.get());
    auto addresses = co_await resolve();
    connection_ = std::make_shared<Connection>(base_);
    try {
      co_await connection_->open(*route_, std::move(tls), std::move(addresses), request_.deadline);
    } catch (...) {
      core_->names->forget(route_->peerHost);
      throw;
    }
  }

  asio::awaitable<Addresses> resolve() {
    error_code notNumeric;
    const auto numeric = asio::ip::make_address(route_->peerHost, notNumeric);
    if (!notNumeric) co_return Addresses(1, numeric);
    if (auto known = core_->names->cached(route_->peerHost)) co_return std::move(*known);
    const RingingBell bell{pool_, *this};
    const auto lookup = core_->names->lookUp(route_->peerHost, bell.bell);
    auto answer = lookup->answer();
    while (!answer) {
      co_await sleep();
      answer = lookup->answer();
    }
    if (answer->failure || answer->addresses.empty()) throw nameFailure(answer->failure);
    co_return std::move(answer->addresses);
  }

  /// A bell that falls silent with its owner.
  struct RingingBell {
    RingingBell(const std::shared_ptr<Pool>& pool, Sleeper& sleeper) : bell{std::make_shared<Pool::Bell>(pool, sleeper)} {}
    ~RingingBell() { bell->disarm(); }
    RingingBell(const RingingBell&) = delete;
    RingingBell& operator=(const RingingBell&) = delete;
    std::shared_ptr<Pool::Bell> bell;
  };

  Error nameFailure(const error_code& reason) const {
    Error::Details details;
    details.retryable = true;
    return Error(Errc::connect,
                 "cannot connect to " + route_->target.address() + ": the name " + route_->peerHost + " was not found (" +
                     reason.message() + "); check the " + (route_->proxied ? "proxy" : "URL") + " and the DNS of this machine",
                 std::move(details));
  }

  const std::shared_ptr<Core> core_;
  const HttpRequest request_;
  const std::shared_ptr<const Route> route_;
  const asio::any_io_executor base_;
  const asio::any_io_executor strand_;
  const std::shared_ptr<Pool> pool_;
  asio::steady_timer deadline_;
  std::optional<asio::steady_timer> sleep_;
  std::shared_ptr<Connection> connection_;
  Transfer transfer_;
  Interruption interruption_ = Interruption::none;
};

/// Carries the caller's cancellation over to the strand of the exchange. Holds it weakly: the caller's signal may outlive the
/// event loop.
class Cancel {
 public:
  explicit Cancel(const std::shared_ptr<Exchange>& exchange) : exchange_{exchange} {}
  void operator()(asio::cancellation_type) const {
    const auto exchange = exchange_.lock();
    if (!exchange) return;
    asio::post(exchange->strand(), [exchange] { exchange->interrupt(Exchange::Interruption::cancelled); });
  }

 private:
  std::weak_ptr<Exchange> exchange_;
};

/// The caller's handler without its cancellation slot: co_spawn of Asio 1.81 must not forward cancellation between executors.
template <class Handler>
class Finish {
 public:
  using executor_type = asio::associated_executor_t<Handler, asio::any_io_executor>;

  Finish(Handler handler, const asio::any_io_executor& fallback)
      : handler_{std::move(handler)}, executor_{asio::get_associated_executor(handler_, fallback)} {}
  [[nodiscard]] executor_type get_executor() const { return executor_; }
  void operator()(std::exception_ptr failure) { std::move(handler_)(std::move(failure)); }

 private:
  Handler handler_;
  executor_type executor_;
};

class Launch {
 public:
  explicit Launch(std::shared_ptr<Exchange> exchange) : exchange_{std::move(exchange)} {}
  template <class Handler>
  void operator()(Handler&& handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.assign(Cancel{exchange_});
    const auto strand = exchange_->strand();
    asio::co_spawn(strand, Exchange::run(std::move(exchange_)),
                   Finish<std::decay_t<Handler>>{std::forward<Handler>(handler), strand});
  }

 private:
  std::shared_ptr<Exchange> exchange_;
};

asio::awaitable<void> start(std::shared_ptr<Exchange> exchange) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(Launch{std::move(exchange)},
                                                                                       asio::use_awaitable);
}

/// Tells the observer about one request: that it starts, and, whatever happens, that it ends.
class Report {
 public:
  Report(std::shared_ptr<Observer> observer, const HttpRequest& request, const std::string& target)
      : observer_{std::move(observer)} {
    if (!observer_) return;
    label_ = request.label;
    target_ = target;
    attempt_ = request.attempt;
    begin_ = steady_clock::now();
    observer_->started({label_, target_, request.body.size(), attempt_});
  }
  ~Report() { finish(0, Errc::cancelled, 0); }  // the event loop went away
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  void finish(int status, std::optional<Errc> failure, std::size_t bytes) {
    const auto observer = std::move(observer_);
    if (!observer) return;
    const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin_);
    observer->finished({label_, target_, attempt_, status, failure, bytes, latency});
  }

 private:
  std::shared_ptr<Observer> observer_;
  std::string label_;
  std::string target_;
  int attempt_ = 1;
  steady_clock::time_point begin_{};
};

asio::awaitable<HttpResponse> sendWith(std::shared_ptr<Core> core, HttpRequest request) {
  checkRequest(request);
  auto route = core->route(request.url);
  const auto caller = co_await asio::this_coro::executor;
  Report report{core->options.observer, request, route->target.shown};
  const auto exchange = std::make_shared<Exchange>(std::move(core), caller, std::move(request), std::move(route));
  try {
    auto done = start(exchange);
    co_await std::move(done);
  } catch (const Error& error) {
    report.finish(0, error.errc(), 0);
    throw;
  }
  auto& transfer = exchange->transfer();
  report.finish(transfer.response.status, std::nullopt, transfer.bodyBytes);
  co_return std::move(transfer.response);
}

class Client : public Transport {
 public:
  Client(const HttpOptions& options, Surroundings surroundings)
      : core_{std::make_shared<Core>(options, std::move(surroundings))} {}
  ~Client() override { core_->close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  asio::awaitable<HttpResponse> send(HttpRequest request) override { return sendWith(core_, std::move(request)); }

 private:
  const std::shared_ptr<Core> core_;
};

}  // namespace

std::shared_ptr<Transport> makeClient(const HttpOptions& options, Surroundings surroundings) {
  return std::make_shared<Client>(options, std::move(surroundings));
}

std::shared_ptr<Transport> makeClient(const HttpOptions& options) { return makeClient(options, Surroundings{}); }

}  // namespace openapi::http
