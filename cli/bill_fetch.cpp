#include <cli/bill_fetch.hpp>

#include <openapi/bill/absence.hpp>
#include <openapi/bill/sink.hpp>

#include <http/retry.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

namespace openapi::cli {
namespace {

constexpr std::chrono::milliseconds firstPause{500};

/// Counts the bytes on their way to a file.
class CountedBill final : public BillSink {
 public:
  CountedBill(std::shared_ptr<BillSink> file, std::atomic<std::int64_t>& total) : file_{std::move(file)}, total_{total} {}
  void restart() override {
    total_ -= std::exchange(mine_, 0);
    file_->restart();
  }
  void write(std::string_view bytes) override {
    file_->write(bytes);
    mine_ += static_cast<std::int64_t>(bytes.size());
    total_ += static_cast<std::int64_t>(bytes.size());
  }
  void complete() override { file_->complete(); }

 private:
  std::shared_ptr<BillSink> file_;
  std::atomic<std::int64_t>& total_;
  std::int64_t mine_ = 0;
};

/// The platform wants fewer requests.
bool tooOften(const Error& error) {
  constexpr std::array<std::string_view, 4> codes{"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "SYSTEM_RATE_LIMIT",
                                                  "USER_RATE_LIMIT"};
  return std::find(codes.begin(), codes.end(), error.errCode()) != codes.end() ||
         error.errMsg().find("频率限制") != std::string::npos;
}

/// A bill can be asked for any number of times; whether another answer is to be expected is the question.
bool worthRepeating(const Error& error) {
  switch (error.errc()) {
    case Errc::connect:
    case Errc::timeout:
    case Errc::connectionLost:
    case Errc::badResponse:
      return true;
    case Errc::httpStatus:
      return error.httpStatus() >= 500 || error.httpStatus() == 429;
    case Errc::rejected:
      return error.retryable() || tooOften(error);
    default:
      return false;
  }
}

double random01() {
  std::random_device source;
  return std::uniform_real_distribution<double>{0.0, 1.0}(source);
}

BillStatus statusOf(bill::Absence absence) {
  switch (absence) {
    case bill::Absence::notReady:
      return BillStatus::notReady;
    case bill::Absence::noBill:
      return BillStatus::noBill;
    case bill::Absence::wrongDate:
      return BillStatus::wrongDate;
    case bill::Absence::other:
      break;
  }
  return BillStatus::failed;
}

/// The marks that say what became of the bill. A bill that is there stays, whatever the platform says now.
void remember(const BillOrder& order, BillResult& result) {
  const bool there = isFile(order.place.file);
  if (there && result.status == BillStatus::noBill) {
    result.status = BillStatus::failed;
    result.error = Error{Errc::badResponse,
                         "the platform says now that there is no bill, but " + order.place.file.string() +
                             " is one: look into it; the file was left alone",
                         result.error->details()};
  }
  if (result.status == BillStatus::downloaded || result.status == BillStatus::noBill) removeMarks(order.place);
  if (result.status == BillStatus::noBill) setMark(order.place.noBill);
  if (result.status == BillStatus::notReady && !there) setMark(order.place.notReady);
}

/// What is not an `Error` yet.
Error asError(const std::exception& failure) {
  const auto* system = dynamic_cast<const boost::system::system_error*>(&failure);
  const bool stopped = system != nullptr && system->code() == boost::asio::error::operation_aborted;
  return stopped ? Error{Errc::cancelled, "interrupted"} : Error{Errc::config, failure.what()};
}

/// The file of a bill, which this process alone may write now; or what makes it needless or impossible.
struct TakenPlace {
  std::shared_ptr<BillSink> file{};
  std::optional<BillResult> done{};
};

/// Another process may be fetching the same bill, or have fetched it since this one began.
TakenPlace takePlace(const BillOrder& order) {
  makeFolder(order.place);
  TakenPlace taken;
  std::optional<Error> busy;
  try {
    taken.file = bill::makeBillFile(order.place.file.string(), order.check);
  } catch (const Error& error) {
    if (!error.retryable()) throw;
    busy = error;
  }
  if (!order.again) taken.done = knownResult(order.place);
  if (!taken.done && busy) taken.done = BillResult{BillStatus::busy, 0, *busy};
  return taken;
}

boost::asio::awaitable<std::int64_t> fetchOnce(BillOrder order, std::shared_ptr<BillSink> sink) {
  auto turn = order.pace->turn();
  co_await std::move(turn);
  auto saving = requestBill(*order.payment, order.type, order.date, order.gzip, std::move(sink));
  const auto saved = co_await std::move(saving);
  co_return saved.bytes;
}

boost::asio::awaitable<std::int64_t> fetchPatiently(BillOrder order, std::shared_ptr<BillSink> file) {
  const auto sink = std::make_shared<CountedBill>(file, *order.received);
  const http::RetryPolicy policy{order.attempts, firstPause};
  for (int attempt = 1;; ++attempt) {
    std::optional<Error> failure;
    std::int64_t bytes = 0;
    try {
      auto once = fetchOnce(order, sink);
      bytes = co_await std::move(once);
    } catch (const Error& error) {
      failure = error;
    }
    if (!failure) co_return bytes;
    if (attempt == order.attempts || !worthRepeating(*failure)) throw Error{*failure};
    const auto pause = http::backoffBefore(attempt + 1, policy, random01());
    const bool slept = co_await http::sleepWithin(pause, std::chrono::steady_clock::time_point::max());
    static_cast<void>(slept);
  }
}

}  // namespace

std::string_view toString(BillStatus status) {
  constexpr std::array<std::string_view, billStatuses> names{"downloaded", "present", "noBill", "notReady",
                                                             "wrongDate",  "busy",    "failed"};
  return names.at(static_cast<std::size_t>(status));
}

std::optional<BillResult> knownResult(const BillPlace& place) {
  std::error_code error;
  if (isFile(place.file)) {
    removeLeftover(place);
    return BillResult{BillStatus::present, static_cast<std::int64_t>(std::filesystem::file_size(place.file, error)), {}};
  }
  if (isFile(place.noBill)) return BillResult{BillStatus::noBill, 0, {}};
  return std::nullopt;
}

boost::asio::awaitable<BillResult> fetchBill(BillOrder order) {
  BillResult result;
  try {
    auto taken = takePlace(order);
    if (taken.done) co_return *taken.done;
    auto fetching = fetchPatiently(order, std::move(taken.file));
    result.bytes = co_await std::move(fetching);
    result.status = BillStatus::downloaded;
  } catch (const Error& error) {
    result.status = statusOf(bill::whyNoBill(error, order.date, std::chrono::system_clock::now()));
    result.error = error;
  } catch (const std::exception& failure) {
    result.error = asError(failure);
  }
  try {
    remember(order, result);
  } catch (const Error& error) {
    result.status = BillStatus::failed;
    result.error = error;
  }
  co_return result;
}

}  // namespace openapi::cli
