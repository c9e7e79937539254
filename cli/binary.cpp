#include <cli/binary.hpp>

#include <codec/text.hpp>

#include <algorithm>

namespace openapi::cli {
namespace {

constexpr std::string_view marker = "$base64";

Json withoutBytes(const Json& value) {
  if (const auto* text = value.string()) {
    return codec::isUtf8(*text) ? value : Json{Fields{{std::string{marker}, codec::toBase64(*text)}}};
  }
  if (const auto* array = value.array()) {
    Json::Array items;
    items.reserve(array->size());
    for (const auto& item : *array) items.push_back(withoutBytes(item));
    return items;
  }
  if (const auto* object = value.object()) {
    Fields fields;
    for (const auto& [name, item] : *object) fields.append(printableUtf8(name), withoutBytes(item));
    return fields;
  }
  return value;
}

}  // namespace

Json withBytes(const Json& value, std::string_view name, Errc code) {
  const auto* encoded = value.find(marker);
  if (encoded == nullptr) return value;
  if (encoded->string() == nullptr || value.object()->size() != 1) {
    throw Error{code, std::string{name} + ": expected {\"$base64\":\"…\"} with nothing else in it"};
  }
  auto bytes = codec::fromBase64(*encoded->string());
  if (!bytes) throw Error{code, std::string{name} + ": $base64 is not standard base64 with padding"};
  return Json{std::move(*bytes)};
}

Fields withBytes(const Fields& input, const std::vector<std::string_view>& members, Errc code) {
  Fields out;
  for (const auto& [name, value] : input) {
    const bool text = std::find(members.begin(), members.end(), name) != members.end();
    out.append(name, text ? withBytes(value, name, code) : value);
  }
  return out;
}

std::string jsonText(const Json& value) { return withoutBytes(value).json(); }

std::string printableUtf8(std::string_view text) {
  std::string out{text};
  if (codec::isUtf8(out)) return out;
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  return out;
}

}  // namespace openapi::cli
