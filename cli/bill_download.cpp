#include <cli/bill_merchants.hpp>
#include <cli/bill_run.hpp>
#include <cli/client.hpp>
#include <cli/commands.hpp>
#include <cli/day_option.hpp>
#include <cli/error_line.hpp>
#include <cli/transports.hpp>
#include <stamp.hpp>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <iostream>
#include <utility>

namespace openapi::cli {
namespace {

/// `--date` as yyyyMMdd; yesterday without it.
std::string dateOf(const std::optional<std::string>& given) {
  if (!given) return formatGmt8(std::chrono::system_clock::now() - std::chrono::days{1}, "%Y%m%d");
  return dayOption(*given);
}

const BillType& typeOf(const std::string& provider, const std::string& name, std::string_view option, bool fundFlow) {
  const auto* type = findBillType(provider, name);
  if (type != nullptr && (!fundFlow || type->fundFlow)) return *type;
  throw UsageError{std::string{option} + ": " + provider + " has no " + name + "; it has: " + billTypeNames(provider)};
}

std::vector<BillType> typesOf(const BillDownloadOptions& options) {
  std::vector<BillType> types;
  for (const auto& name : options.types) types.push_back(typeOf(options.provider, name, "--type", false));
  for (const auto& name : options.fundFlows) types.push_back(typeOf(options.provider, name, "--fund-flow", true));
  if (types.empty()) types.push_back(billTypes(options.provider).front());
  for (std::size_t at = 1; at < types.size(); ++at) {
    const auto same = [&](const auto& other) { return other.name == types[at].name; };
    const auto end = types.begin() + static_cast<std::ptrdiff_t>(at);
    if (std::any_of(types.begin(), end, same)) throw UsageError{std::string{types[at].name} + " is asked for twice"};
  }
  return types;
}

/// The merchant that the command line describes.
Merchant onlyMerchant(const BillDownloadOptions& options) {
  if (options.provider.empty()) throw UsageError{"expected a provider and --config FILE, or --merchants FILE"};
  Merchant merchant;
  merchant.provider = findProvider(options.provider).name;
  if (billTypes(merchant.provider).empty()) {
    throw UsageError{merchant.provider + " has no bills; these have: " + billProviderNames()};
  }
  if (!options.config) throw UsageError{"--config is missing"};
  merchant.config = *options.config;
  merchant.name = options.name.value_or(merchant.provider);
  if (const auto problem = folderNameProblem(merchant.name); !problem.empty()) throw UsageError{"--name: " + problem};
  merchant.bills = typesOf(options);
  return merchant;
}

std::vector<Merchant> merchantsOf(const BillDownloadOptions& options) {
  if (!options.merchants) return {onlyMerchant(options)};
  const bool both =
      !options.provider.empty() || options.config || options.name || !options.types.empty() || !options.fundFlows.empty();
  if (both) throw UsageError{"--merchants: the file says which merchants, configurations and bills; leave out what says it too"};
  return readMerchants(*options.merchants);
}

class Downloads {
 public:
  Downloads(const BillDownloadOptions& options, std::string date, const std::vector<Merchant>& merchants)
      : options_{options}, date_{std::move(date)}, results_{countBills(merchants)} {
    for (const auto& merchant : merchants) prepare(merchant);
  }

  /// Gives the exit code.
  int run() {
    const std::chrono::seconds pause{options_.pollSeconds};
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{options_.waitMinutes};
    fetch();
    while (!notReady().empty() && !run_.interrupted() && std::chrono::steady_clock::now() + pause <= end) {
      results_.log(std::to_string(notReady().size()) + " not ready: asking again in " + std::to_string(pause.count()) + " s");
      run_.pause(pause);
      jobs_ = notReady();
      fetch();
    }
    for (auto& item : items_) {
      if (item.result && isReported(item)) continue;
      if (!item.result) item.result = BillResult{BillStatus::failed, 0, Error{Errc::cancelled, "interrupted"}};
      report(item);
    }
    return results_.finish();
  }

 private:
  static std::size_t countBills(const std::vector<Merchant>& merchants) {
    std::size_t bills = 0;
    for (const auto& merchant : merchants) bills += merchant.bills.size();
    return bills;
  }

  void prepare(const Merchant& merchant) {
    BillJob job;
    for (const auto& type : merchant.bills) {
      auto item = itemOf(merchant, type);
      if (!options_.again) item.result = knownResult(item.order.place);
      items_.push_back(std::move(item));
      if (items_.back().result) {
        report(items_.back());
      } else {
        job.push_back(&items_.back());
      }
    }
    if (!job.empty() && open(merchant, job)) jobs_.push_back(std::move(job));
  }

  BillItem itemOf(const Merchant& merchant, const BillType& type) {
    BillItem item;
    auto& order = item.order;
    order.type = type;
    order.date = date_;
    order.gzip = options_.gzip;
    order.again = options_.again;
    order.check = !options_.unchecked;
    order.place = billPlace(std::filesystem::path{options_.outputDir} / merchant.name, date_, type.name);
    order.attempts = options_.attempts;
    order.pace = merchant.provider == "alipay" ? &alipayPace_ : &weixinPace_;
    order.received = &results_.received();
    item.label = {merchant.name, type, date_, order.place.file.string()};
    return item;
  }

  /// Opens the merchant's configuration for the bills of `job`. They fail when it cannot be.
  bool open(const Merchant& merchant, const BillJob& job) {
    const auto wantsCertificate = [](const auto* item) { return item->order.type.fundFlow; };
    OpenOptions how{.timeout = options_.timeout, .attempts = options_.attempts, .transports = &transports_};
    how.certificate = std::any_of(job.begin(), job.end(), wantsCertificate);
    try {
      clients_.push_back(findProvider(merchant.provider).open(run_.executor(), merchant.config, how));
      for (auto* item : job) item->order.payment = clients_.back()->payment;
      return true;
    } catch (const Error& error) {
      for (auto* item : job) {
        item->result = BillResult{BillStatus::failed, 0, error};
        report(*item);
      }
      return false;
    }
  }

  void fetch() {
    run_.fetch(jobs_, [this](BillItem& item) {
      if (isReported(item)) report(item);
    });
  }

  void report(const BillItem& item) { results_.add(item.label, *item.result); }

  /// While one waits, what is not ready, or busy, is reported at the end.
  [[nodiscard]] bool isReported(const BillItem& item) const {
    const auto status = item.result->status;
    return options_.waitMinutes == 0 || (status != BillStatus::notReady && status != BillStatus::busy);
  }

  std::vector<BillJob> notReady() {
    std::vector<BillJob> jobs;
    for (auto& item : items_) {
      if (item.result && !isReported(item)) jobs.push_back({&item});
    }
    return jobs;
  }

  const BillDownloadOptions& options_;
  std::string date_;
  Pace weixinPace_{options_.rate};
  Pace alipayPace_{options_.rate};
  BillRun run_{options_.concurrency};
  SharedTransports transports_;
  std::vector<std::shared_ptr<Client>> clients_;
  std::deque<BillItem> items_;  // which stay where they are
  std::vector<BillJob> jobs_;
  BillResults results_;
};

}  // namespace

int runBillDownload(const BillDownloadOptions& options) {
  const auto date = dateOf(options.date);
  if (options.outputDir.empty()) throw UsageError{"--output-dir: expected the name of a folder"};
  try {
    const auto merchants = merchantsOf(options);
    return Downloads{options, date, merchants}.run();
  } catch (const Error& error) {
    std::cerr << errorLine(error, options.provider, "bill.download") + "\n" << std::flush;
    return 1;
  }
}

}  // namespace openapi::cli
