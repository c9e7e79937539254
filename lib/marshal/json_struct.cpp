#include <marshal/json_struct.hpp>

#include <codec/text.hpp>
#include <codec/whole_number.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace openapi::marshal {

std::string Path::text() const {
  std::string text = parent == nullptr ? std::string{} : parent->text();
  if (!name.empty()) {
    if (!text.empty()) text += '.';
    text += name;
  } else if (parent != nullptr) {
    text += '[' + std::to_string(index) + ']';
  }
  return text;
}

void failAt(Errc code, const Path& path, const std::string& problem) {
  const auto where = path.text();
  throw Error{code, where.empty() ? problem : where + ": " + problem};
}

namespace {

std::string expected(std::string_view what, const Json& json) {
  return "expected " + std::string{what} + ", got " + std::string{json.kind()};
}

template <class Rename>
Json renamed(const Json& json, Rename rename) {
  if (const auto* object = json.object()) {
    Fields fields;
    for (const auto& [name, value] : *object) fields.append(rename(name), renamed(value, rename));
    return fields;
  }
  if (const auto* array = json.array()) {
    Json::Array items;
    items.reserve(array->size());
    for (const auto& item : *array) items.push_back(renamed(item, rename));
    return items;
  }
  return json;
}

}  // namespace

Json snakeNames(const Json& json) { return renamed(json, toSnake); }

namespace detail {

Json publicNames(const Json& json) { return renamed(json, toCamel); }

Fen fenFromJson(const Json& json, Amounts amounts, const Path& path, Errc code) {
  if (amounts == Amounts::fen) {
    if (const auto* count = json.integer()) return Fen{*count};
    if (const auto* number = json.number()) {
      failAt(code, path, "amount is not an integer number of fen: " + number->text.substr(0, 40));
    }
    failAt(code, path, expected("an integer number of fen", json));
  }
  std::optional<Fen> fen;
  if (const auto* text = json.string()) fen = Fen::fromYuan(*text);
  if (const auto* number = json.number()) fen = Fen::fromYuan(number->text);
  if (const auto* whole = json.integer()) fen = Fen::fromYuan(std::to_string(*whole));
  if (!fen) failAt(code, path, "not an amount in yuan with at most two decimals");
  return *fen;
}

std::int64_t integerFromJson(const Json& json, bool lenient, const Path& path, Errc code) {
  if (const auto* value = json.integer()) return *value;
  const auto* text = json.string();
  if (lenient && text != nullptr) {
    if (const auto value = codec::wholeNumber<std::int64_t>(*text)) return *value;
  }
  failAt(code, path, json.number() != nullptr ? "not a 64-bit integer" : expected("an integer", json));
}

std::string textFromJson(const Json& json, bool lenient, const Path& path, Errc code) {
  if (const auto* text = json.string()) return *text;
  if (lenient && json.integer() != nullptr) return std::to_string(*json.integer());
  if (lenient && json.number() != nullptr) return json.number()->text;
  failAt(code, path, expected("a text", json));
}

double fractionFromJson(const Json& json, bool lenient, const Path& path, Errc code) {
  if (const auto* whole = json.integer()) return static_cast<double>(*whole);
  const std::string* text = json.number() != nullptr ? &json.number()->text : lenient ? json.string() : nullptr;
  if (text == nullptr) failAt(code, path, expected("a number", json));
  const auto value = codec::wholeNumber<double>(*text);
  if (!value || !std::isfinite(*value)) failAt(code, path, "not a number that fits");
  return *value;
}

Json jsonOfFraction(double value) {
  if (!std::isfinite(value)) throw Error{Errc::invalidArgument, "a number is infinite or none"};
  constexpr double largestWhole = 9007199254740992.0;
  if (value == std::trunc(value) && std::abs(value) <= largestWhole) return static_cast<std::int64_t>(value);
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return Json::Number{{text.data(), end}};
}

constexpr std::string_view bytesMarker = "$base64";

Bytes bytesFromJson(const Json& json, const Path& path, Errc code) {
  const auto* encoded = json.find(bytesMarker);
  const bool marked = encoded != nullptr && encoded->string() != nullptr && json.object()->size() == 1;
  if (!marked) failAt(code, path, "expected {\"$base64\":\"…\"} with nothing else in it");
  auto bytes = codec::fromBase64(*encoded->string());
  if (!bytes) failAt(code, path, "$base64 is not standard base64 with padding");
  return {std::move(*bytes)};
}

Json jsonOfBytes(const Bytes& bytes) { return Fields{{std::string{bytesMarker}, codec::toBase64(bytes.data)}}; }

bool booleanFromJson(const Json& json, const Path& path, Errc code) {
  if (const auto* value = json.boolean()) return *value;
  failAt(code, path, expected("true or false", json));
}

const Fields& objectFromJson(const Json& json, const Path& path, Errc code) {
  if (const auto* object = json.object()) return *object;
  failAt(code, path, expected("an object", json));
}

const Json::Array& arrayFromJson(const Json& json, const Path& path, Errc code) {
  if (const auto* array = json.array()) return *array;
  failAt(code, path, expected("an array", json));
}

}  // namespace detail

}  // namespace openapi::marshal
