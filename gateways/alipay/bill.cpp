#include <gateways/alipay/bill.hpp>

#include <gateways/alipay/wire.hpp>
#include <gateways/digits.hpp>
#include <gateways/packing.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace openapi::gateway::alipay {
namespace {

constexpr auto line = "\r\n";
constexpr std::string_view dashes = "-----------------------------------------";

/// Text that cannot be mistaken for the end of a cell.
std::string cell(std::string_view text) {
  std::string result{text};
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n' || c == '\t'; }, ' ');
  return result;
}

/// yyyy年MM月dd日 HH:mm:ss
std::string chineseTime(Time time) {
  const auto text = readableTime(time);
  return text.substr(0, 4) + "年" + text.substr(5, 2) + "月" + text.substr(8, 2) + "日 " + text.substr(11);
}

std::string heading(const std::string& title, const std::string& list, const BillFacts& facts) {
  return "#支付宝" + title + "查询" + line + "#账号：[" + facts.account + "]" + line + "#起始日期：[" +
         chineseTime(facts.period.from) + "]   终止日期：[" + chineseTime(facts.period.to) + "]" + line + "#" +
         std::string{dashes} + list + std::string{dashes.substr(1)} + line;
}

std::string ending(const std::string& list) {
  return "#" + std::string{dashes} + list + "结束" + std::string{dashes.substr(5)} + line;
}

std::string exported(Time now) { return "#导出时间：[" + chineseTime(now) + "]" + line; }

/// One payment or refund; amounts in fen.
struct BillRow {
  bool refund = false;
  std::string tradeNo{};
  std::string outTradeNo{};
  std::string subject{};
  std::string created{};
  std::string finished{};
  std::string storeId{};
  std::string operatorId{};
  std::string terminalId{};
  std::string logon{};
  std::int64_t amount = 0;
  std::string outRequestNo{};
  std::string remark{};
  std::string serial{};       ///< of the entry in the account
  std::string entryRemark{};  ///< its remark
};

BillRow rowOf(const Trade& trade, Time time) {
  BillRow row;
  row.tradeNo = trade.tradeNo;
  row.outTradeNo = trade.outTradeNo;
  row.subject = cell(trade.subject);
  row.created = readableTime(trade.created);
  row.finished = readableTime(time);
  row.storeId = cell(trade.storeId);
  row.operatorId = cell(trade.operatorId);
  row.terminalId = cell(trade.terminalId);
  row.logon = maskedLogon(trade.buyerId);
  row.remark = cell(trade.body.empty() ? trade.subject : trade.body);
  return row;
}

BillRow paymentRow(const Trade& trade) {
  auto row = rowOf(trade, *trade.paid);
  row.amount = trade.total.count();
  row.serial = compactDate(*trade.paid) + "P" + std::to_string(trade.id);
  row.entryRemark = cell(trade.body);
  return row;
}

BillRow refundRow(const Trade& trade, const Refund& refund) {
  auto row = rowOf(trade, refund.time);
  row.refund = true;
  row.amount = refund.amount.count();
  row.outRequestNo = cell(refund.outRequestNo);
  if (!refund.reason.empty()) row.remark = cell(refund.reason);
  row.serial = compactDate(refund.time) + "R" + std::to_string(refund.id);
  row.entryRemark = cell(refund.reason);
  return row;
}

/// What was really traded, in the order of time.
std::vector<BillRow> rowsOf(const BillFacts& facts, Store& store) {
  std::vector<BillRow> rows;
  for (const auto& trade : store.paidBetween(facts.period.from, facts.period.to)) rows.push_back(paymentRow(trade));
  if (!rows.empty()) rows.front().amount += facts.plan.changes;
  for (const auto& [trade, refund] : store.refundsBetween(facts.period.from, facts.period.to))
    rows.push_back(refundRow(trade, refund));
  std::stable_sort(rows.begin(), rows.end(), [](const BillRow& a, const BillRow& b) { return a.finished < b.finished; });
  return rows;
}

/// Turns made trades into rows.
class MadeRows {
 public:
  explicit MadeRows(Time day) : date_{readableDate(day) + " "}, compactDate_{compactDate(day)} {}

  /// Valid until the next call.
  [[nodiscard]] const BillRow& of(const MadeTrade& trade) {
    row_.refund = trade.refund;
    row_.amount = trade.amount;
    set(row_.tradeNo, "", "22001", trade.order(), 15);
    set(row_.outTradeNo, "M", "", trade.order(), 10);
    row_.subject = cell(madeGoods(trade));
    row_.finished = date_ + clockText(trade.second);
    row_.created = date_ + clockText(trade.second / 2);
    row_.logon.clear();
    appendDigits(row_.logon, trade.random, 3);
    row_.logon += "***@sandbox.com";
    row_.remark = trade.refund ? std::string{"缺货"} : row_.subject;
    row_.entryRemark = row_.remark;
    set(row_.serial, "", "9", trade.number, 12);
    row_.outRequestNo.clear();
    if (trade.refund) set(row_.outRequestNo, "MR", "", trade.number, 10);
    return row_;
  }

