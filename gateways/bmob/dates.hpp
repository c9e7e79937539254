#pragma once

#include <gateways/clock.hpp>

#include <optional>
#include <string_view>

namespace openapi::gateway::bmob {

/// `2018-08-21 18:02:52` in Beijing, also without the time; `2018-08-21T10:02:52.123Z`, and with an offset such as `+08:00`.
/// Fractions of a second are cut to milliseconds.
[[nodiscard]] std::optional<Time> dateIn(std::string_view text);

}  // namespace openapi::gateway::bmob
