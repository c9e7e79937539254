#pragma once

#include <openapi/bytes.hpp>
#include <openapi/event.hpp>
#include <openapi/fen.hpp>
#include <openapi/json.hpp>

#include <marshal/described.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace openapi::cli {

struct MemberShape {
  std::string_view name{};
  std::string_view type{};             ///< `text`, `fen`, `integer`, `number`, `boolean`, `bytes`, `json`, `object`, `list`
  bool required = false;               ///< of an input: must be given; of an output: is always there
  std::vector<MemberShape> members{};  ///< of an object, and of the elements of a list of objects
  bool extra = false;                  ///< whether these take or give other members too
  std::string_view structName{};       ///< of these members: `weixin::LineColor`
};

/// What a struct looks like as JSON.
struct Shape {
  std::vector<MemberShape> members{};
  bool extra = false;             ///< other members are taken, or given
  std::string_view structName{};  ///< `weixin::GetRequest`
};

template <class T>
constexpr std::string_view typeName() {
  if constexpr (marshal::IsOptional<T>::value) {
    return typeName<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, Fen>) {
    return "fen";
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return "integer";
  } else if constexpr (std::is_same_v<T, bool>) {
    return "boolean";
  } else if constexpr (std::is_same_v<T, double>) {
    return "number";
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return "bytes";
  } else if constexpr (marshal::IsList<T>::value) {
    return "list";
  } else if constexpr (marshal::Described<T>) {
    return "object";
  } else if constexpr (std::is_same_v<T, Json> || std::is_same_v<T, Fields>) {
    return "json";
  } else {
    static_assert(std::is_same_v<T, std::string>);
    return "text";
  }
}

/// The name of a type within `openapi`, as the compiler writes it: `[with T = openapi::X; …]`, `[T = openapi::X]`.
template <class T>
constexpr std::string_view structName() {
  constexpr std::string_view prefix = "T = openapi::";
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find(prefix) + prefix.size());
  return text.substr(0, text.find_first_of(";]"));
}

/// The struct that a member holds or lists, if it does.
template <class T>
struct NestedStruct {
  using Type = T;
};
template <class T>
struct NestedStruct<std::optional<T>> : NestedStruct<T> {};
template <class T>
struct NestedStruct<std::vector<T>> : NestedStruct<T> {};

enum class Direction { input, output };

/// Whether an input must give a member whose default is `value`.
template <class T>
bool mustBeGiven(const T& value) {
  if constexpr (marshal::IsOptional<T>::value || marshal::IsList<T>::value || std::is_same_v<T, bool>) {
    return false;
  } else if constexpr (std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::string>) {
    return value == T{};
  } else {
    return true;
  }
}

template <marshal::Described T>
Shape shapeOf(Direction direction) {
  Shape shape;
  marshal::forEachMember<T>([&](auto member) {
    using Member = marshal::MemberType<T, decltype(member)>;
    using Nested = typename NestedStruct<Member>::Type;
    const bool required = direction == Direction::output ? !marshal::IsOptional<Member>::value : mustBeGiven(T{}.*member.pointer);
    MemberShape made{decltype(member)::name, typeName<Member>(), required, {}, false, {}};
    if constexpr (marshal::Described<Nested>) {
      auto inner = shapeOf<Nested>(direction);
      made.members = std::move(inner.members);
      made.extra = inner.extra;
      made.structName = inner.structName;
    }
    shape.members.push_back(std::move(made));
  });
  shape.extra = marshal::HasExtra<T>;
  shape.structName = structName<T>();
  return shape;
}

/// Of the input of `verify…Notify`.
[[nodiscard]] Shape eventShape();

}  // namespace openapi::cli
