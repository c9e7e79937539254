// Whole requests. The first byte says who sends: `k` with the keys, `m` with the master key too, `t` a tunnelled one of an old
// client, anything else a stranger. Then come a line with method, path and query, and the body; a stranger's headers stand
// between, one a line, up to an empty line.
#include <algorithm>

#include "bmob_peer.hpp"

namespace {

using openapi::gateway::Request;

constexpr int requestsOfOne = 500;

/// The platform for one input; now and then a fresh one.
fuzz::BmobPeer& nextPeer() {
  static std::optional<fuzz::BmobPeer> made;
  static int requests = 0;
  if (!made || ++requests == requestsOfOne) {
    requests = 0;
    made.emplace();
  }
  return *made;
}

std::string_view takeLine(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

Request requestIn(std::string_view& text) {
  const auto line = takeLine(text);
  const auto blank = std::min(line.find(' '), line.size());
  const auto target = line.substr(std::min(blank + 1, line.size()));
  const auto mark = std::min(target.find('?'), target.size());
  Request request{.method = std::string{line.substr(0, blank)}, .path = std::string{target.substr(0, mark)}};
  request.query = target.substr(std::min(mark + 1, target.size()));
  return request;
}

/// What was written can be read again.
void readAgain(fuzz::BmobPeer& peer, const openapi::gateway::Reply& reply, bool isMaster) {
  const auto location = std::string{reply.headers.get("Location")};
  const std::string base = "https://127.0.0.1";
  if (!location.starts_with(base)) return;
  const auto read = peer.send("GET", location.substr(base.size()), {}, {}, true);
  fuzz::require(read.status == 200, isMaster ? "the master's row is gone" : "the row is gone");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto text = fuzz::textOf(data + 1, size - 1);
  auto request = requestIn(text);
  const auto kind = static_cast<char>(data[0]);
  auto& peer = nextPeer();
  if (kind == 'k' || kind == 'm') {
    readAgain(peer, peer.send(request.method, request.path, request.query, std::string{text}, kind == 'm'), kind == 'm');
    return 0;
  }
  if (kind == 't') {
    request.headers = {{"Content-Type", "text/plain"}};
    request.body = R"({"_ApplicationId":"app","_RestKey":"key",)" + std::string{text};
    static_cast<void>(peer.handle(request));
    return 0;
  }
  for (auto line = takeLine(text); !line.empty(); line = takeLine(text)) {
    const auto colon = std::min(line.find(':'), line.size());
    request.headers.add(std::string{line.substr(0, colon)}, std::string{line.substr(std::min(colon + 1, line.size()))});
  }
  request.body = text;
  const auto reply = peer.handle(request);
  const auto& headers = request.headers;
  const bool hasKeys = headers.get("X-Bmob-REST-API-Key") == "key" || headers.get("X-Bmob-Master-Key") == "master" ||
                       request.body.find("_RestKey") != std::string::npos;
  fuzz::require(reply.status >= 400 || hasKeys, "a stranger got in");
  return 0;
}
