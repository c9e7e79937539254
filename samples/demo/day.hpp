#pragma once

#include "bills.hpp"
#include "forgeries.hpp"
#include "plan.hpp"
#include "progress.hpp"
#include "shop.hpp"

#include <gateways/sandbox.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace demo {

struct Options {
  std::size_t orders = 320;
  std::uint64_t seed = 20261121;
  bool verbose = false;
  bool tamper = false;
  std::string command{};  ///< the command line's program; empty: the one beside this program
};

/// How often something was tried, and how often it ended well.
struct Tally {
  int tried = 0;
  int held = 0;
};

struct Outcomes {
  std::map<std::string, Tally> faults{};           ///< seen by the shop as they should be, and overcome
  std::map<std::string, Tally> forgeries{};        ///< notifications, and how many were refused
  std::map<std::string, Tally> answers{};          ///< forged answers of the API, and how many were refused
  std::map<Provider, std::vector<Books>> books{};  ///< the shop's first
  FundFlow flow{};
  std::string date{};
  std::vector<std::string> differences{};
};

/// A day of trade, from the first order to the comparison of the books on the next morning.
class Day {
 public:
  Day(Options options, openapi::gateway::Sandbox& sandbox, std::string alipayPrivateKey, std::string weixinKey, Shop& shop,
      Ledger& ledger, Progress& progress);

  asio::awaitable<void> run();
  [[nodiscard]] const Outcomes& outcomes() const { return outcomes_; }

 private:
  // day.cpp: trade
  void openShop();
  asio::awaitable<void> trade();
  asio::awaitable<void> live(Plan plan);
  asio::awaitable<void> disorder();
  asio::awaitable<void> disordered(std::size_t index);
  asio::awaitable<void> awaitDelivery();
  asio::awaitable<void> settle();
  [[nodiscard]] std::string newSale(Provider provider, const std::string& client, Fen amount);
  void buyerPays(const std::string& number, const openapi::Fields& more = {});
  openapi::Json control(std::string_view method, std::string_view path, const openapi::Fields& input = {});
  [[nodiscard]] std::string platformTime();
  void advanceTo(int daysAhead, int secondOfDay);

  // trouble.cpp: faults and forgeries
  struct FaultCase {
    const char* name;
    Provider provider;
    const char* client;
    bool onRefund;
    const char* path;
    const char* fault;
    int times;
    const char* errCode;
    bool unknown;  ///< the shop is left in doubt
  };
  asio::awaitable<void> faults();
  asio::awaitable<void> faulty(FaultCase fault);
  asio::awaitable<void> cancelAfterLostOrder();
  asio::awaitable<void> cancelPaidOrder();
  asio::awaitable<void> closePaidOrder();
  void arm(const FaultCase& fault);
  void observe(const std::string& name, bool asExpected);
  asio::awaitable<void> forgeNotifications();
  asio::awaitable<std::string> faultWith(Forgery forgery);
  asio::awaitable<void> forgeAnswers();
  asio::awaitable<void> forgedAnswer(std::string name, std::string victim, openapi::Fields fault);

  // morning.cpp: the next day
  asio::awaitable<void> compareBooks();
  asio::awaitable<Books> askAll(Provider provider);
  asio::awaitable<void> askOrder(Books* books, std::string number);
  asio::awaitable<void> askRefunds(Books* books, Sale sale);
  [[nodiscard]] Books platformBooks(Provider provider);
  void differ(Provider provider, const std::vector<std::string>& differences);

  Options options_;
  openapi::gateway::Sandbox& sandbox_;
  std::string alipayPrivateKey_;
  std::string weixinKey_;
  Shop& shop_;
  Ledger& ledger_;
  Progress& progress_;
  Outcomes outcomes_;
  std::string prefix_;
  int extra_ = 0;
};

}  // namespace demo
