#include <gateways/bmob/sql_functions.hpp>

#include <re2/re2.h>

#include <cmath>
#include <map>
#include <memory>
#include <numbers>
#include <span>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxPatterns = 32;  // more than a query may have
// So much is done in the time of one step of SQLite, at the worst.
constexpr std::int64_t jsonBytesPerStep = 32;
constexpr std::int64_t regexBytesPerStep = 16;  // of a text, for one instruction
constexpr std::int64_t maxPatternMemory = 1 << 20;

RE2::Options quietOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(maxPatternMemory);
  return options;
}

/// The expressions in use, compiled.
class Patterns {
 public:
  [[nodiscard]] const RE2& compiled(std::string_view pattern) {
    auto found = known_.find(pattern);
    if (found == known_.end()) {
      if (known_.size() >= maxPatterns) known_.clear();
      found =
          known_.emplace(pattern, std::make_unique<RE2>(re2::StringPiece{pattern.data(), pattern.size()}, quietOptions())).first;
    }
    return *found->second;
  }

 private:
  std::map<std::string, std::unique_ptr<RE2>, std::less<>> known_;
};

std::optional<double> realOf(const SqlArgument& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  return std::nullopt;
}

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

/// The angle between two points of the globe (haversine).
SqlValue distance(std::span<const SqlArgument> values) {
  const auto latitude1 = realOf(values[0]), longitude1 = realOf(values[1]);
  const auto latitude2 = realOf(values[2]), longitude2 = realOf(values[3]);
  if (!latitude1 || !longitude1 || !latitude2 || !longitude2) return nullptr;
  const auto half = [](double from, double to) { return std::pow(std::sin(radians(to - from) / 2), 2); };
  const double part = half(*latitude1, *latitude2) +
                      std::cos(radians(*latitude1)) * std::cos(radians(*latitude2)) * half(*longitude1, *longitude2);
  return 2 * std::asin(std::sqrt(std::min(1.0, part)));
}

}  // namespace

std::optional<std::int64_t> regexSize(const std::string& pattern) {
  const RE2 regex{pattern, quietOptions()};
  if (!regex.ok()) return std::nullopt;
  return regex.ProgramSize();
}

void addFunctions(Database& database) {
  const auto patterns = std::make_shared<Patterns>();
  database.addFunction("bmob_regex", 2, [patterns, &database](std::span<const SqlArgument> values) -> SqlValue {
    const auto* pattern = std::get_if<std::string_view>(&values[0]);
    const auto* text = std::get_if<std::string_view>(&values[1]);
    if (pattern == nullptr || text == nullptr) return std::int64_t{0};
    const auto& regex = patterns->compiled(*pattern);
    database.spend(1 + static_cast<std::int64_t>(text->size()) * regex.ProgramSize() / regexBytesPerStep);
    return std::int64_t{RE2::PartialMatch(re2::StringPiece{text->data(), text->size()}, regex) ? 1 : 0};
  });
  database.addFunction("bmob_work", 2, [&database](std::span<const SqlArgument> values) -> SqlValue {
    const auto* text = std::get_if<std::string_view>(&values[0]);
    const auto* times = std::get_if<std::int64_t>(&values[1]);
    const auto bytes = text == nullptr ? 0 : static_cast<std::int64_t>(text->size());
    database.spend(1 + bytes * (times == nullptr ? 1 : *times) / jsonBytesPerStep);
    return std::int64_t{1};
  });
  database.addFunction("bmob_distance", 4, distance);
}

}  // namespace openapi::gateway::bmob
