#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

// What an answer may hold: so much `openapi::Bmob` reads with its usual options.
inline constexpr std::size_t maxAnswerBytes = 8 * 1024 * 1024;
inline constexpr std::size_t maxAnswerValues = 500'000;

/// A JSON array, written item by item. Refuses with 107 more than an answer may hold.
class JsonList {
 public:
  void add(std::string_view item);
  [[nodiscard]] std::string take() &&;

 private:
  std::string text_ = "[";
};

/// Refuses with 107 an answer in JSON that is too large.
void requireReadable(std::string_view json);

}  // namespace openapi::gateway::bmob
