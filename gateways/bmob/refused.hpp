#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

/// Why the platform refuses: goes out as `{"code":…,"error":…}`.
struct Refused {
  std::int64_t code = 0;  ///< 0: the answer has no code
  std::string error{};
  int status = 400;
};

// The refusals that more than one operation needs.
[[nodiscard]] Refused unauthorized();
[[nodiscard]] Refused noSuchRoute();
[[nodiscard]] Refused objectNotFound(std::string_view what);                                                ///< 101
[[nodiscard]] Refused invalidKey(std::string_view key);                                                     ///< 102
[[nodiscard]] Refused invalidValue(std::string_view key);                                                   ///< 102
[[nodiscard]] Refused invalidClass(std::string_view name);                                                  ///< 103
[[nodiscard]] Refused invalidField(std::string_view name);                                                  ///< 105
[[nodiscard]] Refused reservedField(std::string_view name);                                                 ///< 105
[[nodiscard]] Refused invalidPointer(std::string_view key);                                                 ///< 106
[[nodiscard]] Refused invalidJson(std::string_view text);                                                   ///< 107
[[nodiscard]] Refused emptyContent();                                                                       ///< 107
[[nodiscard]] Refused invalidOperation();                                                                   ///< 107
[[nodiscard]] Refused neededParameter(std::string_view name);                                               ///< 118
[[nodiscard]] Refused forbidden();                                                                          ///< 122
[[nodiscard]] Refused needsSession();                                                                       ///< 206
[[nodiscard]] Refused expiredSession();                                                                     ///< 211
[[nodiscard]] Refused wrongType(std::string_view key, std::string_view expected, std::string_view actual);  ///< 111

/// An answer that `openapi::Bmob`, and with it most clients, would not read: more than 8 MiB, or than 500,000 values.
[[nodiscard]] Refused tooLargeAnswer();  ///< 107
[[nodiscard]] Refused tooMuchWork();     ///< 107

/// What a client sent, as it may be repeated to it: UTF-8 and at most 200 bytes.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace openapi::gateway::bmob
