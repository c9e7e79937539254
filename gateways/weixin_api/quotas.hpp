#pragma once

#include <gateways/clock.hpp>
#include <gateways/database.hpp>

#include <openapi/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace openapi::gateway::weixin_api {

/// How often a path may be called; 0: as often as you like.
struct Limits {
  std::int64_t daily = 0;
  std::int64_t perMinute = 0;
  std::int64_t dailyCode = 45009;
  std::int64_t minuteCode = 45011;
};

enum class Period { second, minute, day, month, ever };

/// Counts calls, by the platform's clock and Beijing's calendar.
class Quotas {
 public:
  Quotas(Database& database, Clock& clock);

  /// Counts a call of `path` and throws `Refused` when it is one too many.
  void charge(const std::string& appId, const std::string& path);
  /// Counts `name` in a period and gives the count. Throws `Refused{code}` when it is more than `limit`.
  std::int64_t count(const std::string& appId, const std::string& name, Period period, std::int64_t limit, std::int64_t code);

  [[nodiscard]] Limits limitsOf(std::string_view path) const;
  [[nodiscard]] std::int64_t used(const std::string& appId, const std::string& name, Period period);
  /// Forgets today's calls: of one path, or of all when `path` is empty.
  void clear(const std::string& appId, const std::string& path);

  /// `cgiPath` with `daily` and `perMinute`, `{"enforced":false}` to count without refusing. Throws `ControlError`.
  Json change(const Json& input);

 private:
  [[nodiscard]] std::int64_t windowOf(Period period) const;

  Database& database_;
  Clock& clock_;
  std::map<std::string, Limits, std::less<>> changed_;
  bool enforced_ = true;
};

}  // namespace openapi::gateway::weixin_api
