#pragma once

#include <marshal/described.hpp>
#include <marshal/json_struct.hpp>
#include <marshal/names.hpp>

#include <codec/flat.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi::marshal {

using FlatField = codec::FlatField;
using FlatFields = std::vector<std::pair<std::string, std::string>>;

namespace detail {

[[nodiscard]] Fen fenFromText(std::string_view text, Amounts amounts, std::string_view name);
[[nodiscard]] std::int64_t integerFromText(std::string_view text, std::string_view name);
[[nodiscard]] bool booleanFromText(std::string_view text, std::string_view name);
/// A value of `extra` as the text that the wire carries; arrays of plain values are joined with commas.
[[nodiscard]] std::string flatText(const Json& value);

/// `coupon_refund_fee_1_0` -> base `coupon_refund_fee`, indices 1 and 0.
struct IndexedName {
  std::string_view base{};
  std::array<std::uint32_t, 2> index{};
  std::size_t depth = 0;
};
/// Up to two trailing indices, without leading zeros, below 10,000.
[[nodiscard]] IndexedName splitIndexed(std::string_view name);

/// A field that no member took: part of a numbered list, or unknown.
struct Leftover {
  const FlatField* field;
  IndexedName name;
  bool taken = false;
};

template <class Style, class T>
void assignText(T& target, std::string_view text, std::string_view name) {
  if constexpr (IsOptional<T>::value) {
    if constexpr (std::is_same_v<typename T::value_type, std::string>) {
      target.emplace(text);
    } else if (!text.empty()) {  // an empty element is an amount that was not sent
      assignText<Style>(target.emplace(), text, name);
    }
  } else if constexpr (std::is_same_v<T, Fen>) {
    target = fenFromText(text, Style::amounts, name);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    target = integerFromText(text, name);
  } else if constexpr (std::is_same_v<T, bool>) {
    target = booleanFromText(text, name);
  } else if constexpr (std::is_same_v<T, std::string>) {
    target.assign(text);
  } else if constexpr (std::is_same_v<T, Json> || std::is_same_v<T, Json::Array> || IsList<T>::value || Described<T>) {
    if (text.empty()) return;
    const Path path{nullptr, name};
    try {
      target = valueFromJson<Style, T>(Json::parse(text), path);
    } catch (const Error& error) {
      if (std::string_view{error.what()}.starts_with(name)) throw;
      failAt(Errc::badResponse, path, error.what());
    }
  }
}

template <class Style, class T>
struct Setter {
  std::string_view name;
  void (*assign)(T&, std::string_view text, std::string_view name);
};

template <class Style, class T, class Descriptor>
struct WireNameOf {
  static constexpr FixedName value = Style::wireName(Descriptor::name);
};

/// The members of `T` by wire name, sorted by the compiler.
template <class Style, class T, template <class...> class List, class... Descriptors>
constexpr auto settersOf(List<Descriptors...>) {
  std::array<Setter<Style, T>, sizeof...(Descriptors)> setters{
      Setter<Style, T>{WireNameOf<Style, T, Descriptors>::value, [](T& target, std::string_view text, std::string_view name) {
                         using Member = MemberType<T, Descriptors>;
                         if constexpr (!std::is_same_v<Member, Fields>)
                           assignText<Style, Member>(target.*Descriptors::pointer, text, name);
                       }}...};
  std::sort(setters.begin(), setters.end(), [](const auto& left, const auto& right) { return left.name < right.name; });
  return setters;
}

template <class Style, class T>
inline constexpr auto setters = settersOf<Style, T>(Members<T>{});

template <class Style, class T>
const Setter<Style, T>* findSetter(std::string_view name) {
  const auto& all = setters<Style, T>;
  const auto found = std::lower_bound(all.begin(), all.end(), name,
                                      [](const auto& setter, std::string_view key) { return codec::nameLess(setter.name, key); });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

/// Fills the lists of `target` whose elements are numbered at `level`, for the records that share `prefix`.
template <class Style, Described T>
void takeNumbered(T& target, std::vector<Leftover>& leftovers, std::size_t level, std::uint32_t prefix) {
  forEachMember<T>([&](auto descriptor) {
    using Member = MemberType<T, decltype(descriptor)>;
    if constexpr (isStructList<Member>) {
      using Element = typename Member::value_type;
      auto& list = target.*descriptor.pointer;
      const auto belongs = [&](const Leftover& item) {
        return !item.taken && item.name.depth > level && (level == 0 || item.name.index[0] == prefix);
      };
      std::vector<std::uint32_t> indices;
      for (const auto& item : leftovers) {
        if (belongs(item) && item.name.depth == level + 1 && findSetter<Style, Element>(item.name.base) != nullptr) {
          indices.push_back(item.name.index[level]);
        }
      }
      if (indices.empty()) return;
      std::sort(indices.begin(), indices.end());
      indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
      list.resize(indices.size());
      for (auto& item : leftovers) {
        if (!belongs(item) || item.name.depth != level + 1) continue;
        const auto* setter = findSetter<Style, Element>(item.name.base);
        if (setter == nullptr) continue;
        const auto place = std::lower_bound(indices.begin(), indices.end(), item.name.index[level]) - indices.begin();
        setter->assign(list[static_cast<std::size_t>(place)], item.field->value, item.field->name);
        item.taken = true;
      }
      if (level == 0) {
        for (std::size_t at = 0; at < indices.size(); ++at) takeNumbered<Style>(list[at], leftovers, 1, indices[at]);
      }
    }
  });
}

}  // namespace detail

/// Reads a described struct from flat fields sorted by name (XML elements, form fields). Numbered fields become the
/// lists of `T`; a list member that stands there whole is JSON text; unknown fields go to `extra`. Names in `skip`
/// are left out. Throws `Error` with `Errc::badResponse` that names the field.
template <class Style, Described T>
T structFromFlat(std::span<const FlatField> sorted, std::span<const std::string_view> skip = {}) {
  T result{};
  std::vector<detail::Leftover> leftovers;
  const auto& setters = detail::setters<Style, T>;
  auto setter = setters.begin();
  leftovers.reserve(8);
  for (const auto& field : sorted) {
    while (setter != setters.end() && codec::nameLess(setter->name, field.name)) ++setter;
    if (setter != setters.end() && setter->name == field.name && field.name != "extra") {
      setter->assign(result, field.value, field.name);
    } else if (std::find(skip.begin(), skip.end(), field.name) == skip.end()) {
      leftovers.push_back({&field, detail::splitIndexed(field.name)});
    }
  }
  if (!leftovers.empty()) {
    const bool numbered = std::any_of(leftovers.begin(), leftovers.end(), [](const auto& item) { return item.name.depth > 0; });
    if (numbered) detail::takeNumbered<Style>(result, leftovers, 0, 0);
    if constexpr (HasExtra<T>) {
      result.extra.reserve(leftovers.size());
      for (const auto& item : leftovers) {
        if (!item.taken) result.extra.append(Style::publicOf(item.field->name), Json{item.field->value});
      }
    }
  }
  return result;
}

/// Writes a described struct as flat fields. What is absent, null or empty is left out; objects in `extra` become
/// JSON text with snake_case names. A name in `extra` never replaces a member.
template <class Style, Described T>
FlatFields flatFromStruct(const T& value) {
  FlatFields out;
  const auto add = [&out](std::string name, std::string text) {
    const auto same = [&name](const auto& field) { return field.first == name; };
    if (!text.empty() && std::none_of(out.begin(), out.end(), same)) out.emplace_back(std::move(name), std::move(text));
  };
  out.reserve(16);
  const auto fields = toFields<Style>(value);
  for (const auto& [name, item] : fields) add(name, detail::flatText(item));
  return out;
}

}  // namespace openapi::marshal
