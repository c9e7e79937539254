#include "day.hpp"

#include <algorithm>
#include <stdexcept>

namespace demo {

namespace {

constexpr std::size_t width = 16;  // orders under way at the same time
constexpr milliseconds patience{8000};
constexpr int secondsOfDay = 86400;
constexpr int opening = 9 * 3600;
constexpr int morning = 10 * 3600 + 1800;

int secondOf(const std::string& time) {
  return std::stoi(time.substr(11, 2)) * 3600 + std::stoi(time.substr(14, 2)) * 60 + std::stoi(time.substr(17, 2));
}

std::string digitsOf(const std::string& time) {
  std::string digits;
  for (const char c : time.substr(0, 10)) {
    if (c != '-') digits += c;
  }
  return digits;
}

bool delivered(const openapi::Json& notify) {
  return *notify.find("delivered")->boolean() && notify.find("nextAttempt")->isNull() && !*notify.find("held")->boolean();
}

}  // namespace

Day::Day(Options options, openapi::gateway::Sandbox& sandbox, std::string alipayPrivateKey, std::string weixinKey, Shop& shop,
         Ledger& ledger, Progress& progress)
    : options_{options},
      sandbox_{sandbox},
      alipayPrivateKey_{std::move(alipayPrivateKey)},
      weixinKey_{std::move(weixinKey)},
      shop_{shop},
      ledger_{ledger},
      progress_{progress} {}

asio::awaitable<void> Day::run() {
  openShop();
  co_await trade();
  co_await faults();
  co_await disorder();
  co_await forgeNotifications();
  co_await forgeAnswers();
  co_await settle();
  advanceTo(1, morning);
  co_await compareBooks();
}

openapi::Json Day::control(std::string_view method, std::string_view path, const openapi::Fields& input) {
  return sandbox_.control(method, path, input);
}

/// `2026-11-21 09:00:00`, in Beijing.
std::string Day::platformTime() { return *control("POST", "/clock", {{"advanceSeconds", 0}}).find("now")->string(); }

void Day::advanceTo(int daysAhead, int secondOfDay) {
  const auto by = daysAhead * secondsOfDay + secondOfDay - secondOf(platformTime());
  control("POST", "/clock", {{"advanceSeconds", by}});
}

/// All trade must lie in one day of the platforms: late or early hours wait for the next opening.
void Day::openShop() {
  const auto second = secondOf(platformTime());
  if (second < opening) advanceTo(0, opening);
  if (second > 20 * 3600) advanceTo(1, opening);
  outcomes_.date = digitsOf(platformTime());
  prefix_ = "D" + outcomes_.date;
}

std::string Day::newSale(Provider provider, const std::string& client, Fen amount) {
  Sale sale;
  sale.provider = provider;
  sale.clientType = client;
  sale.number = prefix_ + "X" + std::to_string(100 + extra_++);
  sale.amount = amount;
  auto number = sale.number;
  ledger_.open(std::move(sale));
  return number;
}

void Day::buyerPays(const std::string& number, const openapi::Fields& more) {
  const auto& sale = ledger_.at(number);
  openapi::Fields input = more;
  input.set("provider", sale.provider == Provider::weixin ? "weixin" : "alipay");
  input.set("outTradeNo", number);
  const bool unseen = sale.provider == Provider::alipay && sale.clientType != "mp-alipay";
  if (unseen) input.set("orderString", sale.orderInfo);  // Alipay first sees it when the buyer opens it
  control("POST", "/pay", input);
}

asio::awaitable<void> Day::trade() {
  const auto plans = std::make_shared<const std::vector<Plan>>(planDay(options_.orders, options_.seed, prefix_));
  progress_.phase("Trading 交易", plans->size());
  const std::function<asio::awaitable<void>(std::size_t)> job = [this, plans](std::size_t index) {
    return live(plans->at(index));
  };
  co_await inParallel(plans->size(), width, job);
}

asio::awaitable<void> Day::live(Plan plan) {
  const auto number = plan.sale.number;
  ledger_.open(plan.sale);
  co_await shop_.place(number);
  if (plan.story == Story::neverPaid) {
    co_await shop_.close(number);
  } else if (plan.story == Story::cancelled) {
    co_await shop_.cancel(number);
  } else {
    openapi::Fields how;
    if (plan.delivery == Delivery::repeated) how.set("notifyTimes", 3);
    if (plan.delivery == Delivery::late) how.set("notifyDelayMs", 1000);
    if (plan.delivery == Delivery::turnedAway) shop_.failOnce(number);
    buyerPays(number, how);
    const auto wait = plan.delivery == Delivery::late ? milliseconds{20} : patience;
    co_await shop_.awaitPayment(number, wait);
  }
  for (std::size_t i = 0; i < plan.refunds.size(); ++i) {
    co_await shop_.refund(number, number + "R" + std::to_string(i + 1), plan.refunds[i]);
  }
  progress_.note(number + ' ' + plan.sale.clientType + ' ' + plan.sale.amount.yuan());
  progress_.step();
}

/// Notifications that come after everything is known already, the last one first.
asio::awaitable<void> Day::disorder() {
  constexpr std::size_t orders = 12;
  progress_.phase("Notifications out of order 通知乱序", orders);
  co_await awaitDelivery();
  control("POST", "/notify", {{"hold", true}});
  const std::function<asio::awaitable<void>(std::size_t)> job = [this](std::size_t index) { return disordered(index); };
  co_await inParallel(orders, width, job);
  const auto before = shop_.met().repeated;
  const auto released = *control("POST", "/notify", {{"release", true}, {"reverse", true}}).find("count")->integer();
  for (int i = 0; i < 300 && shop_.met().repeated < before + released; ++i) co_await sleepFor(milliseconds{100});
  observe("notifications out of order 通知乱序", shop_.met().repeated == before + released);
}

asio::awaitable<void> Day::disordered(std::size_t index) {
  const bool toWeixin = index % 2 == 0;
  const auto number = newSale(toWeixin ? Provider::weixin : Provider::alipay, toWeixin ? "mp-weixin" : "mp-alipay", Fen{115});
  co_await shop_.place(number);
  buyerPays(number);
  co_await shop_.awaitPayment(number, milliseconds{1});
  if (index % 4 < 2) co_await shop_.refund(number, number + "R1", Fen{index % 4 == 0 ? 57 : 115});
  progress_.step();
}

/// Until the shop has acknowledged every notification.
asio::awaitable<void> Day::awaitDelivery() {
  for (int i = 0; i < 300; ++i) {
    const auto notifies = control("GET", "/notifies");
    if (std::all_of(notifies.array()->begin(), notifies.array()->end(), delivered)) co_return;
    co_await sleepFor(milliseconds{200});
  }
  throw std::runtime_error{"the platforms still have notifications that the shop did not acknowledge"};
}

/// Nothing is on its way any more, and nothing is left open.
asio::awaitable<void> Day::settle() {
  progress_.phase("Closing the day 日终");
  std::vector<std::string> open;
  for (const auto& [number, sale] : ledger_.sales()) {
    if (sale.state == State::unpaid) open.push_back(number);
  }
  for (const auto& number : open) co_await shop_.close(number);
  co_await awaitDelivery();
  if (digitsOf(platformTime()) != outcomes_.date) throw std::runtime_error{"the day of the platforms ended before the trade did"};
  if (options_.tamper) ledger_.tamper();
}

}  // namespace demo
