#pragma once

#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <marshal/described.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace openapi::cli {

template <class T>
inline constexpr bool isText = std::is_same_v<T, std::string> || std::is_same_v<T, std::optional<std::string>>;

/// The members of `T` that hold text or bytes.
template <marshal::Described T>
std::vector<std::string_view> textMembers() {
  std::vector<std::string_view> names;
  marshal::forEachMember<T>([&](auto member) {
    if constexpr (isText<marshal::MemberType<T, decltype(member)>>) names.emplace_back(decltype(member)::name);
  });
  return names;
}

/// `input` with `{"$base64":"…"}` in these members made the bytes. Throws `Error(code)` that names the member.
[[nodiscard]] Fields withBytes(const Fields& input, const std::vector<std::string_view>& members, Errc code);
/// The bytes of `value` when it is `{"$base64":"…"}`, else `value`.
[[nodiscard]] Json withBytes(const Json& value, std::string_view name, Errc code);

/// `value` as JSON text, with `{"$base64":"…"}` for every text that is not UTF-8.
[[nodiscard]] std::string jsonText(const Json& value);
/// `text` with `?` for what is not UTF-8, for messages.
[[nodiscard]] std::string printableUtf8(std::string_view text);

}  // namespace openapi::cli
