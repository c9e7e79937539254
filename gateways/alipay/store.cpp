#include <gateways/alipay/store.hpp>

namespace openapi::gateway::alipay {
namespace {

constexpr auto schema = R"(
CREATE TABLE IF NOT EXISTS alipay_trades(
  id INTEGER PRIMARY KEY, out_trade_no TEXT NOT NULL UNIQUE, trade_no TEXT NOT NULL, method TEXT NOT NULL, status TEXT NOT NULL,
  total INTEGER NOT NULL, refunded INTEGER NOT NULL, fingerprint TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
  buyer_id TEXT NOT NULL, buyer_open_id TEXT NOT NULL, buyer_fixed INTEGER NOT NULL, passback TEXT NOT NULL, store_id TEXT NOT NULL,
  operator_id TEXT NOT NULL, terminal_id TEXT NOT NULL, auth_code TEXT NOT NULL, qr_code TEXT NOT NULL, notify_url TEXT NOT NULL,
  return_url TEXT NOT NULL, charset TEXT NOT NULL, sign_type TEXT NOT NULL, cancel_action TEXT NOT NULL, created INTEGER NOT NULL,
  expires INTEGER NOT NULL, paid INTEGER, closed INTEGER);
CREATE INDEX IF NOT EXISTS alipay_trades_no ON alipay_trades(trade_no);
CREATE INDEX IF NOT EXISTS alipay_trades_code ON alipay_trades(auth_code) WHERE auth_code <> '';
CREATE INDEX IF NOT EXISTS alipay_trades_waiting ON alipay_trades(expires) WHERE status = 'WAIT_BUYER_PAY';
CREATE INDEX IF NOT EXISTS alipay_trades_refundable ON alipay_trades(paid) WHERE status = 'TRADE_SUCCESS';
CREATE INDEX IF NOT EXISTS alipay_trades_paid ON alipay_trades(paid) WHERE paid IS NOT NULL;
CREATE TABLE IF NOT EXISTS alipay_refunds(
  id INTEGER PRIMARY KEY, trade_id INTEGER NOT NULL, out_request_no TEXT NOT NULL, amount INTEGER NOT NULL, reason TEXT NOT NULL,
  time INTEGER NOT NULL, UNIQUE(trade_id, out_request_no));
CREATE INDEX IF NOT EXISTS alipay_refunds_time ON alipay_refunds(time);
CREATE TABLE IF NOT EXISTS alipay_logins(code TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS alipay_tokens(
  refresh_token TEXT PRIMARY KEY, user_id TEXT NOT NULL, auth_start INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS alipay_bill_links(
  file_id TEXT PRIMARY KEY, bill_type TEXT NOT NULL, bill_date TEXT NOT NULL, expires INTEGER NOT NULL);
)";

SqlValue timeOrNull(const std::optional<Time>& time) { return time ? SqlValue{toMillis(*time)} : SqlValue{nullptr}; }

std::optional<Time> timeOf(const Row& row, std::string_view column) {
  if (row.isNull(column)) return std::nullopt;
  return fromMillis(row.integer(column));
}

Trade tradeOf(const Row& row) {
  Trade trade;
  trade.id = row.integer("id");
  trade.outTradeNo = row.text("out_trade_no");
  trade.tradeNo = row.text("trade_no");
  trade.method = row.text("method");
  trade.status = row.text("status");
  trade.total = Fen{row.integer("total")};
  trade.refunded = Fen{row.integer("refunded")};
  trade.fingerprint = row.text("fingerprint");
  trade.subject = row.text("subject");
  trade.body = row.text("body");
  trade.buyerId = row.text("buyer_id");
  trade.buyerOpenId = row.text("buyer_open_id");
  trade.buyerFixed = row.integer("buyer_fixed") != 0;
  trade.passbackParams = row.text("passback");
  trade.storeId = row.text("store_id");
  trade.operatorId = row.text("operator_id");
  trade.terminalId = row.text("terminal_id");
  trade.authCode = row.text("auth_code");
  trade.qrCode = row.text("qr_code");
  trade.notifyUrl = row.text("notify_url");
  trade.returnUrl = row.text("return_url");
  trade.charset = row.text("charset");
  trade.signType = row.text("sign_type");
  trade.cancelAction = row.text("cancel_action");
  trade.created = fromMillis(row.integer("created"));
  trade.expires = fromMillis(row.integer("expires"));
  trade.paid = timeOf(row, "paid");
  trade.closed = timeOf(row, "closed");
  return trade;
}

Refund refundOf(const Row& row) {
  return {.id = row.integer("id"),
          .tradeId = row.integer("trade_id"),
          .outRequestNo = row.text("out_request_no"),
          .amount = Fen{row.integer("amount")},
          .reason = row.text("reason"),
          .time = fromMillis(row.integer("time"))};
}

std::vector<Trade> tradesOf(const std::vector<Row>& rows) {
  std::vector<Trade> trades;
  for (const auto& row : rows) trades.push_back(tradeOf(row));
  return trades;
}

std::optional<Trade> maybe(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return tradeOf(*row);
}

}  // namespace

Store::Store(Database& database) : database_{database} { database_.script(schema); }

std::optional<Trade> Store::byOutTradeNo(const std::string& outTradeNo) {
  return maybe(database_.first("SELECT * FROM alipay_trades WHERE out_trade_no = ?", {outTradeNo}));
}

std::optional<Trade> Store::byTradeNo(const std::string& tradeNo) {
  return maybe(database_.first("SELECT * FROM alipay_trades WHERE trade_no = ? AND status <> ''", {tradeNo}));
}

bool Store::authCodeUsed(const std::string& authCode, const std::string& exceptOutTradeNo) {
  return database_
      .first("SELECT id FROM alipay_trades WHERE auth_code = ? AND auth_code <> '' AND out_trade_no <> ?",
             {authCode, exceptOutTradeNo})
      .has_value();
}

void Store::insert(Trade& trade) {
  database_.execute(
      "INSERT INTO alipay_trades(out_trade_no, trade_no, method, status, total, refunded, fingerprint, subject, body, buyer_id, "
      "buyer_open_id, buyer_fixed, passback, store_id, operator_id, terminal_id, auth_code, qr_code, notify_url, return_url, "
      "charset, "
      "sign_type, cancel_action, created, expires, paid, closed) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      {trade.outTradeNo,
       trade.tradeNo,
       trade.method,
       trade.status,
       trade.total.count(),
       trade.refunded.count(),
       trade.fingerprint,
       trade.subject,
       trade.body,
       trade.buyerId,
       trade.buyerOpenId,
       std::int64_t{trade.buyerFixed ? 1 : 0},
       trade.passbackParams,
       trade.storeId,
       trade.operatorId,
       trade.terminalId,
       trade.authCode,
       trade.qrCode,
       trade.notifyUrl,
       trade.returnUrl,
       trade.charset,
       trade.signType,
       trade.cancelAction,
       toMillis(trade.created),
       toMillis(trade.expires),
       timeOrNull(trade.paid),
       timeOrNull(trade.closed)});
  trade.id = database_.lastInsertId();
}

void Store::update(const Trade& trade) {
  database_.execute(
      "UPDATE alipay_trades SET trade_no = ?, status = ?, refunded = ?, buyer_id = ?, buyer_open_id = ?, auth_code = ?, "
      "cancel_action = ?, created = ?, expires = ?, paid = ?, closed = ? WHERE id = ?",
      {trade.tradeNo, trade.status, trade.refunded.count(), trade.buyerId, trade.buyerOpenId, trade.authCode, trade.cancelAction,
       toMillis(trade.created), toMillis(trade.expires), timeOrNull(trade.paid), timeOrNull(trade.closed), trade.id});
}

std::vector<Trade> Store::trades() { return tradesOf(database_.query("SELECT * FROM alipay_trades ORDER BY id")); }

std::vector<Trade> Store::paidBetween(Time from, Time to) {
  return tradesOf(database_.query("SELECT * FROM alipay_trades WHERE paid >= ? AND paid < ? ORDER BY paid, id",
                                  {toMillis(from), toMillis(to)}));
}

std::vector<Trade> Store::expired(Time now) {
  return tradesOf(
      database_.query("SELECT * FROM alipay_trades WHERE status = 'WAIT_BUYER_PAY' AND expires <= ?", {toMillis(now)}));
}

std::vector<Trade> Store::refundableSince(Time limit) {
  return tradesOf(database_.query("SELECT * FROM alipay_trades WHERE status = 'TRADE_SUCCESS' AND paid <= ?", {toMillis(limit)}));
}

void Store::insert(const Refund& refund) {
  database_.execute("INSERT INTO alipay_refunds(trade_id, out_request_no, amount, reason, time) VALUES(?,?,?,?,?)",
                    {refund.tradeId, refund.outRequestNo, refund.amount.count(), refund.reason, toMillis(refund.time)});
}

std::optional<Refund> Store::refund(std::int64_t tradeId, const std::string& outRequestNo) {
  const auto row =
      database_.first("SELECT * FROM alipay_refunds WHERE trade_id = ? AND out_request_no = ?", {tradeId, outRequestNo});
  if (!row) return std::nullopt;
  return refundOf(*row);
}

std::vector<RefundedTrade> Store::withTrades(const std::vector<Row>& rows) {
  std::vector<RefundedTrade> result;
  for (const auto& row : rows) {
    const auto trade = database_.first("SELECT * FROM alipay_trades WHERE id = ?", {row.integer("trade_id")});
    result.push_back({tradeOf(*trade), refundOf(row)});
  }
  return result;
}

std::vector<RefundedTrade> Store::refunds() { return withTrades(database_.query("SELECT * FROM alipay_refunds ORDER BY id")); }

std::vector<RefundedTrade> Store::refundsBetween(Time from, Time to) {
  return withTrades(database_.query("SELECT * FROM alipay_refunds WHERE time >= ? AND time < ? ORDER BY time, id",
                                    {toMillis(from), toMillis(to)}));
}

Fen Store::balanceAt(Time time) {
  const auto row = database_.first(
      "SELECT (SELECT coalesce(sum(total), 0) FROM alipay_trades WHERE paid < ?) - "
      "(SELECT coalesce(sum(amount), 0) FROM alipay_refunds WHERE time < ?) AS balance",
      {toMillis(time), toMillis(time)});
  return Fen{row->integer("balance")};
}

}  // namespace openapi::gateway::alipay
