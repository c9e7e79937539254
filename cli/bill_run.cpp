#include <cli/bill_run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <exception>
#include <thread>

namespace asio = boost::asio;

namespace openapi::cli {
namespace {

constexpr std::size_t mostThreads = 16;

/// The jobs of one run, taken one by one.
struct Pass {
  const std::vector<BillJob>* jobs;
  const std::function<void(BillItem&)>* done;
  std::atomic<std::size_t> next{0};
};

asio::awaitable<void> work(Pass* pass) {
  for (auto at = pass->next++; at < pass->jobs->size(); at = pass->next++) {
    for (auto* item : (*pass->jobs)[at]) {
      auto order = item->order;
      auto fetching = fetchBill(std::move(order));
      auto result = co_await std::move(fetching);
      item->result = std::move(result);
      (*pass->done)(*item);
    }
  }
}

/// One of the workers, which run side by side.
struct Worker {
  explicit Worker(asio::io_context& loop) : strand{asio::make_strand(loop)} {}
  asio::strand<asio::io_context::executor_type> strand;
  asio::cancellation_signal cancellation{};
};

}  // namespace

class BillRun::Impl {
 public:
  explicit Impl(int concurrency) : concurrency_{static_cast<std::size_t>(concurrency)} { watchSignals(); }

  asio::io_context loop;

  [[nodiscard]] bool interrupted() const { return interrupted_; }

  void fetch(const std::vector<BillJob>& jobs, const std::function<void(BillItem&)>& done) {
    const auto count = std::min(concurrency_, jobs.size());
    if (count == 0 || interrupted_) return;
    loop.restart();
    Pass pass{.jobs = &jobs, .done = &done};
    working_ = count;
    std::deque<Worker> workers;
    for (std::size_t i = 0; i < count; ++i) spawn(workers.emplace_back(loop), pass);
    workers_ = &workers;
    runLoop(std::min(count, mostThreads));
    workers_ = nullptr;
    if (failure_) std::rethrow_exception(failure_);
  }

  void pause(std::chrono::seconds time) {
    if (interrupted_) return;
    loop.restart();
    asio::steady_timer timer{loop, time};
    timer.async_wait([this](const boost::system::error_code&) { loop.stop(); });
    loop.run();
  }

 private:
  void watchSignals() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      signals_.clear();
      interrupted_ = true;
      if (workers_ == nullptr) return loop.stop();
      for (auto& worker : *workers_) {
        asio::post(worker.strand, [&worker] { worker.cancellation.emit(asio::cancellation_type::terminal); });
      }
    });
  }

  void spawn(Worker& worker, Pass& pass) {
    asio::co_spawn(worker.strand, work(&pass),
                   asio::bind_cancellation_slot(worker.cancellation.slot(), [this](const std::exception_ptr& failure) {
                     if (failure && !interrupted_) keepFailure(failure);  // an interrupted worker ends with one
                     if (--working_ == 0) loop.stop();
                   }));
  }

  void keepFailure(const std::exception_ptr& failure) {
    const std::lock_guard lock{mutex_};
    failure_ = failure;
  }

  void runLoop(std::size_t count) {
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < count; ++i) threads.emplace_back([this] { loop.run(); });
    loop.run();
    for (auto& thread : threads) thread.join();
  }

  std::size_t concurrency_;
  asio::signal_set signals_{loop, SIGINT, SIGTERM};
  std::atomic<bool> interrupted_{false};
  std::atomic<std::size_t> working_{0};
  std::deque<Worker>* workers_ = nullptr;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

BillRun::BillRun(int concurrency) : impl_{std::make_unique<Impl>(concurrency)} {}
BillRun::~BillRun() = default;
asio::any_io_executor BillRun::executor() { return impl_->loop.get_executor(); }
bool BillRun::interrupted() const { return impl_->interrupted(); }
void BillRun::fetch(const std::vector<BillJob>& jobs, const std::function<void(BillItem&)>& done) { impl_->fetch(jobs, done); }
void BillRun::pause(std::chrono::seconds time) { impl_->pause(time); }

}  // namespace openapi::cli
