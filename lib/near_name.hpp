#pragma once

#include <span>
#include <string>
#include <string_view>

// Names that were meant to be others.
namespace openapi {

/// The one of `known` that `name` looks like: the same but for case and underscores, or but for one or two letters. Empty: none.
[[nodiscard]] std::string_view nearName(std::string_view name, std::span<const std::string_view> known);

/// What is wrong with a name that is not one of `known`.
[[nodiscard]] std::string noSuchField(std::string_view name, std::span<const std::string_view> known);

}  // namespace openapi
