#pragma once

#include <marshal/described.hpp>
#include <marshal/names.hpp>
#include <near_name.hpp>

#include <openapi/bytes.hpp>
#include <openapi/error.hpp>
#include <openapi/fen.hpp>
#include <openapi/json.hpp>

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>

namespace openapi::marshal {

/// Where in a document a value stands: `refundList[2].refundFee`. Built only when an error needs it.
struct Path {
  const Path* parent = nullptr;
  std::string_view name{};
  std::size_t index = 0;

  [[nodiscard]] std::string text() const;
};

/// Throws `Error(code)`: «<path>: <problem>».
[[noreturn]] void failAt(Errc code, const Path& path, const std::string& problem);

namespace detail {

[[nodiscard]] Fen fenFromJson(const Json& json, Amounts amounts, const Path& path, Errc code);
[[nodiscard]] std::int64_t integerFromJson(const Json& json, bool lenient, const Path& path, Errc code);
[[nodiscard]] std::string textFromJson(const Json& json, bool lenient, const Path& path, Errc code);
[[nodiscard]] double fractionFromJson(const Json& json, bool lenient, const Path& path, Errc code);
[[nodiscard]] Json jsonOfFraction(double value);
[[nodiscard]] Bytes bytesFromJson(const Json& json, const Path& path, Errc code);
[[nodiscard]] Json jsonOfBytes(const Bytes& bytes);
[[nodiscard]] bool booleanFromJson(const Json& json, const Path& path, Errc code);
[[nodiscard]] const Fields& objectFromJson(const Json& json, const Path& path, Errc code);
[[nodiscard]] const Json::Array& arrayFromJson(const Json& json, const Path& path, Errc code);
/// The names inside an unknown value, converted to their public spelling.
[[nodiscard]] Json publicNames(const Json& json);

template <class Style>
constexpr Errc errorOf = Style::lenientTypes ? Errc::badResponse : Errc::invalidArgument;

}  // namespace detail

/// The names inside a value, converted to snake_case: how objects in `extra` reach the wire.
[[nodiscard]] Json snakeNames(const Json& json);

template <class Style, Described T>
T structFromJson(const Json& json, const Path& path);

template <class Style, class T>
T valueFromJson(const Json& json, const Path& path) {
  constexpr Errc code = detail::errorOf<Style>;
  if constexpr (IsOptional<T>::value) {
    return valueFromJson<Style, typename T::value_type>(json, path);
  } else if constexpr (std::is_same_v<T, Fen>) {
    return detail::fenFromJson(json, Style::amounts, path, code);
  } else if constexpr (std::is_same_v<T, bool>) {
    return detail::booleanFromJson(json, path, code);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return detail::integerFromJson(json, Style::lenientTypes, path, code);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return detail::textFromJson(json, Style::lenientTypes, path, code);
  } else if constexpr (std::is_same_v<T, double>) {
    return detail::fractionFromJson(json, Style::lenientTypes, path, code);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return detail::bytesFromJson(json, path, code);
  } else if constexpr (std::is_same_v<T, Json>) {
    return json;
  } else if constexpr (std::is_same_v<T, Fields>) {
    return detail::objectFromJson(json, path, code);
  } else if constexpr (std::is_same_v<T, Json::Array>) {
    return detail::arrayFromJson(json, path, code);
  } else if constexpr (IsList<T>::value) {
    T list;
    const auto& array = detail::arrayFromJson(json, path, code);
    list.reserve(array.size());
    for (std::size_t at = 0; at < array.size(); ++at) {
      list.push_back(valueFromJson<Style, typename T::value_type>(array[at], Path{&path, {}, at}));
    }
    return list;
  } else {
    return structFromJson<Style, T>(json, path);
  }
}

/// Reads a described struct from an object whose names are spelled in `Style`. Null members are absent; unknown
/// ones go to `extra`, or are an error where the struct has none. A struct that keeps names keeps unknown nulls too. Throws
/// `Error` that names the field.
template <class Style, Described T>
T structFromJson(const Json& json, const Path& path) {
  T result{};
  std::bitset<boost::mp11::mp_size<Members<T>>::value> seen;
  for (const auto& [name, value] : detail::objectFromJson(json, path, detail::errorOf<Style>)) {
    if (value.isNull() && !KeepsNames<T>) continue;
    const auto assign = [&, &name = name, &value = value](std::string_view spelling) {
      bool known = false;
      std::size_t at = 0;
      forEachMember<T>([&](auto descriptor) {
        using Member = MemberType<T, decltype(descriptor)>;
        static constexpr FixedName wire = Style::wireName(decltype(descriptor)::name);
        const std::size_t index = at++;
        if (known || std::string_view{wire} != spelling) return;
        known = true;
        if (seen[index]) failAt(detail::errorOf<Style>, Path{&path, name}, "given twice");
        seen.set(index);
        if (value.isNull()) return;
        result.*descriptor.pointer = valueFromJson<Style, Member>(value, Path{&path, name});
      });
      return known;
    };
    // Either spelling is understood: Alipay's notifications carry camelCase inside, callers pass snake_case.
    if (assign(name)) continue;
    if constexpr (!KeepsNames<T> || !Style::lenientTypes) {
      if (assign(Style::lenientTypes ? toSnake(name) : toCamel(name))) continue;
    }
    if constexpr (HasExtra<T> && KeepsNames<T>) {
      result.extra.append(name, value);
    } else if constexpr (HasExtra<T>) {
      result.extra.append(Style::publicOf(name), Style::lenientTypes ? detail::publicNames(value) : value);
    } else if (!Style::lenientTypes) {
      failAt(Errc::invalidArgument, Path{&path, name}, noSuchField(name, memberNames<T>()));
    }
  }
  return result;
}

template <class Style, Described T>
T fromJson(const Json& json) {
  return structFromJson<Style, T>(json, Path{});
}

template <class Style, class T>
void appendJson(Fields& out, std::string_view name, const T& value);

/// Writes a described struct as an object whose names are spelled in `Style`. What is absent is left out; empty texts
/// too on the wire; lists are always there in public spelling. `extra` stands at the top level.
template <class Style, Described T>
Fields toFields(const T& value) {
  Fields out;
  forEachMember<T>([&](auto descriptor) {
    static constexpr FixedName wire = Style::wireName(decltype(descriptor)::name);
    appendJson<Style>(out, wire, value.*descriptor.pointer);
  });
  if constexpr (HasExtra<T>) {
    for (const auto& [name, item] : value.extra) {
      if constexpr (KeepsNames<T>) {
        if (out.find(name) == nullptr) out.append(name, item);
        continue;
      }
      if (item.isNull()) continue;
      const auto wire = Style::wireOf(name);
      if (out.find(wire) == nullptr) out.append(wire, Style::lenientTypes ? snakeNames(item) : item);
    }
  }
  return out;
}

template <class Style, class T>
Json jsonOf(const T& value) {
  if constexpr (std::is_same_v<T, Fen>) {
    return Style::amounts == Amounts::yuan ? Json{value.yuan()} : Json{value.count()};
  } else if constexpr (std::is_same_v<T, double>) {
    return detail::jsonOfFraction(value);
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return detail::jsonOfBytes(value);
  } else if constexpr (std::is_same_v<T, Json::Array>) {
    return Json{value};
  } else if constexpr (IsList<T>::value) {
    Json::Array array;
    array.reserve(value.size());
    for (const auto& item : value) array.push_back(jsonOf<Style>(item));
    return array;
  } else if constexpr (Described<T>) {
    return toFields<Style>(value);
  } else {
    return Json{value};
  }
}

template <class Style, class T>
void appendJson(Fields& out, std::string_view name, const T& value) {
  if constexpr (IsOptional<T>::value) {
    if (value) appendJson<Style>(out, name, *value);
  } else {
    if constexpr (Style::lenientTypes && (std::is_same_v<T, std::string> || IsList<T>::value)) {
      if (value.empty()) return;
    }
    out.append(std::string{name}, jsonOf<Style>(value));
  }
}

template <class Style, Described T>
Json toJson(const T& value) {
  return toFields<Style>(value);
}

}  // namespace openapi::marshal
