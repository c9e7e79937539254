#pragma once

#include <gateways/database.hpp>
#include <gateways/faults.hpp>

#include <openapi/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::weixin_api {

/// The platform's switches, kept in the database. Their names, kinds and defaults stand in settings.cpp.
class Settings {
 public:
  explicit Settings(Database& database);

  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  /// Whether the list `name` holds `item`.
  [[nodiscard]] bool lists(std::string_view name, std::string_view item) const;

  [[nodiscard]] static FieldNames names();
  /// Sets what `input` names; `null` restores a default. Gives all of them. Throws `ControlError` for a wrong kind or a value
  /// that is not one of the choices.
  Json change(const Json& input);

 private:
  Database& database_;
  Fields values_;
};

}  // namespace openapi::gateway::weixin_api
