#include <http/status.hpp>

#include <string>
#include <utility>

namespace openapi::http {

Error unexpectedStatus(int status, bool changes, std::string_view said, Error::Details details) {
  auto message = "HTTP status " + std::to_string(status);
  if (!said.empty()) message.append(": ").append(said);
  if (status >= 500) {
    const bool ended = said.ends_with('.') || said.ends_with('!');
    message.append(ended ? " " : "; ").append(changes ? unknownEffect : "try again later");
  }
  details.httpStatus = status;
  return Error{Errc::httpStatus, message, std::move(details)};
}

}  // namespace openapi::http
