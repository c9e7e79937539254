#pragma once

#include <openapi/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What names may look like. Each throws `Error` with `invalidArgument` that begins with the field: nothing that is not a name
// reaches a path or a signature.
namespace openapi::bmob::names {

/// A table: letters, digits, `_`; a letter first, or `_` and a letter for the platform's own.
void className(std::string_view field, std::string_view value);
/// A column, or a way into one: `score`, `obj.key`, `list.0.key`.
void column(std::string_view field, std::string_view value);
/// A column of a statistic's result: `_sumScore`.
void resultColumn(std::string_view field, std::string_view value);
/// Several, as `order`, `keys`, `include` and the statistics take them: letters, digits and `_ , - . [ ] |`.
void columns(std::string_view field, const std::optional<std::string>& value);
void objectId(std::string_view field, std::string_view value);
/// A code that came by SMS or from the mini program, a function's name: letters, digits, `_`, `-`.
void word(std::string_view field, std::string_view value, std::size_t maxLength);
/// A file's name, without folders.
void fileName(std::string_view field, std::string_view value);
void sessionToken(const std::optional<std::string>& value);
void phoneNumber(std::string_view value);
/// `YYYY-MM-DD HH:mm:ss`.
void time(std::string_view field, const std::optional<std::string>& value);
/// Every name at the top of `data` is a column.
void data(std::string_view field, const Fields& data);
/// An object.
void conditions(std::string_view field, const std::optional<Json>& value);
void range(std::string_view field, std::optional<std::int64_t> value, std::int64_t least, std::int64_t most);

}  // namespace openapi::bmob::names
