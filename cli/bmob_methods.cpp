#include <cli/method_table.hpp>

namespace openapi::cli {
namespace {

template <auto group>
const auto& in(Client& client) {
  return (*client.bmob).*group;
}

std::vector<Method> userMethods() {
  using namespace bmob;
  return {
      method<in<&Bmob::user>, LoginRequest, LoginResult, &User::login>("user.login"),
      method<in<&Bmob::user>, RegisterRequest, RegisterResult, &User::registerUser>("user.register"),
      method<in<&Bmob::user>, SignOrLoginByMobilePhoneRequest, SignOrLoginByMobilePhoneResult, &User::signOrLoginByMobilePhone>(
          "user.signOrLoginByMobilePhone"),
      method<in<&Bmob::user>, GetUserRequest, GetUserResult, &User::get>("user.get"),
      method<in<&Bmob::user>, ListUsersRequest, ListUsersResult, &User::list>("user.list"),
      method<in<&Bmob::user>, UpdateUserRequest, UpdateUserResult, &User::update>("user.update"),
      method<in<&Bmob::user>, DestroyUserRequest, Done, &User::destroy>("user.destroy"),
      method<in<&Bmob::user>, RequestEmailVerifyRequest, Done, &User::requestEmailVerify>("user.requestEmailVerify"),
      method<in<&Bmob::user>, RequestPasswordResetRequest, Done, &User::requestPasswordReset>("user.requestPasswordReset"),
      method<in<&Bmob::user>, ResetPasswordBySmsCodeRequest, Done, &User::resetPasswordBySmsCode>("user.resetPasswordBySmsCode"),
      method<in<&Bmob::user>, UpdateUserPasswordRequest, Done, &User::updateUserPassword>("user.updateUserPassword"),
      method<in<&Bmob::user>, CheckSessionRequest, CheckSessionResult, &User::checkSession>("user.checkSession"),
      method<in<&Bmob::user>, AuthRequest, AuthResult, &User::auth>("user.auth"),
      method<in<&Bmob::user>, UpInfoRequest, UpdateUserResult, &User::upInfo>("user.upInfo"),
  };
}

std::vector<Method> queryMethods() {
  using namespace bmob;
  return {
      method<in<&Bmob::rows>, FindRequest, FindResult, &Rows::find>("query.find"),
      method<in<&Bmob::rows>, GetRequest, GetResult, &Rows::get>("query.get"),
      method<in<&Bmob::rows>, SaveRequest, SaveResult, &Rows::save>("query.save"),
      method<in<&Bmob::rows>, UpdateRequest, UpdateResult, &Rows::update>("query.update"),
      method<in<&Bmob::rows>, UnsetRequest, UnsetResult, &Rows::unset>("query.unset"),
      method<in<&Bmob::rows>, DestroyRequest, DestroyResult, &Rows::destroy>("query.destroy"),
      method<in<&Bmob::rows>, CountRequest, CountResult, &Rows::count>("query.count"),
      method<in<&Bmob::rows>, StatisticsRequest, StatisticsResult, &Rows::statistics>("query.statistics"),
      method<in<&Bmob::rows>, BatchRequest, BatchResult, &Rows::batch>("query.batch"),
  };
}

std::vector<Method> serviceMethods() {
  using namespace bmob;
  return {
      method<in<&Bmob::file>, UploadRequest, UploadResult, &Files::upload>("file.upload"),
      method<in<&Bmob::file>, DestroyFileRequest, Done, &Files::destroy>("file.destroy"),
      method<in<&Bmob::file>, DestroyFilesRequest, DestroyFilesResult, &Files::destroyAll>("file.destroyAll"),
      method<in<&Bmob::push>, PushRequest, PushResult, &Push::send>("push.send"),
      method<in<&Bmob::weapp>, GenerateCodeRequest, GenerateCodeResult, &Weapp::generateCode>("weapp.generateCode"),
      method<in<&Bmob::weapp>, GetAccessTokenRequest, GetAccessTokenResult, &Weapp::getAccessToken>("weapp.getAccessToken"),
      method<in<&Bmob::weapp>, SendWeAppMessageRequest, SendWeAppMessageResult, &Weapp::sendWeAppMessage>(
          "weapp.sendWeAppMessage"),
      method<in<&Bmob::weapp>, NotifyMsgRequest, Done, &Weapp::notifyMsg>("weapp.notifyMsg"),
      method<in<&Bmob::sms>, RequestSmsCodeRequest, RequestSmsCodeResult, &Sms::requestSmsCode>("sms.requestSmsCode"),
      method<in<&Bmob::sms>, VerifySmsCodeRequest, Done, &Sms::verifySmsCode>("sms.verifySmsCode"),
      method<in<&Bmob::sms>, RequestSmsRequest, RequestSmsResult, &Sms::requestSms>("sms.requestSms"),
      method<in<&Bmob::sms>, QuerySmsRequest, QuerySmsResult, &Sms::querySms>("sms.querySms"),
      method<in<&Bmob::sms>, RequestCaptchaRequest, RequestCaptchaResult, &Sms::requestCaptcha>("sms.requestCaptcha"),
      method<in<&Bmob::sms>, CaptchaImageRequest, CaptchaImageResult, &Sms::captchaImage>("sms.captchaImage"),
      method<in<&Bmob::sms>, VerifyCaptchaRequest, VerifyCaptchaResult, &Sms::verifyCaptcha>("sms.verifyCaptcha"),
      method<in<&Bmob::functions>, RunFunctionRequest, RunFunctionResult, &Functions::run>("functions.run"),
      method<in<&Bmob::payment>, bmob::RefundRequest, bmob::RefundResult, &bmob::Payment::refund>("payment.refund"),
      method<in<&Bmob::server>, TimestampRequest, TimestampResult, &Server::timestamp>("server.timestamp"),
  };
}

std::vector<Method> bmobMethods() {
  auto methods = userMethods();
  for (const auto& more : {queryMethods(), serviceMethods()}) methods.insert(methods.end(), more.begin(), more.end());
  return methods;
}

std::shared_ptr<Client> openBmob(boost::asio::any_io_executor executor, const std::string& path, const OpenOptions& options) {
  return openWith<BmobConfig>(path, options, [&](Client& client, ConfigFile& file, const auto& settings) {
    client.bmob.emplace(executor, settings(file), file.http);
  });
}

}  // namespace

ProviderEntry bmobProvider() { return {"bmob", bmobMethods(), configShape<BmobConfig>, openBmob}; }

}  // namespace openapi::cli
