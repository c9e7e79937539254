#include <gateways/alipay/bill.hpp>

#include <gateways/alipay/wire.hpp>

#include <zip.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>

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

std::string negative(Fen amount) { return amount == Fen{0} ? "0.00" : "-" + amount.yuan(); }
std::string signedYuan(std::int64_t fen) { return fen < 0 ? "-" + Fen{-fen}.yuan() : Fen{fen}.yuan(); }

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

/// One payment or refund, in the order of time.
struct Entry {
  Time time{};
  const Trade* trade = nullptr;
  const Refund* refund = nullptr;
};

struct Day {
  std::vector<Trade> paid{};
  std::vector<RefundedTrade> refunds{};
  std::vector<Entry> entries{};
};

Day dayOf(const BillFacts& facts, Store& store) {
  Day day;
  day.paid = store.paidBetween(facts.period.from, facts.period.to);
  day.refunds = store.refundsBetween(facts.period.from, facts.period.to);
  for (const auto& trade : day.paid) day.entries.push_back({*trade.paid, &trade, nullptr});
  for (const auto& item : day.refunds) day.entries.push_back({item.refund.time, &item.trade, &item.refund});
  std::stable_sort(day.entries.begin(), day.entries.end(), [](const Entry& a, const Entry& b) { return a.time < b.time; });
  return day;
}

std::string tradeRow(const Entry& entry) {
  const auto& trade = *entry.trade;
  const bool back = entry.refund != nullptr;
  const auto amount = back ? negative(entry.refund->amount) : trade.total.yuan();
  const auto remark = back && !entry.refund->reason.empty() ? entry.refund->reason
                      : trade.body.empty()                  ? trade.subject
                                                            : trade.body;
  return trade.tradeNo + "\t," + trade.outTradeNo + "\t," + (back ? "退款" : "交易") + "\t," + cell(trade.subject) + "," +
         readableTime(trade.created) + "," + readableTime(entry.time) + "," + cell(trade.storeId) + "\t,\t," +
         cell(trade.operatorId) + "\t," + cell(trade.terminalId) + "\t," + maskedLogon(trade.buyerId) + "\t," + amount + "," +
         amount + ",0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00," + (back ? cell(entry.refund->outRequestNo) : std::string{}) +
         "\t,0.00,0.00," + cell(remark) + line;
}

struct Sums {
  std::size_t trades = 0;
  std::size_t refunds = 0;
  Fen received{};
  Fen returned{};
  void add(const Entry& entry) {
    if (entry.refund == nullptr) {
      ++trades;
      received += entry.trade->total;
    } else {
      ++refunds;
      returned += entry.refund->amount;
    }
  }
  [[nodiscard]] std::string cells() const {
    const auto net = signedYuan(received.count() - returned.count());
    return std::to_string(trades) + "," + std::to_string(refunds) + "," + net + "," + net + ",0.00,0.00,0.00,0.00,0.00," + net +
           line;
  }
};

std::string tradeDetail(const BillFacts& facts, const Day& day) {
  std::string text = heading("业务明细", "业务明细列表", facts) +
                     "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
                     "订单金额（元）,商家实收（元）,"
                     "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,"
                     "商家红包消费金额（元）,卡消费金额（元）,退款批次号/"
                     "请求号,服务费（元）,分润（元）,备注" +
                     line;
  Sums sums;
  for (const auto& entry : day.entries) {
    text += tradeRow(entry);
    sums.add(entry);
  }
  return text + ending("业务明细列表") + "#交易合计：" + std::to_string(sums.trades) + "笔，商家实收共" + sums.received.yuan() +
         "元，商家优惠共0.00元" + line + "#退款合计：" + std::to_string(sums.refunds) + "笔，商家实收退款共" +
         negative(sums.returned) + "元，商家优惠退款共0.00元" + line + exported(facts.now);
}

std::string tradeSummary(const BillFacts& facts, const Day& day) {
  std::string text = heading("业务汇总", "业务汇总列表", facts) +
                     "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,"
                     "商家优惠（元）,卡消费金额（元）,服务费（元）,"
                     "分润（元）,实收净额（元）" +
                     line;
  std::map<std::string, Sums> shops;
  Sums all;
  for (const auto& entry : day.entries) {
    shops[entry.trade->storeId].add(entry);
    all.add(entry);
  }
  for (const auto& [shop, sums] : shops) text += cell(shop) + "\t,\t," + sums.cells();
  return text + "合计,," + all.cells() + ending("业务汇总列表") + exported(facts.now);
}

