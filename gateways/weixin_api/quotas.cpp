#include <gateways/weixin_api/quotas.hpp>

#include <gateways/faults.hpp>
#include <gateways/weixin_api/refused.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin_api {
namespace {

constexpr auto enforcedName = "weixinApi.quotasEnforced";
constexpr Limits ordinary{10'000'000, 0, 45009, 45011};

struct PathLimits {
  std::string_view path;
  Limits limits;
};

constexpr std::array<PathLimits, 11> known{{{"/cgi-bin/token", {2'000, 0, 45009, 45011}},
                                            {"/cgi-bin/stable_token", {500'000, 10'000, 45009, 45011}},
                                            {"/cgi-bin/media/upload", {100'000, 0, 45009, 45011}},
                                            {"/cgi-bin/media/get", {200'000, 0, 45009, 45011}},
                                            {"/cgi-bin/message/custom/send", {500'000, 0, 45009, 45011}},
                                            {"/cgi-bin/message/subscribe/send", {10'000'000, 0, 45009, 45011}},
                                            {"/wxa/getwxacodeunlimit", {10'000'000, 5'000, 45009, 45009}},
                                            {"/wxa/msg_sec_check", {2'000'000, 4'000, 45009, 44991}},
                                            {"/wxa/media_check_async", {200'000, 2'000, 45009, 44991}},
                                            {"/sns/jscode2session", {0, 0, 45009, 45011}},
                                            {"/wxa/business/getuserphonenumber", {10'000'000, 0, 45009, 45011}}}};

}  // namespace

Quotas::Quotas(Database& database, Clock& clock) : database_{database}, clock_{clock} {
  for (const auto& row : database_.query("SELECT * FROM wxapi_limits")) {
    auto limits = limitsOf(row.text("path"));
    limits.daily = row.integer("daily");
    limits.perMinute = row.integer("per_minute");
    changed_[row.text("path")] = limits;
  }
  enforced_ = database_.setting(enforcedName).value_or("1") == "1";
}

Limits Quotas::limitsOf(std::string_view path) const {
  if (const auto changed = changed_.find(path); changed != changed_.end()) return changed->second;
  const auto found = std::find_if(known.begin(), known.end(), [&](const PathLimits& item) { return item.path == path; });
  return found == known.end() ? ordinary : found->limits;
}

std::int64_t Quotas::windowOf(Period period) const {
  const auto now = clock_.now();
  switch (period) {
    case Period::second:
      return toMillis(now) / 1000;
    case Period::minute:
      return toMillis(now) / 60'000;
    case Period::day:
      return std::stoll(compactDate(now));
    case Period::month:
      return std::stoll(compactDate(now).substr(0, 6));
    case Period::ever:
      break;
  }
  return 0;
}

std::int64_t Quotas::count(const std::string& appId, const std::string& name, Period period, std::int64_t limit,
                           std::int64_t code) {
  const auto row = database_.first(
      "INSERT INTO wxapi_counters(app_id, name, period, window, count) VALUES(?,?,?,?,1) ON CONFLICT DO UPDATE SET "
      "count = CASE WHEN window = excluded.window THEN count + 1 ELSE 1 END, window = excluded.window RETURNING count",
      {appId, name, static_cast<std::int64_t>(period), windowOf(period)});
  const auto used = row->integer("count");
  if (enforced_ && used > limit) throw Refused{code};
  return used;
}

void Quotas::charge(const std::string& appId, const std::string& path) {
  const auto limits = limitsOf(path);
  if (limits.daily > 0) count(appId, path, Period::day, limits.daily, limits.dailyCode);
  if (limits.perMinute > 0) count(appId, path, Period::minute, limits.perMinute, limits.minuteCode);
}

std::int64_t Quotas::used(const std::string& appId, const std::string& name, Period period) {
  const auto row = database_.first("SELECT count FROM wxapi_counters WHERE app_id = ? AND name = ? AND period = ? AND window = ?",
                                   {appId, name, static_cast<std::int64_t>(period), windowOf(period)});
  return row ? row->integer("count") : 0;
}

void Quotas::clear(const std::string& appId, const std::string& path) {
  database_.execute("DELETE FROM wxapi_counters WHERE app_id = ? AND period = ? AND (? = '' OR name = ?)",
                    {appId, static_cast<std::int64_t>(Period::day), path, path});
}

Json Quotas::change(const Json& input) {
  constexpr std::int64_t most = 1'000'000'000;
  if (const auto* enforced = input.find("enforced")) {
    if (enforced->boolean() == nullptr) throw ControlError{400, "enforced must be true or false", "enforced"};
    enforced_ = *enforced->boolean();
    database_.setSetting(enforcedName, enforced_ ? "1" : "0");
    return Fields{{"enforced", enforced_}};
  }
  const auto path = requireText(input, "cgiPath");
  auto limits = limitsOf(path);
  limits.daily = optionalInteger(input, "daily", limits.daily, 0, most);
  limits.perMinute = optionalInteger(input, "perMinute", limits.perMinute, 0, most);
  changed_[path] = limits;
  database_.execute("INSERT OR REPLACE INTO wxapi_limits(path, daily, per_minute) VALUES(?,?,?)",
                    {path, limits.daily, limits.perMinute});
  return Fields{{"cgiPath", path}, {"daily", limits.daily}, {"perMinute", limits.perMinute}};
}

}  // namespace openapi::gateway::weixin_api
