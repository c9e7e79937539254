#include <samples/bmob-admin/input.hpp>
#include <samples/bmob-admin/users.hpp>

#include <marshal/json_struct.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;
namespace bmob = openapi::bmob;
using openapi::Field;
using openapi::Fields;
using openapi::Json;

namespace bmob_admin {
namespace {

/// An object with its members in the order of their names, as Bmob writes them.
Json sorted(const Fields& fields) {
  std::vector<Field> items{fields.begin(), fields.end()};
  std::sort(items.begin(), items.end(), [](const Field& a, const Field& b) { return a.name < b.name; });
  Fields out;
  out.reserve(items.size());
  for (auto& [name, value] : items) out.append(std::move(name), std::move(value));
  return out;
}

Answer jsonAnswer(const Fields& fields) {
  return {.contentType = "application/json; charset=utf-8", .body = sorted(fields).json()};
}

template <class Result>
Fields fieldsOf(const Result& result) {
  return openapi::marshal::toFields<openapi::marshal::CamelStyle>(result);
}

/// `authData` without the keys of WeChat sessions, with which a holder can forge and read a user's data. What is no object goes.
Fields withoutSessionKeys(const Fields& authData) {
  Fields kept;
  for (const auto& [platform, data] : authData) {
    if (data.object() == nullptr) continue;
    auto fields = *data.object();
    fields.erase("session_key");
    fields.erase("sk");
    kept.append(platform, Json{std::move(fields)});
  }
  return kept;
}

/// A user as everybody may see it.
Fields shown(const bmob::UserRow& user, const Rules& rules) {
  auto fields = fieldsOf(user);
  fields.erase("password");
  const auto* authData = fields.find("authData");
  if (authData == nullptr || rules.keepSessionKeys) return fields;
  if (authData->object() == nullptr) {
    fields.erase("authData");
  } else {
    fields.set("authData", Json{withoutSessionKeys(*authData->object())});
  }
  return fields;
}

Fields withoutToken(Fields fields) {
  fields.erase("sessionToken");
  return fields;
}

std::string idOf(const Call& call) {
  const auto& id = call.target.path.back();
  if (!isObjectId(id)) throw Refusal{errorAnswer(400, "objectId: expected 1 to 64 letters, digits, _ and -")};
  return id;
}

/// A session that is not there: Bmob's own words.
void requireToken(const std::string& sessionToken) {
  if (sessionToken.empty()) throw Refusal{errorAnswer(200, 206, "User cannot be altered without sessionToken Error.")};
}

std::optional<std::string> takeText(Fields& body, std::string_view name) {
  auto text = textOf(body, name);
  body.erase(name);
  return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

bool isColumn(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

Fields columnsOf(const Request& request) {
  auto body = readBody(request);
  if (body.empty()) throw Refusal{errorAnswer(200, 107, "content is empty.")};
  for (const auto& [name, value] : body) {
    if (!isColumn(name)) throw Refusal{errorAnswer(200, 105, "invalid field name: " + name + ".")};
  }
  return body;
}

}  // namespace

asio::awaitable<Answer> Users::login(Call call) const {
  const auto body = readBody(call.request);
  const bmob::LoginRequest request{.username = textOf(body, "username"), .password = textOf(body, "password")};
  if (request.username.empty() || request.password.empty()) co_return errorAnswer(200, 109, "login data required.");
  auto user = co_await bmob_->user.login(request);
  co_return jsonAnswer(shown(user, rules_));
}

asio::awaitable<Answer> Users::signUp(Call call) const {
  auto body = columnsOf(call.request);
  bmob::RegisterRequest request{.username = takeText(body, "username").value_or(""),
                                .password = takeText(body, "password").value_or("")};
  request.email = takeText(body, "email");
  request.mobilePhoneNumber = takeText(body, "mobilePhoneNumber");
  request.extra = std::move(body);
  if (request.username.empty() || request.password.empty()) co_return errorAnswer(200, 108, "username and password required.");
  auto created = co_await bmob_->user.registerUser(request);
  co_return jsonAnswer(fieldsOf(created));
}

asio::awaitable<Answer> Users::list(Call call) const {
  const auto page = readPage(call.target.query);
  bmob::ListUsersRequest request{.sessionToken = sessionTokenOf(call.request.headers)};
  if (rules_.keepSessionKeys) request.useMasterKey = true;
  request.limit = page.limit;
  request.skip = page.skip;
  if (page.count) request.count = true;
  auto users = co_await bmob_->user.list(request);
  Json::Array results;
  results.reserve(users.results.size());
  for (const auto& user : users.results) results.push_back(sorted(withoutToken(shown(user, rules_))));
  Fields answer{{"results", std::move(results)}};
  if (users.count) answer.set("count", *users.count);
  co_return jsonAnswer(answer);
}

asio::awaitable<Answer> Users::get(Call call) const {
  bmob::GetUserRequest request{.sessionToken = sessionTokenOf(call.request.headers), .objectId = idOf(call)};
  auto user = co_await bmob_->user.get(request);
  co_return jsonAnswer(withoutToken(shown(user, rules_)));
}

/// Whether the token is a living session of one of the administrators; Bmob is asked each time.
asio::awaitable<bool> Users::isAdmin(std::string sessionToken) const {
  for (const auto& admin : rules_.admins) {
    bmob::CheckSessionRequest request{.sessionToken = sessionToken, .objectId = admin};
    auto session = co_await bmob_->user.checkSession(request);
    if (session.msg == "ok") co_return true;
  }
  co_return false;
}

/// `change` as the caller may make it: with the master key for administrators, else with the caller's own session.
template <class Change>
asio::awaitable<Change> Users::authorized(Change change, std::string sessionToken) const {
  const bool admin = co_await isAdmin(sessionToken);
  if (admin) {
    change.sessionToken = "";
    change.useMasterKey = true;
  } else {
    change.sessionToken = sessionToken;
  }
  co_return change;
}

asio::awaitable<Answer> Users::update(Call call) const {
  const auto token = sessionTokenOf(call.request.headers);
  bmob::UpdateUserRequest change{.objectId = idOf(call), .data = columnsOf(call.request)};
  requireToken(token);
  auto request = co_await authorized(std::move(change), token);
  auto updated = co_await bmob_->user.update(request);
  co_return jsonAnswer(fieldsOf(updated));
}

asio::awaitable<Answer> Users::remove(Call call) const {
  const auto token = sessionTokenOf(call.request.headers);
  bmob::DestroyUserRequest change{.objectId = idOf(call)};
  requireToken(token);
  auto request = co_await authorized(std::move(change), token);
  auto removed = co_await bmob_->user.destroy(request);
  co_return jsonAnswer(fieldsOf(removed));
}

}  // namespace bmob_admin
