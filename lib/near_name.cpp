#include <near_name.hpp>

#include <codec/ascii.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace openapi {

namespace {

constexpr std::size_t longest = 64;     // of the names that are compared
constexpr std::size_t mostListed = 12;  // names in a message

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != '_' && c != '-') out += codec::lower(c);
  }
  return out;
}

/// How many letters must be put in, left out or replaced.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const auto replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// Short names differ in little: `code` and `mode` are two names.
std::size_t tolerance(std::size_t length) { return length < 5 ? 0 : length < 8 ? 1 : 2; }

}  // namespace

std::string_view nearName(std::string_view name, std::span<const std::string_view> known) {
  if (name.size() > longest) return {};
  const auto wanted = folded(name);
  std::string_view best;
  std::size_t least = longest;
  for (const auto candidate : known) {
    const auto other = folded(candidate);
    const auto differs = distance(wanted, other);
    if (differs >= least || differs > tolerance(std::max(wanted.size(), other.size()))) continue;
    best = candidate;
    least = differs;
  }
  return best;
}

std::string noSuchField(std::string_view name, std::span<const std::string_view> known) {
  const auto meant = nearName(name, known);
  if (!meant.empty() && meant != name) return "no such field; did you mean " + std::string{meant} + "?";
  if (known.empty() || known.size() > mostListed) return "no such field";
  std::string list;
  for (const auto one : known) list.append(list.empty() ? "" : ", ").append(one);
  return "no such field; there are " + list;
}

}  // namespace openapi