std::string accountDetail(const BillFacts& facts, const Day& day, Fen opening) {
  std::string text = heading("账务明细", "账务明细列表", facts) +
                     "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
                     "交易渠道,业务类型,备注" +
                     line;
  auto balance = opening.count();
  Sums sums;
  for (const auto& entry : day.entries) {
    const auto& trade = *entry.trade;
    const bool back = entry.refund != nullptr;
    balance += back ? -entry.refund->amount.count() : trade.total.count();
    sums.add(entry);
    const auto serial = (back ? "R" : "P") + std::to_string(back ? entry.refund->id : trade.id);
    text += compactDate(entry.time) + serial + "\t," + trade.tradeNo + "\t," + trade.outTradeNo + "\t," + cell(trade.subject) +
            "," + readableTime(entry.time) + "," + maskedLogon(trade.buyerId) + "," + (back ? " " : trade.total.yuan()) + "," +
            (back ? negative(entry.refund->amount) : " ") + "," + signedYuan(balance) + ",支付宝," +
            (back ? "交易退款" : "在线支付") + "," + (back ? cell(entry.refund->reason) : cell(trade.body)) + line;
  }
  return text + ending("账务明细列表") + "#支出合计：" + std::to_string(sums.refunds) + "笔，共" + negative(sums.returned) +
         "元" + line + "#收入合计：" + std::to_string(sums.trades) + "笔，共" + sums.received.yuan() + "元" + line +
         exported(facts.now);
}

std::string accountSummary(const BillFacts& facts, const Day& day) {
  Sums sums;
  for (const auto& entry : day.entries) sums.add(entry);
  const auto net = signedYuan(sums.received.count() - sums.returned.count());
  const auto trades = std::to_string(sums.trades);
  const auto refunds = std::to_string(sums.refunds);
  return heading("账务汇总", "账务汇总列表", facts) + "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）" +
         line + "在线支付," + trades + "," + sums.received.yuan() + ",0,0.00," + sums.received.yuan() + line +
         "交易退款,0,0.00," + refunds + "," + negative(sums.returned) + "," + negative(sums.returned) + line + "合计," + trades +
         "," + sums.received.yuan() + "," + refunds + "," + negative(sums.returned) + "," + net + line + ending("账务汇总列表") +
         exported(facts.now);
}

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

void must(bool ok) {
  if (!ok) throw std::runtime_error{"cannot write the bill's archive"};
}

void addFile(zip_t* archive, const std::string& name, const std::string& content, Time now) {
  auto* source = zip_source_buffer(archive, content.data(), content.size(), 0);
  must(source != nullptr);
  // CP437 stores the bytes of the name as they are, without the UTF-8 flag.
  const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_CP437);
  if (index < 0) zip_source_free(source);
  must(index >= 0);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  must(zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), static_cast<time_t>(seconds), 0) == 0);
}

std::string bytesOf(zip_source_t* source) {
  zip_stat_t stat;
  must(zip_source_stat(source, &stat) == 0 && zip_source_open(source) == 0);
  std::string bytes(stat.size, '\0');
  const auto read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  must(read == static_cast<zip_int64_t>(bytes.size()));
  return bytes;
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

std::vector<std::pair<std::string, std::string>> billFiles(BillType type, const BillFacts& facts, Store& store) {
  const auto day = dayOf(facts, store);
  const auto stem = facts.account + "_" + facts.period.compact + "_";
  if (type == BillType::trade) {
    return {{stem + "业务明细.csv", tradeDetail(facts, day)}, {stem + "业务明细(汇总).csv", tradeSummary(facts, day)}};
  }
  return {{stem + "账务明细.csv", accountDetail(facts, day, store.balanceAt(facts.period.from))},
          {stem + "账务汇总.csv", accountSummary(facts, day)}};
}

std::string zipBill(const std::vector<std::pair<std::string, std::string>>& files, Time now) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, FreeSource> target{zip_source_buffer_create(nullptr, 0, 0, &error)};
  must(target != nullptr);
  std::unique_ptr<zip_t, DiscardZip> archive{zip_open_from_source(target.get(), ZIP_TRUNCATE, &error)};
  must(archive != nullptr);
  zip_source_keep(target.get());
  std::vector<std::string> contents;
  contents.reserve(files.size());
  for (const auto& [name, content] : files) {
    contents.push_back(fromUtf8(content, Charset::gbk));
    addFile(archive.get(), fromUtf8(name, Charset::gbk), contents.back(), now);
  }
  must(zip_close(archive.get()) == 0);
  static_cast<void>(archive.release());
  return bytesOf(target.get());
}

}  // namespace openapi::gateway::alipay
