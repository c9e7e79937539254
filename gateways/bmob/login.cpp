#include <gateways/bmob/login.hpp>

#include <gateways/bmob/codes.hpp>
#include <gateways/bmob/passwords.hpp>
#include <gateways/bmob/users.hpp>

namespace openapi::gateway::bmob {
namespace {

/// The members of a POST, or the parameters of a GET as members.
Fields loginData(const Call& call) {
  if (call.body.object() != nullptr) return *call.body.object();
  Fields data;
  for (const auto* name : {"username", "password", "mobilePhoneNumber", "smsCode"}) {
    const auto value = call.parameter(name);
    if (!value.empty()) data.append(name, value);
  }
  return data;
}

/// The user with this name, e-mail or phone and this password. One user's name can be another's address.
std::optional<StoredRow> userNamed(Context& context, const std::string& name, const std::string& password) {
  for (const auto* column : {"username", "email", "mobilePhoneNumber"}) {
    if (auto user = userWith(context, column, name); user && isPassword(context, user->id, password)) return user;
  }
  return std::nullopt;
}

/// The user to whom a code went: a code proves an address, and nothing about a name that looks like one.
std::optional<StoredRow> userAt(Context& context, const std::string& address) {
  if (auto user = userWith(context, "email", address)) return user;
  return userWith(context, "mobilePhoneNumber", address);
}

Refused wrongLogin() { return {101, "username or password incorrect."}; }

}  // namespace

Reply login(Context& context, const Call& call) {
  const auto data = loginData(call);
  const auto name = textOf(data, "username");
  const auto password = textOf(data, "password");
  const auto code = textOf(data, "smsCode");
  if (name.empty() && !code.empty() && data.find("mobilePhoneNumber") != nullptr) return answer(phoneLogin(context, data));
  if (name.empty() || (password.empty() && code.empty())) throw Refused{109, "login data required."};
  if (password.empty()) takeCode(context, name, code);
  const auto user = password.empty() ? userAt(context, name) : userNamed(context, name, password);
  if (!user) throw wrongLogin();
  return answer(loggedIn(context, *user));
}

}  // namespace openapi::gateway::bmob
