// Queries of rows. The first byte says which parameter the others are: `w` where, `o` order, `k` keys, `i` include, `h` having,
// `g` groupby, `s` sum, `q` the whole query.
#include <codec/form.hpp>

#include "bmob_peer.hpp"

namespace {

fuzz::BmobPeer& peer() {
  static fuzz::BmobPeer made;
  return made;
}

std::string queryOf(char kind, const std::string& text) {
  const auto form = [](const openapi::codec::FormFields& fields) { return openapi::codec::writeForm(fields); };
  switch (kind) {
    case 'w':
      return form({{"where", text}, {"count", "1"}});
    case 'o':
      return form({{"order", text}});
    case 'k':
      return form({{"keys", text}});
    case 'i':
      return form({{"include", text}});
    case 'h':
      return form({{"sum", "score"}, {"groupby", "who"}, {"groupcount", "true"}, {"having", text}});
    case 'g':
      return form({{"groupby", text}});
    case 's':
      return form({{"sum", text}, {"average", text}});
    default:
      return text;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto query = queryOf(static_cast<char>(data[0]), std::string{fuzz::textOf(data + 1, size - 1)});
  for (const auto* path : {"/1/classes/Game", "/1/classes/Post", "/1/users"}) {
    const auto reply = peer().send("GET", path, query, {}, false);
    // An error repeats what was sent, and that may be the marker.
    fuzz::require(reply.status != 200 || query.find(fuzz::BmobPeer::secret) != std::string::npos ||
                      reply.body.find(fuzz::BmobPeer::secret) == std::string::npos,
                  "a row that nobody may read");
    const auto master = peer().send("GET", path, query, {}, true);
    fuzz::require(reply.status != 200 || master.status == 200, "the master may less");
  }
  peer().requireUnchanged();
  return 0;
}
