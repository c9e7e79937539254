#include "codec/form.hpp"

#include <array>

#include "codec/ascii.hpp"
#include "codec/fail.hpp"

namespace openapi::codec {
namespace {

constexpr std::size_t maxFormFields = 1000;
constexpr std::size_t usualFields = 32;
constexpr std::size_t maxFormBytes = 1024 * 1024;
constexpr std::string_view hexDigits = "0123456789ABCDEF";

constexpr bool isUnreserved(char c) { return isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

constexpr std::array<bool, 256> unreserved = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < table.size(); ++c) table[c] = isUnreserved(static_cast<char>(c));
  return table;
}();

constexpr unsigned char notHex = 0xFF;

constexpr std::array<unsigned char, 256> hexValues = [] {
  std::array<unsigned char, 256> table{};
  for (unsigned c = 0; c < table.size(); ++c) {
    const int value = hexValue(static_cast<char>(c));
    table[c] = value < 0 ? notHex : static_cast<unsigned char>(value);
  }
  return table;
}();

unsigned hexDigitOf(char c) { return hexValues[static_cast<unsigned char>(c)]; }

constexpr std::array<bool, 256> special = [] {
  std::array<bool, 256> table{};
  for (const char c : {'%', '+', '&', '='}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// Where decoding stands: what is left to read, and where the next byte goes.
struct Cursor {
  const char* at;
  const char* end;
  char* out;

  [[nodiscard]] bool isAt(char c) const { return at != end && *at == c; }
  void keep() { *out++ = *at++; }
};

/// The name at the cursor as it arrived.
std::string_view rawName(const Cursor& cursor) {
  const std::string_view rest{cursor.at, static_cast<std::size_t>(cursor.end - cursor.at)};
  return rest.substr(0, rest.find_first_of("=&"));
}

[[noreturn]] void failEscape(std::string_view field) {
  failBadResponse("form: bad percent escape in the field " + printable(field));
}

/// Decodes up to the next `&`, in a name up to `=`. `name` is the name of the value, for messages.
template <bool inName>
std::string_view decodePart(Cursor& cursor, std::string_view name) {
  auto [at, end, out] = cursor;  // locals: the bytes written could be those of the cursor, for all that the compiler knows
  while (true) {
    while (at != end && !special[static_cast<unsigned char>(*at)]) *out++ = *at++;
    if (at == end || *at == '&' || (inName && *at == '=')) break;
    if (*at == '%') {
      const unsigned high = end - at > 2 ? hexDigitOf(at[1]) : notHex;
      const unsigned low = end - at > 2 ? hexDigitOf(at[2]) : notHex;
      if ((high | low) > 0xF) failEscape(inName ? rawName(cursor) : name);
      *out++ = static_cast<char>(high << 4U | low);
      at += 3;
    } else {
      *out++ = *at == '+' ? ' ' : *at;
      ++at;
    }
  }
  const std::string_view decoded{cursor.out, static_cast<std::size_t>(out - cursor.out)};
  cursor = {at, end, out};
  return decoded;
}

/// The fields in their order, decoded into `buffer`, where `=` and `&` keep them apart.
std::vector<FlatField> readForm(std::string_view body, std::vector<char>& buffer) {
  if (body.size() > maxFormBytes) failBadResponse("form: more than " + std::to_string(maxFormBytes) + " bytes");
  std::vector<FlatField> fields;
  if (body.empty()) return fields;
  fields.reserve(usualFields);
  buffer.resize(body.size());
  Cursor cursor{body.data(), body.data() + body.size(), buffer.data()};
  while (true) {
    if (fields.size() == maxFormFields) failBadResponse("form: more than " + std::to_string(maxFormFields) + " fields");
    FlatField& field = fields.emplace_back();
    field.name = decodePart<true>(cursor, {});
    if (field.name.empty())
      failBadResponse("form: a field without a name, after " + std::to_string(fields.size() - 1) + " fields");
    if (cursor.isAt('=')) {
      cursor.keep();
      field.value = decodePart<false>(cursor, field.name);
    }
    if (!cursor.isAt('&')) break;
    cursor.keep();
  }
  buffer.resize(static_cast<std::size_t>(cursor.out - buffer.data()));
  return fields;
}

void sortOrRefuse(std::vector<FlatField>& fields) {
  const FlatField* repeated = sortByName(fields);
  if (repeated != nullptr) failBadResponse("form: the field " + printable(repeated->name) + " is there more than once");
}

}  // namespace

FormFields parseForm(std::string_view body) {
  std::vector<char> buffer;
  auto read = readForm(body, buffer);
  FormFields fields;
  fields.reserve(read.size());
  for (const auto& [name, value] : read) fields.emplace_back(name, value);
  sortOrRefuse(read);
  return fields;
}

FlatForm FlatForm::parse(std::string_view body) {
  FlatForm form;
  form.fields_ = readForm(body, form.buffer_);
  sortOrRefuse(form.fields_);
  return form;
}

std::string_view FlatForm::value(std::string_view name) const {
  const FlatField* field = findField(fields_, name);
  return field == nullptr ? std::string_view{} : field->value;
}

void appendPercentEncoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved[byte]) {
      out += c;
    } else {
      out += {'%', hexDigits[byte >> 4U], hexDigits[byte & 0x0FU]};
    }
  }
}

std::optional<std::string> percentDecoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hexValue(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hexValue(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return out;
}

std::string writeForm(const FormFields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    appendPercentEncoded(out, name);
    out += '=';
    appendPercentEncoded(out, value);
  }
  return out;
}

}  // namespace openapi::codec
