#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <iterator>
#include <openapi/error.hpp>
#include <openapi/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "codec/fail.hpp"
#include "codec/json_number.hpp"
#include "codec/text.hpp"
#include "codec/whole_number.hpp"

namespace openapi {

Fields::Fields() = default;
Fields::Fields(std::initializer_list<Field> items) : items_{items} {}
Fields::Fields(const Fields&) = default;
Fields::Fields(Fields&&) noexcept = default;
Fields& Fields::operator=(const Fields&) = default;
Fields& Fields::operator=(Fields&&) noexcept = default;
Fields::~Fields() = default;

bool Fields::empty() const { return items_.empty(); }
std::size_t Fields::size() const { return items_.size(); }
const Field* Fields::begin() const { return items_.data(); }
const Field* Fields::end() const { return items_.data() + items_.size(); }

const Json* Fields::find(std::string_view name) const {
  const auto found = std::find_if(items_.begin(), items_.end(), [name](const Field& item) { return item.name == name; });
  return found == items_.end() ? nullptr : &found->value;
}

void Fields::set(std::string name, Json value) {
  const auto found = std::find_if(items_.begin(), items_.end(), [&name](const Field& item) { return item.name == name; });
  if (found == items_.end()) return append(std::move(name), std::move(value));
  found->value = std::move(value);
}

void Fields::reserve(std::size_t count) { items_.reserve(count); }

void Fields::append(std::string name, Json value) { items_.push_back(Field{std::move(name), std::move(value)}); }

bool Fields::erase(std::string_view name) {
  return std::erase_if(items_, [name](const Field& item) { return item.name == name; }) > 0;
}

bool operator==(const Fields& left, const Fields& right) { return left.items_ == right.items_; }
bool operator==(const Json& left, const Json& right) { return left.value_ == right.value_; }

namespace {

using codec::failBadResponse;
using codec::jsonNumberLength;
using codec::printable;

constexpr std::size_t maxLevels = 64;
constexpr std::size_t maxValues = 500'000;  // a value of one digit takes twenty times its text in memory
constexpr std::size_t fewNames = 16;        // compared with each other sooner than sorted
constexpr unsigned parseFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseInsituFlag;

/// Builds a `Json` from RapidJSON's events.
class Builder {
 public:
  using Ch = char;

  /// `begin`: of the text that is read. `numbers` is where the text of numbers is taken from; empty: from the text that is read.
  Builder(const char* begin, std::string_view numbers) : begin_{begin}, numbers_{numbers} {}

  [[nodiscard]] Json take() { return std::move(values_.front()); }
  [[nodiscard]] const std::string& reason() const { return reason_; }

  bool Null() { return add(nullptr); }
  bool Bool(bool value) { return add(value); }
  bool Int(int value) { return add(value); }
  bool Uint(unsigned value) { return add(value); }
  bool Int64(std::int64_t value) { return add(value); }
  bool Uint64(std::uint64_t value) { return add(value); }
  bool Double(double) { return refuse("a number that is no decimal text"); }

  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    if (numbers_.empty()) return add(number({text, length}));
    if (length != 1) return refuse("bad number");  // such as `1.-5`, whose two numbers were made zeros one by one
    const auto original = numbers_.substr(static_cast<std::size_t>(text - begin_));
    return add(number(original.substr(0, jsonNumberLength(original))));
  }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view value{text, length};
    if (!codec::isUtf8(value)) return refuse("a string that is not UTF-8");
    return add(value);
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view name{text, length};
    if (!codec::isUtf8(name)) return refuse("a name that is not UTF-8");
    names_.emplace_back(name);
    return true;
  }

  bool StartObject() { return open(); }
  bool StartArray() { return open(); }

  bool EndObject(rapidjson::SizeType count) {
    --level_;
    const auto names = names_.end() - count;
    const auto values = values_.end() - count;
    if (const auto* repeated = repeatedName({names, names_.end()})) return refuse("the repeated member " + printable(*repeated));
    Fields fields;
    fields.reserve(count);
    for (rapidjson::SizeType i = 0; i < count; ++i) fields.append(std::move(names[i]), std::move(values[i]));
    names_.erase(names, names_.end());
    values_.erase(values, values_.end());
    return add(std::move(fields));
  }

  bool EndArray(rapidjson::SizeType count) {
    --level_;
    const auto values = values_.end() - count;
    Json::Array items{std::make_move_iterator(values), std::make_move_iterator(values_.end())};
    values_.erase(values, values_.end());
    return add(std::move(items));
  }

 private:
  static Json number(std::string_view text) {
    if (const auto value = codec::wholeNumber<std::int64_t>(text)) return Json{*value};
    return Json{Json::Number{std::string{text}}};
  }

  static const std::string* repeatedName(std::span<const std::string> names) {
    if (names.size() > fewNames) return repeatedAmongMany(names);
    for (auto name = names.begin(); name != names.end(); ++name) {
      if (std::find(names.begin(), name, *name) != name) return &*name;
    }
    return nullptr;
  }

