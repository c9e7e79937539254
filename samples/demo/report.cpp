#include "report.hpp"

#include "table.hpp"

#include <ostream>

namespace demo {

namespace {

std::string chinese(Provider provider) { return provider == Provider::weixin ? "微信支付" : "支付宝"; }

std::string heading(const std::string& source) {
  if (source == "the shop") return "shop 商户";
  if (source == "the platform") return "platform 平台";
  if (source == "the trade bill") return "trade bill 交易账单";
  return "queries 逐笔查询";
}

struct ClientSums {
  int orders = 0, paid = 0, closed = 0, cancelled = 0, refunds = 0;
  Fen received{}, returned{};
};

void clients(std::ostream& out, const Ledger& ledger) {
  std::map<std::pair<Provider, std::string>, ClientSums> sums;
  ClientSums all;
  for (const auto& [number, sale] : ledger.sales()) {
    for (auto* sum : {&sums[{sale.provider, sale.clientType}], &all}) {
      ++sum->orders;
      sum->paid += sale.state == State::paid ? 1 : 0;
      sum->closed += sale.state == State::closed ? 1 : 0;
      sum->cancelled += sale.state == State::cancelled ? 1 : 0;
      sum->refunds += static_cast<int>(sale.refunds.size());
      sum->received += sale.paid;
      sum->returned += sale.refunded();
    }
  }
  const auto row = [](const std::string& name, const ClientSums& sum) {
    return Row{name,
               std::to_string(sum.orders),
               std::to_string(sum.paid),
               std::to_string(sum.closed),
               std::to_string(sum.cancelled),
               std::to_string(sum.refunds),
               sum.received.yuan(),
               sum.returned.yuan()};
  };
  std::vector<Row> rows{{"client 客户端", "orders 订单", "paid 已付", "closed 关闭", "cancelled 撤销", "refunds 退款",
                         "paid, yuan 付款(元)", "refunded, yuan 退款(元)"}};
  for (const auto& [client, sum] : sums) rows.push_back(row(std::string{nameOf(client.first)} + ' ' + client.second, sum));
  rows.push_back(row("all 合计", all));
  out << "Orders 订单\n";
  table(out, rows);
}

void books(std::ostream& out, Provider provider, const Outcomes& outcomes) {
  const auto& sources = outcomes.books.at(provider);
  const bool weixin = provider == Provider::weixin;
  Row head{"", {}}, paid{"orders paid 已付订单"}, received{"paid, yuan 付款(元)"}, refunds{"refunds 退款笔数"},
      returned{"refunded, yuan 退款(元)"}, fees{"fees, yuan 手续费(元)"};
  head.pop_back();
  for (const auto& source : sources) {
    head.push_back(heading(source.source));
    paid.push_back(std::to_string(source.paid.size()));
    received.push_back(source.totalPaid().yuan());
    refunds.push_back(std::to_string(source.refunds.size()));
    returned.push_back(source.totalRefunded().yuan());
    fees.push_back(source.fees ? yuan(*source.fees) : "-");
  }
  if (weixin) {
    const auto& flow = outcomes.flow;
    std::int64_t in = 0;
    std::int64_t back = 0;
    for (const auto& [number, amount] : flow.received) in += amount;
    for (const auto& [number, amount] : flow.returned) back += amount;
    head.emplace_back("fund flow 资金账单");
    paid.push_back(std::to_string(flow.received.size()));
    received.push_back(yuan(in));
    refunds.push_back(std::to_string(flow.returned.size()));
    returned.push_back(yuan(back));
    fees.push_back(yuan(flow.fees));
  }
  out << nameOf(provider) << ' ' << chinese(provider) << '\n';
  std::vector<Row> rows{head, paid, received, refunds, returned};
  if (weixin) rows.push_back(fees);
  table(out, rows);
}

int tallies(std::ostream& out, const std::string& title, const std::map<std::string, Tally>& kinds, const std::string& held) {
  std::vector<Row> rows{{title, "number 次数", held}};
  Tally all;
  for (const auto& [kind, tally] : kinds) {
    rows.push_back({kind, std::to_string(tally.tried), std::to_string(tally.held)});
    all.tried += tally.tried;
    all.held += tally.held;
  }
  rows.push_back({"all 合计", std::to_string(all.tried), std::to_string(all.held)});
  table(out, rows);
  return all.tried - all.held;
}

}  // namespace

bool report(std::ostream& out, const Ledger& ledger, const Shop& shop, const Outcomes& outcomes) {
  out << "\nThe day of " << outcomes.date << " 交易日\n\n";
  clients(out, ledger);
  for (const auto provider : {Provider::weixin, Provider::alipay}) books(out, provider, outcomes);
  const auto& met = shop.met();
  table(out, {{"What the shop met 商户所遇", "number 次数"},
              {"notifications verified 通知验证通过", std::to_string(met.notifications)},
              {"  told what was known already 重复通知", std::to_string(met.repeated)},
              {"  turned away once, sent again 拒收后重发", std::to_string(met.turnedAway)},
              {"payments learnt by query 查询得知付款", std::to_string(met.paidByQuery)},
              {"orders with an unknown outcome 结果未知的下单", std::to_string(met.unknownOrders)},
              {"refunds with an unknown outcome 结果未知的退款", std::to_string(met.unknownRefunds)},
              {"other calls with an unknown outcome 其他未知结果", std::to_string(met.unknownOthers)}});
  tallies(out, "Faults 故障", outcomes.faults, "overcome 已克服");
  const auto notified = tallies(out, "Forged notifications 伪造通知", outcomes.forgeries, "refused 已拒绝");
  const auto answered = tallies(out, "Forged answers 伪造应答", outcomes.answers, "refused 已拒绝");
  if (outcomes.differences.empty() && notified + answered == 0) {
    out << "Every fen agrees, and no forgery passed. 分毫不差，伪造全部拒绝。\n";
    return true;
  }
  out << outcomes.differences.size() << " differences 差异:\n";
  for (const auto& difference : outcomes.differences) out << "  " << difference << '\n';
  return false;
}

}  // namespace demo
