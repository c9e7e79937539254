#pragma once

#include <openapi/event.hpp>
#include <openapi/fen.hpp>
#include <openapi/json.hpp>

#include <marshal/described.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace openapi::cli {

struct MemberShape {
  std::string_view name{};
  std::string_view type{};             ///< `text`, `fen`, `integer`, `boolean`, `json`, `list`
  bool required = false;               ///< of an input: must be given; of an output: is always there
  std::vector<MemberShape> members{};  ///< of the elements of a list of objects
  bool extra = false;                  ///< whether these take or give other members too
};

/// What a struct looks like as JSON.
struct Shape {
  std::vector<MemberShape> members{};
  bool extra = false;  ///< other members are taken, or given
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
  } else if constexpr (std::is_same_v<T, Json>) {
    return "json";
  } else {
    static_assert(std::is_same_v<T, std::string>);
    return "text";
  }
}

enum class Direction { input, output };

template <marshal::Described T>
Shape shapeOf(Direction direction) {
  Shape shape;
  marshal::forEachMember<T>([&](auto member) {
    using Member = marshal::MemberType<T, decltype(member)>;
    constexpr bool list = marshal::IsList<Member>::value;
    const bool required = list ? direction == Direction::output : !marshal::IsOptional<Member>::value;
    MemberShape made{decltype(member)::name, typeName<Member>(), required, {}, false};
    if constexpr (marshal::isStructList<Member>) {
      auto element = shapeOf<typename Member::value_type>(direction);
      made.members = std::move(element.members);
      made.extra = element.extra;
    }
    shape.members.push_back(std::move(made));
  });
  shape.extra = marshal::HasExtra<T>;
  return shape;
}

/// Of the input of `verify…Notify`.
[[nodiscard]] Shape eventShape();

}  // namespace openapi::cli
