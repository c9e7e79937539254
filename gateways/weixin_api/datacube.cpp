#include <gateways/weixin_api/datacube.hpp>

#include <gateways/weixin_api/calendar.hpp>

#include <crypto/digest.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace openapi::gateway::weixin_api {
namespace {

using std::chrono::days;

/// A number from `least` to `most` that belongs to the app, the day and a name.
std::int64_t drawn(const std::string& appId, Day day, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto digest = crypto::md5(appId + "/" + dateText(day) + "/" + std::string{name});
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8U | digest[i];
  return least + static_cast<std::int64_t>(value % static_cast<std::uint64_t>(most - least + 1));
}

Json decimal(double value) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.4f", value);
  return Json::Number{std::string{text.data(), static_cast<std::size_t>(length)}};
}

/// What one day or several saw; from single days, so that they add up.
struct Visits {
  std::int64_t sessions = 0;
  std::int64_t pages = 0;
  std::int64_t visitors = 0;
  std::int64_t fresh = 0;
  std::int64_t seconds = 0;
};

Visits visitsOn(const std::string& appId, Day day) {
  Visits visits;
  visits.visitors = drawn(appId, day, "uv", 800, 1'200);
  visits.fresh = drawn(appId, day, "new", 40, 120);
  visits.sessions = visits.visitors * drawn(appId, day, "sessions", 150, 260) / 100;
  visits.pages = visits.sessions * drawn(appId, day, "pages", 180, 350) / 100;
  visits.seconds = visits.sessions * drawn(appId, day, "stay", 30, 90);
  return visits;
}

/// A visitor comes on several days, so that visitors of a period are fewer than those of its days together.
Visits visitsIn(const std::string& appId, const DayRange& range) {
  Visits all;
  for (auto day = range.begin; day <= range.end; day += days{1}) {
    const auto visits = visitsOn(appId, day);
    all.sessions += visits.sessions;
    all.pages += visits.pages;
    all.visitors += visits.visitors;
    all.fresh += visits.fresh;
    all.seconds += visits.seconds;
  }
  if (range.days() > 1) all.visitors = std::max(all.fresh, all.visitors * 45 / 100);
  return all;
}

std::string refDate(const DayRange& range, Span span) {
  if (span == Span::month) return monthText(range.begin);
  return range.days() == 1 ? dateText(range.begin) : dateText(range.begin) + "-" + dateText(range.end);
}

bool isBeforeStart(const Context& context, const DayRange& range) { return range.end < firstDay(context); }

Json keyValue(std::int64_t key, std::int64_t value) { return Fields{{"key", key}, {"value", value}}; }

// retain

/// How many periods later, and how many days that is.
struct Later {
  std::int64_t key;
  int daysAfter;
};

std::vector<Later> laterOf(Span span) {
  if (span == Span::week) return {{0, 0}, {1, 7}, {2, 14}, {3, 21}, {4, 28}};
  if (span == Span::month) return {{0, 0}, {1, 31}};
  return {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {14, 14}, {30, 30}};
}

/// Keys of a time that is not over are absent.
Json::Array retained(const Context& context, const std::string& appId, const DayRange& range, Span span, bool fresh) {
  const auto visits = visitsIn(appId, range);
  const auto base = fresh ? visits.fresh : visits.visitors;
  Json::Array list;
  for (const auto& [key, daysAfter] : laterOf(span)) {
    if (range.end + days{daysAfter} >= today(context)) break;
    const auto percent = drawn(appId, range.begin, (fresh ? "kept new " : "kept ") + std::to_string(key), 20, 60);
    list.push_back(keyValue(key, key == 0 ? base : base * percent / (100 + 20 * key)));
  }
  return list;
}

Reply retain(Context& context, const Call& call, Span span) {
  const auto range = rangeOf(context, call.body, span);
  const bool nothing = isBeforeStart(context, range);
  const auto list = [&](bool fresh) { return nothing ? Json::Array{} : retained(context, call.appId, range, span, fresh); };
  return answer({{"ref_date", refDate(range, span)}, {"visit_uv_new", list(true)}, {"visit_uv", list(false)}});
}

// trend

Reply trend(Context& context, const Call& call, Span span) {
  const auto range = rangeOf(context, call.body, span);
  if (isBeforeStart(context, range)) return answer({{"list", Json::Array{}}});
  const auto visits = visitsIn(call.appId, range);
  const auto sessions = static_cast<double>(visits.sessions);
  const Json item = Fields{{"ref_date", refDate(range, span)},
                           {"session_cnt", visits.sessions},
                           {"visit_pv", visits.pages},
                           {"visit_uv", visits.visitors},
                           {"visit_uv_new", visits.fresh},
                           {"stay_time_session", decimal(static_cast<double>(visits.seconds) / sessions)},
                           {"visit_depth", decimal(static_cast<double>(visits.pages) / sessions)}};
  return answer({{"list", Json::Array{item}}});
}

// portrait and distribution: a total divided among names

struct Share {
  std::int64_t id;
  std::string_view name;
};

constexpr std::array<Share, 5> provinces{{{31, "广东省"}, {29, "浙江省"}, {10, "北京市"}, {11, "上海市"}, {0, "未知"}}};
constexpr std::array<Share, 5> cities{{{3102, "广州"}, {3103, "深圳"}, {2901, "杭州"}, {1000, "北京"}, {1100, "上海"}}};
constexpr std::array<Share, 3> genders{{{1, "男"}, {2, "女"}, {0, "未知"}}};
constexpr std::array<Share, 3> platforms{{{1, "iPhone"}, {2, "Android"}, {3, "其他"}}};
constexpr std::array<Share, 4> devices{{{-1, "OPPO R9"}, {-1, "iPhone 12"}, {-1, "HUAWEI P40"}, {-1, "Xiaomi 11"}}};
constexpr std::array<Share, 6> ages{
    {{1, "17岁以下"}, {2, "18-24岁"}, {3, "25-29岁"}, {4, "30-39岁"}, {5, "40-49岁"}, {6, "50岁以上"}}};

/// The parts add up to the total.
std::vector<std::int64_t> divided(const std::string& appId, Day day, const std::string& name, std::int64_t total,
                                  std::size_t parts) {
  std::vector<std::int64_t> weights;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < parts; ++i) {
    weights.push_back(drawn(appId, day, name + std::to_string(i), 10, 100));
    sum += weights.back();
  }
  std::int64_t left = total;
  for (auto& weight : weights) {
    weight = total * weight / sum;
    left -= weight;
  }
  weights.front() += left;
  return weights;
}