 private:
  void set(std::string& out, std::string_view prefix, std::string_view mark, std::int64_t number, std::size_t width) const {
    out = prefix;
    out += compactDate_;
    out += mark;
    appendDigits(out, static_cast<std::uint64_t>(number), width);
  }
  std::string date_;
  std::string compactDate_;
  BillRow row_{};
};

struct Sums {
  std::size_t trades = 0;
  std::size_t refunds = 0;
  std::int64_t received = 0;
  std::int64_t returned = 0;  ///< not negative
  void add(const BillRow& row) {
    ++(row.refund ? refunds : trades);
    (row.refund ? returned : received) += row.amount;
  }
  [[nodiscard]] std::string net() const { return yuanText(received - returned); }
  [[nodiscard]] std::string cells() const {
    return std::to_string(trades) + "," + std::to_string(refunds) + "," + net() + "," + net() + ",0.00,0.00,0.00,0.00,0.00," +
           net() + line;
  }
};

/// Writes both files of one archive.
class Bill {
 public:
  explicit Bill(BillFacts facts) : facts_{std::move(facts)} {}
  Bill(const Bill&) = delete;
  Bill& operator=(const Bill&) = delete;
  virtual ~Bill() = default;

  [[nodiscard]] virtual std::string head() const = 0;
  virtual void append(std::string& out, const BillRow& row) = 0;
  [[nodiscard]] virtual std::string end() const = 0;
  /// The file of totals, when the rows are complete.
  [[nodiscard]] virtual std::string totals() const = 0;

 protected:
  [[nodiscard]] const BillFacts& facts() const { return facts_; }

 private:
  BillFacts facts_;
};

class TradeBill final : public Bill {
 public:
  using Bill::Bill;

  [[nodiscard]] std::string head() const override {
    return heading("业务明细", "业务明细列表", facts()) +
           "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
           "订单金额（元）,商家实收（元）,"
           "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,"
           "商家红包消费金额（元）,卡消费金额（元）,退款批次号/"
           "请求号,服务费（元）,分润（元）,备注" +
           line;
  }

  void append(std::string& out, const BillRow& row) override {
    const auto amount = row.refund ? -row.amount : row.amount;
    put(out, row.tradeNo, "\t,");
    put(out, row.outTradeNo, row.refund ? "\t,退款\t," : "\t,交易\t,");
    put(out, row.subject, ",");
    put(out, row.created, ",");
    put(out, row.finished, ",");
    put(out, row.storeId, "\t,\t,");
    put(out, row.operatorId, "\t,");
    put(out, row.terminalId, "\t,");
    put(out, row.logon, "\t,");
    appendYuan(out, amount);
    out += ',';
    appendYuan(out, amount);
    out += ",0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,";
    put(out, row.outRequestNo, "\t,0.00,0.00,");
    put(out, row.remark, line);
    all_.add(row);
    shops_[row.storeId].add(row);
  }

  [[nodiscard]] std::string end() const override {
    return ending("业务明细列表") + "#交易合计：" + std::to_string(all_.trades) + "笔，商家实收共" + yuanText(all_.received) +
           "元，商家优惠共0.00元" + line + "#退款合计：" + std::to_string(all_.refunds) + "笔，商家实收退款共" +
           yuanText(-all_.returned) + "元，商家优惠退款共0.00元" + line + exported(facts().now);
  }

  [[nodiscard]] std::string totals() const override {
    std::string text = heading("业务汇总", "业务汇总列表", facts()) +
                       "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,"
                       "商家优惠（元）,卡消费金额（元）,服务费（元）,"
                       "分润（元）,实收净额（元）" +
                       line;
    for (const auto& [shop, sums] : shops_) text += shop + "\t,\t," + sums.cells();
    return text + "合计,," + all_.cells() + ending("业务汇总列表") + exported(facts().now);
  }

 private:
  static void put(std::string& out, std::string_view value, std::string_view after) {
    out += value;
    out += after;
  }
  Sums all_{};
  std::map<std::string, Sums> shops_{};
};

class AccountBill final : public Bill {
 public:
  AccountBill(BillFacts facts, std::int64_t opening) : Bill{std::move(facts)}, balance_{opening} {}

  [[nodiscard]] std::string head() const override {
    return heading("账务明细", "账务明细列表", facts()) +
           "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
           "交易渠道,业务类型,备注" +
           line;
  }

  void append(std::string& out, const BillRow& row) override {
    balance_ += row.refund ? -row.amount : row.amount;
    all_.add(row);
    out += row.serial + "\t," + row.tradeNo + "\t," + row.outTradeNo + "\t," + row.subject + "," + row.finished + "," +
           row.logon + "," + (row.refund ? " " : yuanText(row.amount)) + "," + (row.refund ? yuanText(-row.amount) : " ") + "," +
           yuanText(balance_) + ",支付宝," + (row.refund ? "交易退款" : "在线支付") + "," + row.entryRemark + line;
  }

