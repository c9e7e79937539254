#pragma once

#include <openapi/bmob/service.hpp>

namespace openapi::bmob {

/// A user of the application.
struct UserRow {
  using KeepsNames = void;
  std::string objectId{};
  std::optional<std::string> username{};
  std::optional<std::string> sessionToken{};  ///< of a login or registration: who holds it is the user, for seven days
  std::optional<std::string> email{};
  std::optional<bool> emailVerified{};  ///< absent: verification is off, or there is no e-mail address
  std::optional<std::string> mobilePhoneNumber{};
  std::optional<bool> mobilePhoneVerified{};
  std::optional<std::string> createdAt{};
  std::optional<std::string> updatedAt{};
  Fields extra{};  ///< every other column, as it is spelt
};
BOOST_DESCRIBE_STRUCT(UserRow, (),
                      (objectId, username, sessionToken, email, emailVerified, mobilePhoneNumber, mobilePhoneVerified, createdAt,
                       updatedAt, extra))

struct LoginRequest {
  using KeepsNames = void;
  std::string username{};  ///< or the e-mail address, or the phone number
  std::string password{};
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (username, password))
using LoginResult = UserRow;

struct RegisterRequest {
  using KeepsNames = void;
  std::string username{};
  std::string password{};
  std::optional<std::string> email{};
  std::optional<std::string> mobilePhoneNumber{};
  Fields extra{};  ///< further columns of the user; `phone` of the documents is one of them
};
BOOST_DESCRIBE_STRUCT(RegisterRequest, (), (username, password, email, mobilePhoneNumber, extra))

struct RegisterResult {
  using KeepsNames = void;
  std::string objectId{};
  std::optional<std::string> createdAt{};
  std::string sessionToken{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RegisterResult, (), (objectId, createdAt, sessionToken, extra))

struct SignOrLoginByMobilePhoneRequest {
  using KeepsNames = void;
  std::string mobilePhoneNumber{};
  std::string smsCode{};  ///< from `sms.requestSmsCode`, valid once
  Fields extra{};         ///< columns of a new user
};
BOOST_DESCRIBE_STRUCT(SignOrLoginByMobilePhoneRequest, (), (mobilePhoneNumber, smsCode, extra))
using SignOrLoginByMobilePhoneResult = UserRow;

struct GetUserRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string objectId{};
};
BOOST_DESCRIBE_STRUCT(GetUserRequest, (), (sessionToken, useMasterKey, objectId))
using GetUserResult = UserRow;

struct ListUsersRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::optional<Json> where{};
  std::optional<std::int64_t> limit{};  ///< default: the platform's
  std::optional<std::int64_t> skip{};
  std::optional<std::string> order{};
  std::optional<std::string> include{};
  std::optional<std::string> keys{};
  std::optional<bool> count{};
};
BOOST_DESCRIBE_STRUCT(ListUsersRequest, (), (sessionToken, useMasterKey, where, limit, skip, order, include, keys, count))

struct ListUsersResult {
  using KeepsNames = void;
  std::vector<UserRow> results{};
  std::optional<std::int64_t> count{};  ///< when it was asked for
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ListUsersResult, (), (results, count, extra))

struct UpdateUserRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string objectId{};
  Fields data{};  ///< the columns to change: see `Changes`
};
BOOST_DESCRIBE_STRUCT(UpdateUserRequest, (), (sessionToken, useMasterKey, objectId, data))

struct UpdateUserResult {
  using KeepsNames = void;
  std::optional<std::string> updatedAt{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UpdateUserResult, (), (updatedAt, extra))

struct DestroyUserRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string objectId{};
};
BOOST_DESCRIBE_STRUCT(DestroyUserRequest, (), (sessionToken, useMasterKey, objectId))

struct RequestEmailVerifyRequest {
  using KeepsNames = void;
  std::string email{};
};
BOOST_DESCRIBE_STRUCT(RequestEmailVerifyRequest, (), (email))

struct RequestPasswordResetRequest {
  using KeepsNames = void;
  std::string email{};
};
BOOST_DESCRIBE_STRUCT(RequestPasswordResetRequest, (), (email))

struct ResetPasswordBySmsCodeRequest {
  using KeepsNames = void;
  std::string smsCode{};   ///< says whose password it is
  std::string password{};  ///< the new one
};
BOOST_DESCRIBE_STRUCT(ResetPasswordBySmsCodeRequest, (), (smsCode, password))

struct UpdateUserPasswordRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string objectId{};
  std::string oldPassword{};
  std::string newPassword{};
};
BOOST_DESCRIBE_STRUCT(UpdateUserPasswordRequest, (), (sessionToken, useMasterKey, objectId, oldPassword, newPassword))

struct CheckSessionRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};  ///< the one to look at; required unless the configuration has it
  std::string objectId{};
};
BOOST_DESCRIBE_STRUCT(CheckSessionRequest, (), (sessionToken, objectId))