template <std::size_t Count>
Json shares(const std::string& appId, Day day, const std::string& name, std::int64_t total,
            const std::array<Share, Count>& names) {
  const auto values = divided(appId, day, name, total, Count);
  Json::Array list;
  for (std::size_t i = 0; i < Count; ++i) {
    Fields item;
    if (names[i].id >= 0) item.append("id", names[i].id);
    item.append("name", names[i].name);
    item.append("value", values[i]);
    list.emplace_back(std::move(item));
  }
  return list;
}

Json portraitOf(const std::string& appId, Day day, const std::string& who, std::int64_t total) {
  return Fields{{"province", shares(appId, day, who + "province", total, provinces)},
                {"city", shares(appId, day, who + "city", total, cities)},
                {"genders", shares(appId, day, who + "genders", total, genders)},
                {"platforms", shares(appId, day, who + "platforms", total, platforms)},
                {"devices", shares(appId, day, who + "devices", total, devices)},
                {"ages", shares(appId, day, who + "ages", total, ages)}};
}

Json group(const std::string& appId, Day day, const std::string& index, std::int64_t total,
           const std::vector<std::int64_t>& keys) {
  const auto values = divided(appId, day, index, total, keys.size());
  Json::Array items;
  for (std::size_t i = 0; i < keys.size(); ++i) items.push_back(keyValue(keys[i], values[i]));
  return Fields{{"index", index}, {"item_list", std::move(items)}};
}

std::string pageName(std::int64_t number) {
  constexpr std::array<std::string_view, 5> names{"pages/index/index", "pages/list/list", "pages/detail/detail",
                                                  "pages/cart/cart", "pages/user/user"};
  const auto index = static_cast<std::size_t>(number);
  return index < names.size() ? std::string{names[index]}
                              : "pages/page" + std::to_string(number) + "/page" + std::to_string(number);
}

