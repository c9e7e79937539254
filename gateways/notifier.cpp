#include <gateways/notifier.hpp>

#include <gateways/faults.hpp>

#include <algorithm>

namespace openapi::gateway {
namespace {

constexpr auto schema = R"(
CREATE TABLE IF NOT EXISTS notifies(
  id INTEGER PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL, out_trade_no TEXT NOT NULL,
  body TEXT NOT NULL, created INTEGER NOT NULL, due INTEGER, attempts INTEGER NOT NULL DEFAULT 0, times INTEGER NOT NULL,
  held INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS notifies_due ON notifies(due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS notifies_order ON notifies(out_trade_no);
CREATE TABLE IF NOT EXISTS notify_attempts(
  notify_id INTEGER NOT NULL, time INTEGER NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  acknowledged INTEGER NOT NULL, error TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notify_attempts_id ON notify_attempts(notify_id);
)";

constexpr std::size_t keptAnswerBytes = 1000;

Json attemptJson(const Row& row) {
  Fields fields{{"time", readableTime(fromMillis(row.integer("time")))},
                {"status", row.integer("status")},
                {"body", row.text("body")},
                {"acknowledged", row.integer("acknowledged") != 0}};
  if (const auto error = row.text("error"); !error.empty()) fields.append("error", error);
  return fields;
}

Json notifyJson(const Row& row, Json::Array attempts) {
  return Fields{{"id", row.integer("id")},
                {"provider", row.text("provider")},
                {"kind", row.text("kind")},
                {"url", row.text("url")},
                {"outTradeNo", row.text("out_trade_no")},
                {"created", readableTime(fromMillis(row.integer("created")))},
                {"attempts", std::move(attempts)},
                {"delivered", row.integer("delivered") != 0},
                {"held", row.integer("held") != 0},
                {"nextAttempt", row.isNull("due") ? Json{} : Json{readableTime(fromMillis(row.integer("due")))}},
                {"body", row.text("body")}};
}

}  // namespace

NotifyOptions NotifyOptions::from(const Json& input) {
  NotifyOptions options;
  options.times = static_cast<int>(optionalInteger(input, "notifyTimes", 1, 1, 100));
  options.delay = std::chrono::milliseconds{optionalInteger(input, "notifyDelayMs", 0, 0, 600'000)};
  return options;
}

Notifier::Notifier(Clock& clock, Database& database, int scale, Sender sender, std::function<void()> rearm)
    : clock_{clock}, database_{database}, scale_{scale}, sender_{std::move(sender)}, rearm_{std::move(rearm)} {
  database_.script(schema);
}

void Notifier::setRules(const std::string& provider, NotifyRules rules) { rules_.insert_or_assign(provider, std::move(rules)); }

std::int64_t Notifier::enqueue(const Notification& notification, NotifyOptions options) {
  const auto now = toMillis(clock_.now());
  const auto notBefore = options.notBefore ? toMillis(*options.notBefore) : 0;
  const SqlValue due = holding_ ? SqlValue{nullptr} : SqlValue{std::max(now, notBefore) + options.delay.count() * clock_.scale()};
  database_.execute(
      "INSERT INTO notifies(provider, kind, url, out_trade_no, body, created, due, times, held, not_before) "
      "VALUES(?,?,?,?,?,?,?,?,?,?)",
      {notification.provider, notification.kind, notification.url, notification.outTradeNo, notification.body, now, due,
       std::int64_t{options.times}, std::int64_t{holding_ ? 1 : 0}, notBefore});
  const auto id = database_.lastInsertId();
  rearm_();
  return id;
}

int Notifier::repeat(std::string_view outTradeNo, std::string_view kind, NotifyOptions options) {
  const auto due = toMillis(clock_.now()) + options.delay.count() * clock_.scale();
  const auto changed =
      database_.execute("UPDATE notifies SET due = ?, times = ?, held = 0 WHERE out_trade_no = ? AND (? = '' OR kind = ?)",
                        {due, std::int64_t{options.times}, std::string{outTradeNo}, std::string{kind}, std::string{kind}});
  rearm_();
  return static_cast<int>(changed);
}

int Notifier::release(bool reverse) {
  holding_ = false;
  auto rows = database_.query("SELECT id FROM notifies WHERE held = 1 ORDER BY id");
  if (reverse) std::reverse(rows.begin(), rows.end());
  // A millisecond apart, so that they keep this order.
  auto due = toMillis(clock_.now()) - static_cast<std::int64_t>(rows.size());
  for (const auto& row : rows) {
    database_.execute("UPDATE notifies SET held = 0, due = max(?, not_before) WHERE id = ?", {due++, row.integer("id")});
  }
  rearm_();
  return static_cast<int>(rows.size());
}

void Notifier::runDue() {
  const auto rows =
      database_.query("SELECT id FROM notifies WHERE due IS NOT NULL AND due <= ? ORDER BY due, id", {toMillis(clock_.now())});
  for (const auto& row : rows) send(row.integer("id"));
  rearm_();
}

std::optional<Time> Notifier::nextDue() {
  const auto limit = static_cast<std::int64_t>(underWay_.size()) + 1;
  const auto rows = database_.query("SELECT id, due FROM notifies WHERE due IS NOT NULL ORDER BY due LIMIT ?", {limit});
  for (const auto& row : rows) {
    if (!underWay_.contains(row.integer("id"))) return fromMillis(row.integer("due"));
  }
  return std::nullopt;
}

void Notifier::send(std::int64_t id) {
  if (underWay_.contains(id)) return;
  const auto row = database_.first("SELECT * FROM notifies WHERE id = ?", {id});
  const auto rules = rules_.find(row->text("provider"));
  if (rules == rules_.end()) return;
  const auto times = std::max<std::int64_t>(1, row->integer("times"));
  underWay_[id] = {static_cast<int>(times), row->integer("due")};
  database_.execute("UPDATE notifies SET times = 1 WHERE id = ?", {id});
  for (std::int64_t i = 0; i < times; ++i) {
    const auto stored = row->text("body");
    const NotifyAttempt attempt{row->text("url"), rules->second.contentType,
                                rules->second.render ? rules->second.render(stored) : stored};
    sender_(attempt, [this, id](const NotifyAnswer& answer) { finish(id, answer); });
  }
}

void Notifier::finish(std::int64_t id, const NotifyAnswer& answer) {
  const auto row = database_.first("SELECT * FROM notifies WHERE id = ?", {id});
  const auto& rules = rules_.at(row->text("provider"));
  const bool acknowledged = answer.status != 0 && rules.acknowledged(answer.status, answer.body);
  Transaction transaction{database_};
  database_.execute("INSERT INTO notify_attempts(notify_id, time, status, body, acknowledged, error) VALUES(?,?,?,?,?,?)",
                    {id, toMillis(clock_.now()), std::int64_t{answer.status}, answer.body.substr(0, keptAnswerBytes),
                     std::int64_t{acknowledged ? 1 : 0}, answer.error});
  if (acknowledged) database_.execute("UPDATE notifies SET delivered = 1 WHERE id = ?", {id});
  auto& state = underWay_.at(id);
  if (--state.remaining == 0) {
    const auto sentDue = state.due;
    underWay_.erase(id);
    reschedule(id, sentDue, rules);
  }
  transaction.commit();
  rearm_();
}

void Notifier::reschedule(std::int64_t id, std::int64_t sentDue, const NotifyRules& rules) {
  const auto row = database_.first("SELECT due, attempts, delivered FROM notifies WHERE id = ?", {id});
  const auto attempts = static_cast<std::size_t>(row->integer("attempts"));
  SqlValue due = nullptr;
  if (row->integer("due") != sentDue) {
    due = row->integer("due");  // somebody asked for it again meanwhile
  } else if (row->integer("delivered") == 0 && attempts < rules.schedule.size()) {
    const auto wait = std::chrono::milliseconds{rules.schedule[attempts]}.count() / scale_;
    due = sentDue + wait;
  }
  database_.execute("UPDATE notifies SET due = ?, attempts = attempts + 1 WHERE id = ?", {due, id});
}

Json Notifier::list() {
  std::map<std::int64_t, Json::Array> attempts;
  for (const auto& row : database_.query("SELECT * FROM notify_attempts ORDER BY rowid")) {
    attempts[row.integer("notify_id")].push_back(attemptJson(row));
  }
  Json::Array all;
  for (const auto& row : database_.query("SELECT * FROM notifies ORDER BY id")) {
    all.push_back(notifyJson(row, std::move(attempts[row.integer("id")])));
  }
  return all;
}

}  // namespace openapi::gateway