struct CheckSessionResult {
  using KeepsNames = void;
  std::string msg{};  ///< `ok` or `fail`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CheckSessionResult, (), (msg, extra))

struct AuthRequest {
  using KeepsNames = void;
  std::string code{};  ///< of `wx.login`, valid once
  std::optional<std::string> anonymousCode{};
};
BOOST_DESCRIBE_STRUCT(AuthRequest, (), (code, anonymousCode))
using AuthResult = UserRow;

struct UpInfoRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string objectId{};
  std::string nickName{};
  std::string avatarUrl{};              ///< goes into the column `userPic`
  std::optional<std::string> openid{};  ///< the user's WeChat id in this mini program
};
BOOST_DESCRIBE_STRUCT(UpInfoRequest, (), (sessionToken, useMasterKey, objectId, nickName, avatarUrl, openid))

/// Users. The client keeps no session: `login` gives the token, and what needs one takes it.
class User {
 public:
  explicit User(SharedServices services) : services_{std::move(services)} {}

  /// Logs in with user name and password. `101`: one of them is wrong.
  Awaitable<LoginResult> login(const LoginRequest& request) const;
  Awaitable<LoginResult> login(const std::string& username, const std::string& password) const;
  /// Makes a user, who is logged in then. `202`, `203`, `209`: name, e-mail address or phone number is taken.
  Awaitable<RegisterResult> registerUser(const RegisterRequest& request) const;
  /// Logs in with a phone number and a code, and makes the user where there is none. A code works once, so the call is never
  /// repeated. `207`: the code is wrong.
  Awaitable<SignOrLoginByMobilePhoneResult> signOrLoginByMobilePhone(const SignOrLoginByMobilePhoneRequest& request) const;
  /// One user.
  Awaitable<GetUserResult> get(const GetUserRequest& request) const;
  /// Users; with nothing given, as many as the platform likes. Everything of a find is possible.
  Awaitable<ListUsersResult> list(const ListUsersRequest& request) const;
  /// Changes columns of a user. Needs the user's token or the master key.
  Awaitable<UpdateUserResult> update(const UpdateUserRequest& request) const;
  /// Removes a user. Needs the user's token or the master key.
  Awaitable<Done> destroy(const DestroyUserRequest& request) const;
  /// Sends the e-mail with the link that sets `emailVerified`; the link works for a week.
  Awaitable<Done> requestEmailVerify(const RequestEmailVerifyRequest& request) const;
  /// Sends the e-mail with the link to a page where the user sets another password.
  Awaitable<Done> requestPasswordReset(const RequestPasswordResetRequest& request) const;
  /// Sets a password with a code that came by SMS.
  Awaitable<Done> resetPasswordBySmsCode(const ResetPasswordBySmsCodeRequest& request) const;
  /// Sets a password by the old one. Needs the user's token. `210`: the old password is wrong.
  Awaitable<Done> updateUserPassword(const UpdateUserPasswordRequest& request) const;
  /// Whether a token is still the user's. That it is not is a result, not an error.
  Awaitable<CheckSessionResult> checkSession(const CheckSessionRequest& request) const;
  /// Logs the user of a mini program in, and makes one the first time. Two requests; the code works once, so neither is
  /// repeated.
  Awaitable<AuthResult> auth(const AuthRequest& request) const;
  /// Writes nickname and picture of a mini program's user.
  Awaitable<UpdateUserResult> upInfo(const UpInfoRequest& request) const;

  OPENAPI_NAMED_REQUEST(login, LoginRequest);
  OPENAPI_NAMED_REQUEST(registerUser, RegisterRequest);
  OPENAPI_NAMED_REQUEST(signOrLoginByMobilePhone, SignOrLoginByMobilePhoneRequest);
  OPENAPI_NAMED_REQUEST(get, GetUserRequest);
  OPENAPI_NAMED_REQUEST(list, ListUsersRequest);
  OPENAPI_NAMED_REQUEST(update, UpdateUserRequest);
  OPENAPI_NAMED_REQUEST(destroy, DestroyUserRequest);
  OPENAPI_NAMED_REQUEST(requestEmailVerify, RequestEmailVerifyRequest);
  OPENAPI_NAMED_REQUEST(requestPasswordReset, RequestPasswordResetRequest);
  OPENAPI_NAMED_REQUEST(resetPasswordBySmsCode, ResetPasswordBySmsCodeRequest);
  OPENAPI_NAMED_REQUEST(updateUserPassword, UpdateUserPasswordRequest);
  OPENAPI_NAMED_REQUEST(checkSession, CheckSessionRequest);
  OPENAPI_NAMED_REQUEST(auth, AuthRequest);
  OPENAPI_NAMED_REQUEST(upInfo, UpInfoRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
