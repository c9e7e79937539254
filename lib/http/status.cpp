#include <http/status.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace openapi::http {

Error unexpectedStatus(int status, bool changes, std::string_view said, Error::Details details) {
  auto message = "HTTP status " + std::to_string(status);
  if (!said.empty()) message.append(": ").append(said);
  if (changes || status >= 500) {
    constexpr std::string_view ends[] = {".", "!", "。", "！"};
    const bool ended =
        std::any_of(std::begin(ends), std::end(ends), [said](std::string_view end) { return said.ends_with(end); });
    message.append(ended ? " " : "; ").append(changes ? unknownEffect : "try again later");
  }
  details.httpStatus = status;
  return Error{Errc::httpStatus, message, std::move(details)};
}

}  // namespace openapi::http
