#include <bmob/rows.hpp>
#include <bmob/services.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation loginByGet{"user.login", Verb::get, true};
constexpr Operation loginByPost{"user.login", Verb::post};
constexpr Operation registerOperation{"user.register", Verb::post};
constexpr Operation phoneOperation{"user.signOrLoginByMobilePhone", Verb::post};
constexpr Operation getOperation{"user.get", Verb::get, true};
constexpr Operation listOperation{"user.list", Verb::get, true};
constexpr Operation updateOperation{"user.update", Verb::put};
constexpr Operation destroyOperation{"user.destroy", Verb::remove};
constexpr Operation emailVerifyOperation{"user.requestEmailVerify", Verb::post};
constexpr Operation passwordResetOperation{"user.requestPasswordReset", Verb::post};
constexpr Operation resetBySmsOperation{"user.resetPasswordBySmsCode", Verb::put};
constexpr Operation passwordOperation{"user.updateUserPassword", Verb::put};
constexpr Operation checkSessionOperation{"user.checkSession", Verb::get, true};
constexpr Operation authOperation{"user.auth", Verb::post};
constexpr Operation upInfoOperation{"user.upInfo", Verb::put};

constexpr std::size_t maxText = 1024;
constexpr std::size_t maxPassword = 256;

std::string userPath(const std::string& objectId) {
  names::objectId("objectId", objectId);
  return pathOf({"1", "users", objectId});
}

void checkLogin(const LoginRequest& request) {
  check::text("username", request.username, maxText);
  check::text("password", request.password, maxPassword);
}

Call loginQuery(const LoginRequest& request) {
  checkLogin(request);
  Call call;
  call.path = pathOf({"1", "login"});
  call.query = {{"username", request.username}, {"password", request.password}};
  call.secrets = {request.password};
  return call;
}

Call loginBody(const LoginRequest& request) {
  checkLogin(request);
  auto call = jsonCall(pathOf({"1", "login"}), bodyOf(request));
  call.secrets = {request.password};
  return call;
}

Call registerCall(const RegisterRequest& request) {
  check::text("username", request.username, maxText);
  check::text("password", request.password, maxPassword);
  check::optionalText("email", request.email, maxText);
  check::optionalText("mobilePhoneNumber", request.mobilePhoneNumber, maxText);
  names::data("extra", request.extra);
  auto call = jsonCall(pathOf({"1", "users"}), bodyOf(request));
  call.secrets = {request.password};
  return call;
}

Call phoneCall(const SignOrLoginByMobilePhoneRequest& request) {
  names::phoneNumber(request.mobilePhoneNumber);
  names::word("smsCode", request.smsCode, 16);
  names::data("extra", request.extra);
  auto call = jsonCall(pathOf({"1", "usersv1"}), bodyOf(request));
  call.secrets = {request.smsCode};
  return call;
}

Call getCall(const GetUserRequest& request) {
  Call call;
  call.path = userPath(request.objectId);
  return call;
}

Call listCall(const ListUsersRequest& request) {
  names::range("limit", request.limit, request.count.value_or(false) ? 0 : 1, INT64_MAX);
  FindRequest find;
  find.where = request.where;
  find.skip = request.skip;
  find.order = request.order;
  find.include = request.include;
  find.keys = request.keys;
  find.count = request.count;
  Call call;
  call.path = pathOf({"1", "users"});
  std::optional<std::int64_t> limit;
  if (request.limit) limit = (std::min)(*request.limit, maxLimit);
  call.query = findQuery(find, limit);
  return call;
}

Call updateCall(const UpdateUserRequest& request) {
  names::data("data", request.data);
  if (request.data.empty()) check::invalid("data", "required: nothing is to be changed");
  auto call = jsonCall(userPath(request.objectId), request.data);
  const auto* password = request.data.find("password");
  if (password != nullptr && password->string() != nullptr) call.secrets = {*password->string()};
  return call;
}

Call destroyCall(const DestroyUserRequest& request) {
  Call call;
  call.path = userPath(request.objectId);
  return call;
}

Call emailVerifyCall(const RequestEmailVerifyRequest& request) {
  check::text("email", request.email, maxText);
  return jsonCall(pathOf({"1", "requestEmailVerify"}), bodyOf(request));
}

Call passwordResetCall(const RequestPasswordResetRequest& request) {
  check::text("email", request.email, maxText);
  return jsonCall(pathOf({"1", "requestPasswordReset"}), bodyOf(request));
}

Call resetBySmsCall(const ResetPasswordBySmsCodeRequest& request) {
  names::word("smsCode", request.smsCode, 16);
  check::text("password", request.password, maxPassword);
  auto call = jsonCall(pathOf({"1", "resetPasswordBySmsCode", request.smsCode}), Fields{{"password", request.password}});
  call.secrets = {request.password, request.smsCode};
  return call;
}

Call passwordCall(const UpdateUserPasswordRequest& request) {
  names::objectId("objectId", request.objectId);
  check::text("oldPassword", request.oldPassword, maxPassword);
  check::text("newPassword", request.newPassword, maxPassword);
  auto call = jsonCall(pathOf({"1", "updateUserPassword", request.objectId}),
                       Fields{{"oldPassword", request.oldPassword}, {"newPassword", request.newPassword}});
  call.secrets = {request.oldPassword, request.newPassword};
  return call;
}

Call checkSessionCall(const CheckSessionRequest& request) {
  names::objectId("objectId", request.objectId);
  if (!request.sessionToken) check::invalid("sessionToken", "required");
  Call call;
  call.path = pathOf({"1", "checkSession", request.objectId});
  return call;
}

