#include <gateways/bmob/user_rules.hpp>

#include <gateways/bmob/codes.hpp>
#include <gateways/bmob/users.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxText = 255;

/// The member `name` when the body sets it to a text; `Delete` and null set nothing.
std::optional<std::string> setText(const Fields& body, const std::string& name) {
  const auto* value = body.find(name);
  if (value == nullptr || value->isNull() || value->find("__op") != nullptr) return std::nullopt;
  if (value->string() == nullptr) throw wrongType(name, "String", value->kind());
  return *value->string();
}

void requireFree(Context& context, const std::string& id, const std::string& column, const std::string& value,
                 std::int64_t code) {
  const auto owner = userWith(context, column, value);
  if (owner && owner->id != id) throw Refused{code, column + " '" + shown(value) + "' already taken."};
}

}  // namespace

bool isEmail(const std::string& text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string::npos || text.find('@', at + 1) != std::string::npos || text.size() > maxText) return false;
  const auto domain = text.substr(at + 1);
  return domain.find('.') != std::string::npos && !domain.starts_with('.') && !domain.ends_with('.') &&
         text.find_first_of(" \t\r\n<>\",") == std::string::npos;
}

std::optional<std::string> takePassword(Fields& body) {
  const auto* value = body.find("password");
  if (value == nullptr) return std::nullopt;
  if (value->string() == nullptr) throw wrongType("password", "String", value->kind());
  if (value->string()->empty()) throw Refused{201, "'password' missing."};
  auto password = *value->string();
  body.erase("password");
  return password;
}

void checkUser(Context& context, const std::string& id, Fields& body) {
  // As a whole these are taken out of the body before; inside them nobody writes.
  const auto isInside = [](const Field& item) {
    return item.name.starts_with("password.") || item.name.starts_with("authData.");
  };
  const auto* inside = std::find_if(body.begin(), body.end(), isInside);
  if (inside != body.end()) throw reservedField(inside->name);
  if (const auto* phone = body.find("mobilePhoneNumber"); phone != nullptr && phone->integer() != nullptr)
    body.set("mobilePhoneNumber", std::to_string(*phone->integer()));
  if (const auto* name = body.find("username"); name != nullptr && name->integer() != nullptr)
    body.set("username", std::to_string(*name->integer()));
  if (const auto name = setText(body, "username")) {
    if (name->empty() || name->size() > maxText) throw Refused{201, "'username' missing."};
    requireFree(context, id, "username", *name, 202);
  }
  if (const auto email = setText(body, "email")) {
    if (!isEmail(*email)) throw Refused{301, "email格式不正确"};
    requireFree(context, id, "email", *email, 203);
  }
  if (const auto phone = setText(body, "mobilePhoneNumber")) {
    requirePhone(*phone);
    requireFree(context, id, "mobilePhoneNumber", *phone, 209);
  }
}

void checkWritable(const Fields& body) {
  for (const auto* name : {"emailVerified", "mobilePhoneVerified"}) {
    if (body.find(name) != nullptr) throw Refused{138, std::string{name} + " is read only."};
  }
}

}  // namespace openapi::gateway::bmob
