#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bmob_admin {

/// Where a request goes: `/users/c0b4c10053?limit=20`, taken apart.
struct Target {
  std::vector<std::string> path{};  ///< the parts between the slashes, percent-decoded once
  std::string query{};              ///< still encoded
};

/// Throws `Refusal` (400) for what is no path of this server: another scheme or host, `#`, bad escapes, bytes that are no text.
[[nodiscard]] Target readTarget(std::string_view target);

/// Which users to list. Parameters with other names are nobody's business: old clients add some.
struct Page {
  std::optional<std::int64_t> limit{};  ///< 1 to 1000; 0 only with `count`
  std::optional<std::int64_t> skip{};
  bool count = false;  ///< count all users too
};

/// Throws `Refusal` (400) that names the parameter.
[[nodiscard]] Page readPage(std::string_view query);

/// Whether it can be the id of an object: 1 to 64 letters, digits, `_` and `-`.
[[nodiscard]] bool isObjectId(std::string_view text);

}  // namespace bmob_admin
