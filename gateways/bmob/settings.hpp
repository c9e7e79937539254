#pragma once

#include <openapi/json.hpp>

#include <gateways/database.hpp>
#include <gateways/faults.hpp>

#include <string_view>

namespace openapi::gateway::bmob {

/// The app's switches in the console, kept in the state. `POST /settings` of the control server changes them.
class Settings {
 public:
  explicit Settings(Database& database) : database_{database} {}

  /// `emailVerify`, `createTables`, `regex` and `captcha` (SMS templates want one) are on or off; unknown names are off.
  [[nodiscard]] bool isOn(std::string_view name) const;
  [[nodiscard]] static FieldNames names();
  /// Sets the members of `input` and gives all of them. Throws `ControlError` 400.
  Json change(const Json& input);

 private:
  Database& database_;
};

}  // namespace openapi::gateway::bmob
