#pragma once

#include <openapi/json.hpp>

#include <gateways/clock.hpp>
#include <gateways/database.hpp>
#include <gateways/faults.hpp>
#include <gateways/http_server.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::gateway {

/// What `POST /bill` wants of a day's bills, beside what was really traded.
struct BillPlan {
  std::int64_t trades = 0;   ///< made ones
  std::int64_t changes = 0;  ///< how often the bills were issued anew: one payment more and one fen on the first payment each
  bool oldColumns = false;
  bool byClock = false;  ///< there from nine in the morning on, and not before

  [[nodiscard]] std::int64_t rows() const { return trades + changes; }
};

class BillPlans {
 public:
  BillPlans(Database& database, std::string provider);
  [[nodiscard]] BillPlan of(Time day);
  void keep(Time day, const BillPlan& plan);

 private:
  Database& database_;
  std::string provider_;
};

/// How a platform's bills grow with the made trades.
struct BillTypes {
  std::string fallback{};
  /// How many rows a bill has for so many made trades; no value: there is no such type.
  std::function<std::optional<std::int64_t>(std::string_view type, std::int64_t trades)> rowsOf{};
  /// The text of a bill of a plan alone, as it would be given out, before it is packed.
  std::function<std::shared_ptr<BodySource>(const std::string& type, Time day, const BillPlan& plan)> text{};
};

/// What `POST /bill` takes.
[[nodiscard]] FieldNames billFields();
/// `POST /bill`: `date` (yesterday), `rows` or `bytes` of the bill of `billType`, `changed`, `columns`, `byClock`. What is left
/// out stays as it was. Throws `ControlError`.
Json planBill(const Json& input, BillPlans& plans, const BillTypes& types, Time now);

/// A trade that nobody made, the same for the same day and number: each tenth is a refund of half of the one before it.
struct MadeTrade {
  std::int64_t number = 0;  ///< at most ten digits
  bool refund = false;
  bool recharge = false;    ///< a refund from recharged money
  std::int64_t amount = 0;  ///< fen
  std::int64_t fee = 0;     ///< 0.60 % of it
  int second = 0;           ///< of the day
  std::uint64_t random = 0;

  /// The number of the order.
  [[nodiscard]] std::int64_t order() const { return refund ? number - 1 : number; }
};

enum class MadeKind { all, payments, refunds, rechargeRefunds };
/// How many of so many made trades are of a kind.
[[nodiscard]] std::int64_t countOf(MadeKind kind, std::int64_t trades);

/// The made trades that belong into one kind of bill.
class MadeTrades {
 public:
  /// `first`: a bill that was issued anew has its changed amount here, as no payment was really made.
  MadeTrades(Time day, const BillPlan& plan, MadeKind kind, bool first);
  [[nodiscard]] std::int64_t count() const { return regular_ + extra_; }
  [[nodiscard]] MadeTrade at(std::int64_t index) const;

 private:
  MadeKind kind_;
  std::uint64_t seed_;
  std::int64_t regular_;
  std::int64_t extra_;
  std::int64_t addedToFirst_;
};

// Texts of made trades.
[[nodiscard]] std::string_view madeGoods(const MadeTrade& trade);
/// HH:MM:SS
[[nodiscard]] std::string clockText(int second);

/// The text of a bill, made while it is sent.
class BillText final : public BodySource {
 public:
  using Row = std::function<void(std::string& out, const MadeTrade& trade)>;
  /// `start`: everything up to the last row of what was really traded; `end`: what follows the last row.
  BillText(std::string start, MadeTrades made, Row row, std::function<std::string()> end);

  std::string next() override;
  [[nodiscard]] bool halfway() const override { return 2 * at_ >= made_.count(); }

 private:
  std::string start_;
  MadeTrades made_;
  Row row_;
  std::function<std::string()> end_;
  std::int64_t at_ = 0;
};

}  // namespace openapi::gateway