  static const std::string* repeatedAmongMany(std::span<const std::string> names) {
    std::vector<const std::string*> sorted(names.size());
    std::transform(names.begin(), names.end(), sorted.begin(), [](const std::string& name) { return &name; });
    std::sort(sorted.begin(), sorted.end(), [](const auto* left, const auto* right) { return *left < *right; });
    const auto repeated =
        std::adjacent_find(sorted.begin(), sorted.end(), [](const auto* left, const auto* right) { return *left == *right; });
    return repeated == sorted.end() ? nullptr : *repeated;
  }

  bool open() {
    if (level_ == maxLevels) return refuse("more than 64 levels");
    ++level_;
    return true;
  }

  template <class Value>
  bool add(Value&& value) {
    if (++count_ > maxValues) return refuse("more than " + std::to_string(maxValues) + " values");
    values_.emplace_back(std::forward<Value>(value));
    return true;
  }

  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  const char* begin_;
  std::string_view numbers_;
  Json::Array values_;              ///< of the objects and arrays that are not closed yet; at the end the one value of the text
  std::vector<std::string> names_;  ///< of the members of the objects that are not closed yet
  std::size_t level_ = 0;
  std::size_t count_ = 0;
  std::string reason_;
};

const char* describe(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "no text";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "data after the end";
    case rapidjson::kParseErrorObjectMissName:
      return "expected a member name";
    case rapidjson::kParseErrorObjectMissColon:
      return "expected ':'";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "expected ',' or '}'";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "expected ',' or ']'";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "bad escape";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "lone surrogate";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "string without an end";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "control character or invalid UTF-8";
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent:
      return "bad number";
    default:
      return "bad value";
  }
}

/// `text` with every number made `0` and blanks of the same length: RapidJSON refuses numbers beyond a double's range.
std::string withoutNumbers(std::string_view text) {
  std::string out{text};
  std::size_t i = 0;
  while (i < out.size()) {
    if (out[i] == '"') {
      for (++i; i < out.size() && out[i] != '"'; ++i) i += out[i] == '\\' ? 1U : 0U;
      ++i;
      continue;
    }
    const std::size_t length = jsonNumberLength(text.substr(i));
    if (length > 0) {
      out[i] = '0';
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(i) + 1, length - 1, ' ');
    }
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

/// Reads `text`, whose strings are decoded where they stand. `numbers`: see `Builder`. No value when a number is beyond a
/// double's range.
std::optional<Json> parseInPlace(std::string text, std::string_view numbers) {
  rapidjson::Reader reader;
  rapidjson::InsituStringStream stream{text.data()};
  Builder builder{text.data(), numbers};
  const rapidjson::ParseResult result = reader.Parse<parseFlags>(stream, builder);
  if (result.Code() == rapidjson::kParseErrorNumberTooBig) return std::nullopt;
  if (result.IsError()) {
    const std::string reason = builder.reason().empty() ? std::string{describe(result.Code())} : builder.reason();
    failBadResponse("json: " + reason + " at offset " + std::to_string(result.Offset()));
  }
  if (stream.Tell() != text.size()) failBadResponse("json: data after the end at offset " + std::to_string(stream.Tell()));
  return builder.take();
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

rapidjson::SizeType sizeOf(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

void writeString(Writer& writer, std::string_view text) {
  if (!codec::isUtf8(text)) throw Error{Errc::invalidArgument, "json: a string is not UTF-8: " + printable(text)};
  writer.String(text.data(), sizeOf(text));
}

void write(Writer& writer, const Json& value) {
  if (const auto* boolean = value.boolean()) {
    writer.Bool(*boolean);
  } else if (const auto* integer = value.integer()) {
    writer.Int64(*integer);
  } else if (const auto* number = value.number()) {
    const std::string& text = number->text;
    if (text.empty() || jsonNumberLength(text) != text.size())
      throw Error{Errc::invalidArgument, "json: not a number: " + printable(text)};
    writer.RawValue(text.data(), text.size(), rapidjson::kNumberType);
  } else if (const auto* string = value.string()) {
    writeString(writer, *string);
  } else if (const auto* array = value.array()) {
    writer.StartArray();
    for (const Json& item : *array) write(writer, item);
    writer.EndArray();
  } else if (const auto* object = value.object()) {
    writer.StartObject();
    for (const Field& member : *object) {
      writeString(writer, member.name);
      write(writer, member.value);
    }
    writer.EndObject();
  } else {
    writer.Null();
  }
}

}  // namespace

Json::Json(unsigned long long value) {
  if (std::in_range<std::int64_t>(value)) {
    value_ = static_cast<std::int64_t>(value);
  } else {
    value_ = Number{std::to_string(value)};
  }
}

Json Json::parse(std::string_view text) {
  if (auto json = parseInPlace(std::string{text}, {})) return *std::move(json);
  if (auto json = parseInPlace(withoutNumbers(text), text)) return *std::move(json);
  failBadResponse("json: bad number");
}

std::string Json::json() const {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  write(writer, *this);
  return {buffer.GetString(), buffer.GetSize()};
}

const Json* Json::find(std::string_view name) const {
  const Fields* members = object();
  return members ? members->find(name) : nullptr;
}

std::string_view Json::kind() const {
  constexpr std::string_view names[] = {"null", "boolean", "number", "number", "string", "array", "object"};
  return names[value_.index()];
}

}  // namespace openapi
