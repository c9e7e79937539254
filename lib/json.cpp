#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <openapi/error.hpp>
#include <openapi/json.hpp>
#include <optional>

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
constexpr unsigned parseFlags = rapidjson::kParseNumbersAsStringsFlag;

/// Builds a `Json` from RapidJSON's events.
class Builder {
 public:
  using Ch = char;

  /// `numbers` is where the text of numbers is read from, at the position of `stream`; null: from the events.
  Builder(const rapidjson::MemoryStream& stream, const char* numbers) : stream_{stream}, numbers_{numbers} {}

  [[nodiscard]] Json take() { return std::move(root_.front()); }
  [[nodiscard]] const std::string& reason() const { return reason_; }

  bool Null() { return add(nullptr); }
  bool Bool(bool value) { return add(value); }
  bool Int(int value) { return add(value); }
  bool Uint(unsigned value) { return add(std::int64_t{value}); }
  bool Int64(std::int64_t value) { return add(value); }
  bool Uint64(std::uint64_t value) { return add(Json::Number{std::to_string(value)}); }
  bool Double(double) { return refuse("a number that is no decimal text"); }

  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    if (!numbers_) return add(number({text, length}));
    const std::string_view original{numbers_ + stream_.Tell() - 1, numbers_ + stream_.size_};
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
    levels_.back().names.emplace_back(name);
    return true;
  }

  bool StartObject() { return open(); }
  bool StartArray() { return open(); }

  bool EndObject(rapidjson::SizeType) {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (const auto repeated = repeatedName(level.names)) return refuse("the repeated member " + printable(*repeated));
    Fields fields;
    fields.reserve(level.names.size());
    for (std::size_t i = 0; i < level.names.size(); ++i) fields.append(std::move(level.names[i]), std::move(level.values[i]));
    return add(std::move(fields));
  }

  bool EndArray(rapidjson::SizeType) {
    Json::Array items = std::move(levels_.back().values);
    levels_.pop_back();
    return add(std::move(items));
  }

 private:
  struct Level {
    std::vector<std::string> names;  ///< of an object's members
    Json::Array values;
  };

  static Json number(std::string_view text) {
    if (const auto value = codec::wholeNumber<std::int64_t>(text)) return Json{*value};
    return Json{Json::Number{std::string{text}}};
  }

  static std::optional<std::string> repeatedName(const std::vector<std::string>& names) {
    std::vector<std::string_view> sorted{names.begin(), names.end()};
    std::sort(sorted.begin(), sorted.end());
    const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
    if (repeated == sorted.end()) return std::nullopt;
    return std::string{*repeated};
  }

  bool open() {
    if (levels_.size() == maxLevels) return refuse("more than 64 levels");
    levels_.emplace_back();
    return true;
  }

  template <class Value>
  bool add(Value&& value) {
    if (++count_ > maxValues) return refuse("more than " + std::to_string(maxValues) + " values");
    Json::Array& values = levels_.empty() ? root_ : levels_.back().values;
    values.emplace_back(std::forward<Value>(value));
    return true;
  }

  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  const rapidjson::MemoryStream& stream_;
  const char* numbers_;
  Json::Array root_;  ///< one value, when all went well
  std::vector<Level> levels_;
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

Json parseWith(std::string_view text, const char* numbers) {
  rapidjson::Reader reader;
  rapidjson::MemoryStream stream{text.data(), text.size()};
  Builder builder{stream, numbers};
  const rapidjson::ParseResult result = reader.Parse<parseFlags>(stream, builder);
  if (result.Code() == rapidjson::kParseErrorNumberTooBig && !numbers) return parseWith(withoutNumbers(text), text.data());
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

Json Json::parse(std::string_view text) { return parseWith(text, nullptr); }

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
