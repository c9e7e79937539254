#pragma once

#include <openapi/json.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace openapi::marshal {

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};

/// A list of described structs: what numbered fields and JSON arrays of objects become.
template <class T>
inline constexpr bool isStructList = false;
template <class T>
inline constexpr bool isStructList<std::vector<T>> = Described<T>;

template <class Owner, class Descriptor>
using MemberType = std::remove_cvref_t<decltype(std::declval<Owner&>().*Descriptor::pointer)>;

/// Calls `visit(member)` for each described member but `extra`.
template <class T, class Visitor>
constexpr void forEachMember(Visitor&& visit) {
  boost::mp11::mp_for_each<Members<T>>([&](auto descriptor) {
    if constexpr (std::string_view{decltype(descriptor)::name} != "extra") visit(descriptor);
  });
}

/// The names of the described members but `extra`.
template <class T>
std::vector<std::string_view> memberNames() {
  std::vector<std::string_view> names;
  forEachMember<T>([&](auto member) { names.emplace_back(decltype(member)::name); });
  return names;
}

template <class T>
concept HasExtra = requires(T value) {
  { value.extra } -> std::same_as<Fields&>;
};

/// A struct among whose members are a user's own, which nobody may rename: what it does not know is kept as it is spelt.
template <class T>
concept KeepsNames = requires { typename T::KeepsNames; };

}  // namespace openapi::marshal
