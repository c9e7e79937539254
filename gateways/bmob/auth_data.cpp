#include <gateways/bmob/auth_data.hpp>

#include <gateways/bmob/names.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxId = 255;

Refused badAuthData() { return {208, "authData error."}; }

Account accountOf(const std::string& platform, const Json& account) {
  if (!isName(platform) || account.object() == nullptr) throw badAuthData();
  for (const auto* name : {"openid", "uid", "id"}) {
    auto id = textOf(*account.object(), name);
    if (!id.empty() && id.size() <= maxId) return {platform, std::move(id)};
  }
  throw badAuthData();
}

void link(Context& context, const std::string& user, const Account& account) {
  const auto owner = userOfAccount(context, account);
  if (owner && *owner != user) throw Refused{208, "authData already linked by other user."};
  context.database().execute("DELETE FROM bmob_auth_data WHERE platform = ? AND user = ?", {account.platform, user});
  context.database().execute("INSERT INTO bmob_auth_data(platform, account, user) VALUES(?, ?, ?)",
                             {account.platform, account.id, user});
}

}  // namespace

Account accountIn(const Json& authData) {
  const auto* platforms = authData.object();
  if (platforms == nullptr || platforms->size() != 1) throw badAuthData();
  return accountOf(platforms->begin()->name, platforms->begin()->value);
}

std::optional<std::string> userOfAccount(Context& context, const Account& account) {
  const auto row = context.database().first("SELECT user FROM bmob_auth_data WHERE platform = ? AND account = ?",
                                            {account.platform, account.id});
  if (!row) return std::nullopt;
  return row->text("user");
}

void setAuthData(Context& context, StoredRow& user, const Json& authData) {
  if (authData.object() == nullptr) throw badAuthData();
  const auto* present = user.data.find("authData");
  auto linked = present == nullptr || present->object() == nullptr ? Fields{} : *present->object();
  for (const auto& [platform, account] : *authData.object()) {
    if (account.isNull()) {
      linked.erase(platform);
      context.database().execute("DELETE FROM bmob_auth_data WHERE platform = ? AND user = ?", {platform, user.id});
    } else {
      link(context, user.id, accountOf(platform, account));
      linked.set(platform, account);
    }
  }
  auto data = user.data;
  data.set("authData", linked);
  updateRow(context, *context.catalog.find("_User"), user, {data, {}, {}});
}

void removeAccounts(Context& context, const std::string& user) {
  context.database().execute("DELETE FROM bmob_auth_data WHERE user = ?", {user});
}

}  // namespace openapi::gateway::bmob
