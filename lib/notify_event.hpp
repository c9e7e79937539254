#pragma once

#include <openapi/event.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace openapi {

/// The bytes of a notification: base64 removed into `decoded` where the event says so, else the body itself.
/// `contentTypes` lists, separated by blanks, what the Content-Type may contain; an absent one is fine.
/// Throws `badResponse` that names the header or the body.
[[nodiscard]] std::string_view notifyBody(const Event& event, std::string_view contentTypes, std::string& decoded);

/// Throws `stale` when `time` (GMT+8) lies more than `maxAge` back, or more than five minutes ahead.
void requireFresh(const std::string& time, std::string_view field, std::chrono::system_clock::time_point now,
                  std::chrono::seconds maxAge);

}  // namespace openapi
