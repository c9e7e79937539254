#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// A letter, then letters, digits and underscores; at most 100.
[[nodiscard]] bool isName(std::string_view text);
/// A name, or one of the system's classes.
[[nodiscard]] bool isClassName(std::string_view text);
[[nodiscard]] bool isSystemClass(std::string_view text);
/// `objectId`, `createdAt`, `updatedAt`, `ACL`, `sessionToken`: no columns of a merchant.
[[nodiscard]] bool isReserved(std::string_view text);

/// The way to a value inside an object: `score`, `address.city`, `list.0.name`. A column's name, then names and indexes.
/// Empty when `text` is no such way: only letters, digits and underscores get through, so that a part can stand in a statement.
[[nodiscard]] std::vector<std::string> fieldPath(std::string_view text);
[[nodiscard]] bool isIndex(std::string_view part);
/// `$.address.city`, `$.list[0].name`
[[nodiscard]] std::string jsonPath(const std::vector<std::string>& path);

}  // namespace openapi::gateway::bmob
