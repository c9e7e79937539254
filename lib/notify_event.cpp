#include <notify_event.hpp>

#include <openapi/error.hpp>

#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <stamp.hpp>

#include <algorithm>

namespace openapi {

namespace {

constexpr std::size_t maxNotifyBytes = 1024 * 1024;
constexpr std::chrono::minutes clockSkew{5};

bool containsIgnoringCase(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return codec::lower(a) == b; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool accepted(std::string_view contentType, std::string_view choices) {
  while (!choices.empty()) {
    const auto end = choices.find(' ');
    if (containsIgnoringCase(contentType, choices.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    choices.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::string_view notifyBody(const Event& event, std::string_view contentTypes, std::string& decoded) {
  const auto contentType = event.headers.get("Content-Type");
  if (!contentType.empty() && !accepted(contentType, contentTypes)) {
    throw Error{Errc::badResponse, "Content-Type: not one that the platform sends"};
  }
  if (event.body.size() > 2 * maxNotifyBytes) throw Error{Errc::badResponse, "body: larger than a notification can be"};
  if (!event.isBase64Encoded) return event.body;
  auto bytes = codec::fromBase64(event.body);
  if (!bytes) throw Error{Errc::badResponse, "body: isBase64Encoded is set, but the body is not base64"};
  decoded = std::move(*bytes);
  return decoded;
}

void requireFresh(const std::string& time, std::string_view field, std::chrono::system_clock::time_point now,
                  std::chrono::seconds maxAge) {
  std::chrono::system_clock::time_point sent;
  if (!parseGmt8(time, sent)) throw Error{Errc::badResponse, std::string{field} + ": missing, or not a time"};
  if (now - sent > maxAge) throw Error{Errc::stale, std::string{field} + ": the notification is too old; query the order"};
  if (sent - now > clockSkew)
    throw Error{Errc::stale, std::string{field} + ": the notification comes from the future; check this machine's clock"};
}

}  // namespace openapi
