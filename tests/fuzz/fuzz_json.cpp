#include <openapi/json.hpp>

#include "codec/json_slices.hpp"
#include "codec/text.hpp"
#include "oracle.hpp"

using openapi::Errc;
using openapi::Json;

namespace {

void checkValue(const Json& value) { fuzz::require(Json::parse(value.json()) == value, "not the same after writing"); }

/// Every slice lies in the text, in order, and is what the whole text says it is.
void checkSlices(std::string_view text, const std::vector<openapi::codec::JsonSlice>& members, const Json& whole) {
  fuzz::require(whole.object() && whole.object()->size() == members.size(), "the readers see different members");
  const char* at = text.data();
  for (std::size_t i = 0; i < members.size(); ++i) {
    fuzz::require(members[i].value.data() > at && members[i].value.data() + members[i].value.size() < text.data() + text.size(),
                  "a slice outside");
    at = members[i].value.data() + members[i].value.size();
    const openapi::Field& field = whole.object()->begin()[i];
    fuzz::require(field.name == members[i].name && Json::parse(members[i].value) == field.value,
                  "the readers see different values");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::textOf(data, size);
  Json value;
  std::vector<openapi::codec::JsonSlice> members;
  const bool parsed = fuzz::accepts(Errc::badResponse, [&] { value = Json::parse(text); });
  const bool sliced = fuzz::accepts(Errc::badResponse, [&] { members = openapi::codec::topLevelMembers(text); });
  if (parsed) checkValue(value);
  if (parsed) fuzz::require(sliced == (value.object() != nullptr), "only one reader accepts the text");
  if (parsed && sliced) checkSlices(text, members, value);

  const bool isText = openapi::codec::isUtf8(text);
  const bool written = fuzz::accepts(Errc::invalidArgument, [&] { checkValue(Json{text}); });
  fuzz::require(written == isText, "a string is written that is no text, or the reverse");
  return 0;
}