  [[nodiscard]] std::string end() const override {
    return ending("账务明细列表") + "#支出合计：" + std::to_string(all_.refunds) + "笔，共" + yuanText(-all_.returned) + "元" +
           line + "#收入合计：" + std::to_string(all_.trades) + "笔，共" + yuanText(all_.received) + "元" + line +
           exported(facts().now);
  }

  [[nodiscard]] std::string totals() const override {
    const auto trades = std::to_string(all_.trades);
    const auto refunds = std::to_string(all_.refunds);
    const auto income = yuanText(all_.received);
    const auto expense = yuanText(-all_.returned);
    return heading("账务汇总", "账务汇总列表", facts()) + "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）" +
           line + "在线支付," + trades + "," + income + ",0,0.00," + income + line + "交易退款,0,0.00," + refunds + "," +
           expense + "," + expense + line + "合计," + trades + "," + income + "," + refunds + "," + expense + "," + all_.net() +
           line + ending("账务汇总列表") + exported(facts().now);
  }

 private:
  std::int64_t balance_;
  Sums all_{};
};

/// Whole lines in UTF-8 become GBK.
class GbkBody final : public BodySource {
 public:
  explicit GbkBody(std::shared_ptr<BodySource> text) : text_{std::move(text)} {}
  std::string next() override { return fromUtf8(text_->next(), Charset::gbk); }
  [[nodiscard]] bool halfway() const override { return text_->halfway(); }

 private:
  std::shared_ptr<BodySource> text_;
};

std::shared_ptr<BodySource> detail(const std::shared_ptr<Bill>& bill, const BillFacts& facts, const std::vector<BillRow>& rows) {
  auto start = bill->head();
  for (const auto& row : rows) bill->append(start, row);
  const bool paid = std::any_of(rows.begin(), rows.end(), [](const BillRow& row) { return !row.refund; });
  const MadeTrades made{facts.period.from, facts.plan, MadeKind::all, !paid};
  auto text = std::make_shared<BillText>(
      std::move(start), made,
      [bill, rows = MadeRows{facts.period.from}](std::string& out, const MadeTrade& trade) mutable {
        bill->append(out, rows.of(trade));
      },
      [bill] { return bill->end(); });
  return std::make_shared<GbkBody>(std::move(text));
}

/// Written when the rows have gone out.
std::shared_ptr<BodySource> totals(const std::shared_ptr<Bill>& bill, const BillFacts& facts) {
  const MadeTrades none{facts.period.from, {}, MadeKind::all, false};
  auto text = std::make_shared<BillText>("", none, BillText::Row{}, [bill] { return bill->totals(); });
  return std::make_shared<GbkBody>(std::move(text));
}

std::shared_ptr<Bill> billOf(BillType type, const BillFacts& facts, std::int64_t opening) {
  if (type == BillType::trade) return std::make_shared<TradeBill>(facts);
  return std::make_shared<AccountBill>(facts, opening);
}

}  // namespace

std::optional<BillPeriod> billPeriod(std::string_view date) {
  using std::chrono::days;
  if (date.size() == 10) {
    const auto from = parseReadableDate(date);
    if (!from) return std::nullopt;
    return BillPeriod{*from, *from + days{1}, compactDate(*from)};
  }
  const auto from = parseReadableDate(std::string{date} + "-01");
  if (!from) return std::nullopt;
  const auto next = readableDate(*from + days{31}).substr(0, 8) + "01";
  return BillPeriod{*from, *parseReadableDate(next), compactDate(*from).substr(0, 6)};
}

std::string maskedLogon(std::string_view buyerId) {
  return (buyerId.size() < 3 ? std::string{"buy"} : std::string{buyerId.substr(buyerId.size() - 3)}) + "***@sandbox.com";
}

std::shared_ptr<BodySource> billArchive(BillType type, const BillFacts& facts, Store& store) {
  const auto bill = billOf(type, facts, store.balanceAt(facts.period.from).count());
  const bool trade = type == BillType::trade;
  const auto stem = facts.account + "_" + facts.period.compact + "_";
  const auto name = [&](const char* kind) { return fromUtf8(stem + kind + ".csv", Charset::gbk); };
  std::vector<ArchiveFile> files;
  files.push_back({name(trade ? "业务明细" : "账务明细"), detail(bill, facts, rowsOf(facts, store))});
  files.push_back({name(trade ? "业务明细(汇总)" : "账务汇总"), totals(bill, facts)});
  return zipBody(std::move(files), facts.now);
}

std::shared_ptr<BodySource> madeDetail(BillType type, const BillFacts& facts) {
  return detail(billOf(type, facts, 0), facts, {});
}

}  // namespace openapi::gateway::alipay
