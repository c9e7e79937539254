#include <gateways/bmob/server_time.hpp>

#include <array>
#include <ctime>

namespace openapi::gateway::bmob {

Reply serverTime(Context& context, const Call&) {
  const auto now = context.now();
  return answer(Fields{{"timestamp", std::int64_t{toMillis(now) / 1000}}, {"datetime", readableTime(now)}});
}

std::string httpDate(Time time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace openapi::gateway::bmob
