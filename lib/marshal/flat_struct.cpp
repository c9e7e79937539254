#include <marshal/flat_struct.hpp>

#include <codec/ascii.hpp>
#include <codec/whole_number.hpp>

namespace openapi::marshal::detail {

namespace {

constexpr std::size_t maxIndexDigits = 4;

bool isIndex(std::string_view text) {
  if (text.empty() || text.size() > maxIndexDigits || (text.size() > 1 && text.front() == '0')) return false;
  return codec::allDigits(text);
}

std::uint32_t indexValue(std::string_view text) { return codec::wholeNumber<std::uint32_t>(text).value_or(0); }

[[noreturn]] void badField(std::string_view name, const char* problem) {
  throw Error{Errc::badResponse, std::string{name} + ": " + problem};
}

bool isPlain(const Json& value) { return value.object() == nullptr && value.array() == nullptr; }

std::string joined(const Json::Array& items) {
  std::string text;
  for (const auto& item : items) {
    if (&item != items.data()) text += ',';
    text += flatText(item);
  }
  return text;
}

}  // namespace

Fen fenFromText(std::string_view text, Amounts amounts, std::string_view name) {
  const auto fen = amounts == Amounts::yuan ? Fen::fromYuan(text) : Fen::fromText(text);
  if (fen) return *fen;
  badField(name, amounts == Amounts::yuan ? "not an amount in yuan with at most two decimals" : "not a whole number of fen");
}

std::int64_t integerFromText(std::string_view text, std::string_view name) {
  const auto value = codec::wholeNumber<std::int64_t>(text);
  if (!value) badField(name, "not a 64-bit integer");
  return *value;
}

bool booleanFromText(std::string_view text, std::string_view name) {
  if (text == "true") return true;
  if (text == "false") return false;
  badField(name, "neither true nor false");
}

std::string flatText(const Json& value) {
  if (const auto* text = value.string()) return *text;
  if (const auto* number = value.number()) return number->text;
  if (const auto* array = value.array(); array != nullptr && std::all_of(array->begin(), array->end(), isPlain))
    return joined(*array);
  return value.isNull() ? std::string{} : value.json();
}

IndexedName splitIndexed(std::string_view name) {
  IndexedName split{name};
  while (split.depth < split.index.size()) {
    const auto at = split.base.rfind('_');
    if (at == std::string_view::npos || at == 0 || !isIndex(split.base.substr(at + 1))) break;
    split.index[1] = split.index[0];
    split.index[0] = indexValue(split.base.substr(at + 1));
    split.base = split.base.substr(0, at);
    ++split.depth;
  }
  return split;
}

}  // namespace openapi::marshal::detail
