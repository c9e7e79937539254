#include "codec/form.hpp"

#include <algorithm>
#include <array>

#include "codec/fail.hpp"

namespace openapi::codec {
namespace {

constexpr std::size_t maxFormFields = 1000;
constexpr std::size_t maxFormBytes = 1024 * 1024;
constexpr std::string_view hexDigits = "0123456789ABCDEF";

constexpr bool isUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

constexpr std::array<bool, 256> unreserved = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < table.size(); ++c) table[c] = isUnreserved(static_cast<char>(c));
  return table;
}();

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// The decoded bytes; `field` is what a message calls the place.
std::string decode(std::string_view text, std::string_view field) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) failBadResponse("form: bad percent escape in the field " + printable(field));
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

void refuseRepeatedNames(const FormFields& fields) {
  std::vector<std::string_view> names;
  names.reserve(fields.size());
  for (const auto& field : fields) names.push_back(field.first);
  std::sort(names.begin(), names.end());
  const auto repeated = std::adjacent_find(names.begin(), names.end());
  if (repeated != names.end()) failBadResponse("form: the field " + printable(*repeated) + " is there more than once");
}

}  // namespace

FormFields parseForm(std::string_view body) {
  if (body.size() > maxFormBytes) failBadResponse("form: more than " + std::to_string(maxFormBytes) + " bytes");
  FormFields fields;
  if (body.empty()) return fields;
  const auto count = static_cast<std::size_t>(std::count(body.begin(), body.end(), '&')) + 1;
  if (count > maxFormFields) failBadResponse("form: more than " + std::to_string(maxFormFields) + " fields");
  fields.reserve(count);
  while (fields.size() < count) {
    const std::string_view pair = body.substr(0, body.find('&'));
    const std::string_view name = pair.substr(0, pair.find('='));
    if (name.empty()) failBadResponse("form: a field without a name, after " + std::to_string(fields.size()) + " fields");
    const std::string_view value = pair.substr(std::min(name.size() + 1, pair.size()));
    std::string decodedName = decode(name, name);
    std::string decodedValue = decode(value, decodedName);
    fields.emplace_back(std::move(decodedName), std::move(decodedValue));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
  }
  refuseRepeatedNames(fields);
  return fields;
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