Json pageOf(const std::string& appId, Day day, std::int64_t number, std::int64_t visits) {
  const auto name = "page " + std::to_string(number);
  const auto visitors = visits * drawn(appId, day, name + " uv", 40, 90) / 100;
  const auto entries = visits * drawn(appId, day, name + " entry", 5, 50) / 100;
  const auto exits = visits * drawn(appId, day, name + " exit", 5, 50) / 100;
  const auto shared = visits * drawn(appId, day, name + " share", 0, 5) / 100;
  const auto stay = static_cast<double>(drawn(appId, day, name + " stay", 20'000, 400'000)) / 10'000;
  return Fields{{"page_path", pageName(number)}, {"page_visit_pv", visits},
                {"page_visit_uv", visitors},     {"page_staytime_pv", decimal(stay)},
                {"entrypage_pv", entries},       {"exitpage_pv", exits},
                {"page_share_pv", shared},       {"page_share_uv", std::min(shared, visitors)}};
}

}  // namespace

Reply dailyRetain(Context& context, const Call& call) { return retain(context, call, Span::day); }
Reply weeklyRetain(Context& context, const Call& call) { return retain(context, call, Span::week); }
Reply monthlyRetain(Context& context, const Call& call) { return retain(context, call, Span::month); }
Reply dailyVisitTrend(Context& context, const Call& call) { return trend(context, call, Span::day); }
Reply weeklyVisitTrend(Context& context, const Call& call) { return trend(context, call, Span::week); }
Reply monthlyVisitTrend(Context& context, const Call& call) { return trend(context, call, Span::month); }

Reply dailySummary(Context& context, const Call& call) {
  const auto range = rangeOf(context, call.body, Span::day);
  if (isBeforeStart(context, range)) return answer({{"list", Json::Array{}}});
  const auto age = (range.begin - firstDay(context)).count() + 1;
  const auto shares = drawn(call.appId, range.begin, "shares", 20, 90);
  const Json item = Fields{{"ref_date", dateText(range.begin)},
                           {"visit_total", std::int64_t{age} * 80 + visitsOn(call.appId, range.begin).fresh},
                           {"share_pv", shares},
                           {"share_uv", shares * 2 / 3}};
  return answer({{"list", Json::Array{item}}});
}

Reply userPortrait(Context& context, const Call& call) {
  const auto range = rangeOf(context, call.body, Span::portrait);
  const auto visits = isBeforeStart(context, range) ? Visits{} : visitsIn(call.appId, range);
  return answer({{"ref_date", refDate(range, Span::portrait)},
                 {"visit_uv_new", portraitOf(call.appId, range.begin, "new ", visits.fresh)},
                 {"visit_uv", portraitOf(call.appId, range.begin, "", visits.visitors)}});
}

Reply visitDistribution(Context& context, const Call& call) {
  const auto range = rangeOf(context, call.body, Span::day);
  Json::Array groups;
  if (!isBeforeStart(context, range)) {
    const auto visits = visitsOn(call.appId, range.begin);
    const std::vector<std::int64_t> sources{10, 8, 7, 6, 5, 4, 3, 2, 1};
    const auto add = [&](const char* index, std::int64_t total, const std::vector<std::int64_t>& keys) {
      groups.push_back(group(call.appId, range.begin, index, total, keys));
    };
    add("access_source_session_cnt", visits.sessions, sources);
    add("access_staytime_info", visits.sessions, {8, 7, 6, 5, 4, 3, 2, 1});
    add("access_depth_info", visits.sessions, {7, 6, 5, 4, 3, 2, 1});
    add("access_source_visit_uv", visits.visitors, sources);
  }
  return answer({{"ref_date", dateText(range.begin)}, {"list", std::move(groups)}});
}

Reply visitPage(Context& context, const Call& call) {
  constexpr std::int64_t most = 200;
  const auto range = rangeOf(context, call.body, Span::day);
  const auto count = isBeforeStart(context, range) ? 0 : std::clamp<std::int64_t>(context.settings.number("visitPages"), 0, most);
  auto left = visitsOn(call.appId, range.begin).pages;
  Json::Array list;
  for (std::int64_t i = 0; i < count; ++i) {  // the most visited first
    const auto visits = std::max<std::int64_t>(1, left / 3);
    left -= visits;
    list.push_back(pageOf(call.appId, range.begin, i, visits));
  }
  return answer({{"ref_date", dateText(range.begin)}, {"list", std::move(list)}});
}

}  // namespace openapi::gateway::weixin_api