Call codeCall(const AuthRequest& request) {
  names::word("code", request.code, 256);
  check::optionalText("anonymousCode", request.anonymousCode, 256);
  auto call =
      jsonCall(pathOf({"1", "wechatAppv1", request.code}), Fields{{"anonymous_code", request.anonymousCode.value_or("")}});
  call.secrets = {request.code, request.anonymousCode.value_or("")};
  return call;
}

/// What WeChat said about the code, as proof of who the user is.
Call linkCall(const Json& weapp) {
  if (weapp.object() == nullptr) throw Error{Errc::badResponse, "expected an object, got " + std::string{weapp.kind()}};
  auto call = jsonCall(pathOf({"1", "usersv1"}), Fields{{"authData", Fields{{"weapp", weapp}}}});
  for (const auto* name : {"sk", "session_key"}) {
    const auto* key = weapp.find(name);
    if (key != nullptr && key->string() != nullptr) call.secrets.push_back(*key->string());
  }
  return call;
}

Call upInfoCall(const UpInfoRequest& request) {
  check::text("nickName", request.nickName, maxText);
  check::text("avatarUrl", request.avatarUrl, 2048);
  check::optionalText("openid", request.openid, maxText);
  Fields data{{"nickName", request.nickName}, {"userPic", request.avatarUrl}};
  if (request.openid) data.append("openid", *request.openid);
  return jsonCall(userPath(request.objectId), data);
}

UserRow userIn(const Json& json) {
  auto user = resultOf<UserRow>(json);
  requirePresent("objectId", user.objectId);
  return user;
}

UserRow loggedInIn(const Json& json) {
  auto user = userIn(json);
  requirePresent("sessionToken", user.sessionToken.value_or(""));
  return user;
}

RegisterResult registeredIn(const Json& json) {
  auto result = resultOf<RegisterResult>(json);
  requirePresent("objectId", result.objectId);
  requirePresent("sessionToken", result.sessionToken);
  return result;
}

ListUsersResult usersIn(const Json& json) {
  if (json.find("results") == nullptr) failMissing("results");
  return resultOf<ListUsersResult>(json);
}

UpdateUserResult updatedUserIn(const Json& json) { return resultOf<UpdateUserResult>(json); }

CheckSessionResult sessionIn(const Json& json) {
  auto result = resultOf<CheckSessionResult>(json);
  requirePresent("msg", result.msg);
  return result;
}

Awaitable<AuthResult> authSteps(SharedServices services, AuthRequest request) {
  const auto codes = callFor(*services, authOperation, request, codeCall);
  const auto weapp = co_await exchange(services, &authOperation, codes);
  const auto link = readAnswer(*services, authOperation, [&] { return std::make_shared<const Call>(linkCall(weapp)); });
  const auto json = co_await exchange(services, &authOperation, link);
  auto user = readAnswer(*services, authOperation, [&] { return loggedInIn(json); });
  co_return user;
}

}  // namespace

Awaitable<LoginResult> User::login(const LoginRequest& request) const {
  if (services_->settings.loginByPost) return perform(services_, &loginByPost, request, loginBody, loggedInIn);
  return perform(services_, &loginByGet, request, loginQuery, loggedInIn);
}

Awaitable<LoginResult> User::login(const std::string& username, const std::string& password) const {
  const LoginRequest request{username, password};
  return login(request);
}

Awaitable<RegisterResult> User::registerUser(const RegisterRequest& request) const {
  return perform(services_, &registerOperation, request, registerCall, registeredIn);
}

Awaitable<SignOrLoginByMobilePhoneResult> User::signOrLoginByMobilePhone(const SignOrLoginByMobilePhoneRequest& request) const {
  return perform(services_, &phoneOperation, request, phoneCall, loggedInIn);
}

Awaitable<GetUserResult> User::get(const GetUserRequest& request) const {
  return perform(services_, &getOperation, request, getCall, userIn);
}

Awaitable<ListUsersResult> User::list(const ListUsersRequest& request) const {
  return perform(services_, &listOperation, request, listCall, usersIn);
}

Awaitable<UpdateUserResult> User::update(const UpdateUserRequest& request) const {
  return perform(services_, &updateOperation, request, updateCall, updatedUserIn);
}

Awaitable<Done> User::destroy(const DestroyUserRequest& request) const {
  return perform(services_, &destroyOperation, request, destroyCall, doneOf);
}

Awaitable<Done> User::requestEmailVerify(const RequestEmailVerifyRequest& request) const {
  return perform(services_, &emailVerifyOperation, request, emailVerifyCall, doneOf);
}

Awaitable<Done> User::requestPasswordReset(const RequestPasswordResetRequest& request) const {
  return perform(services_, &passwordResetOperation, request, passwordResetCall, doneOf);
}

Awaitable<Done> User::resetPasswordBySmsCode(const ResetPasswordBySmsCodeRequest& request) const {
  return perform(services_, &resetBySmsOperation, request, resetBySmsCall, doneOf);
}

Awaitable<Done> User::updateUserPassword(const UpdateUserPasswordRequest& request) const {
  return perform(services_, &passwordOperation, request, passwordCall, doneOf);
}

Awaitable<CheckSessionResult> User::checkSession(const CheckSessionRequest& request) const {
  auto known = request;
  if (!known.sessionToken) known.sessionToken = services_->settings.sessionToken;
  return perform(services_, &checkSessionOperation, std::move(known), checkSessionCall, sessionIn);
}

Awaitable<AuthResult> User::auth(const AuthRequest& request) const {
  return http::operation("bmob", authOperation.method, authSteps(services_, request));
}

Awaitable<UpdateUserResult> User::upInfo(const UpInfoRequest& request) const {
  return perform(services_, &upInfoOperation, request, upInfoCall, updatedUserIn);
}

}  // namespace openapi::bmob
