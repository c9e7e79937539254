#include <gateways/bmob/routes.hpp>

#include <gateways/bmob/batch.hpp>
#include <gateways/bmob/captchas.hpp>
#include <gateways/bmob/files.hpp>
#include <gateways/bmob/find.hpp>
#include <gateways/bmob/functions.hpp>
#include <gateways/bmob/login.hpp>
#include <gateways/bmob/mails.hpp>
#include <gateways/bmob/objects.hpp>
#include <gateways/bmob/orders.hpp>
#include <gateways/bmob/passwords.hpp>
#include <gateways/bmob/pushes.hpp>
#include <gateways/bmob/schemas.hpp>
#include <gateways/bmob/server_time.hpp>
#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/sms.hpp>
#include <gateways/bmob/system_classes.hpp>
#include <gateways/bmob/users.hpp>
#include <gateways/bmob/weapp_code.hpp>
#include <gateways/bmob/weapp_login.hpp>
#include <gateways/bmob/weapp_messages.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr Route all[] = {
    {"GET", "/1/timestamp", Access::keys, Content::json, serverTime},
    {"POST", "/1/users", Access::keys, Content::json, createUser},
    {"POST", "/1/usersv1", Access::keys, Content::json, createUser},
    {"GET", "/1/users", Access::keys, Content::json, findUsers},
    {"GET", "/1/users/:", Access::keys, Content::json, getUser},
    {"PUT", "/1/users/:", Access::keys, Content::json, changeUser},
    {"DELETE", "/1/users/:", Access::keys, Content::json, removeUser},
    {"GET", "/1/login", Access::keys, Content::json, login},
    {"POST", "/1/login", Access::keys, Content::json, login},
    {"GET", "/1/checkSession/:", Access::keys, Content::json, checkSession},
    {"POST", "/1/requestSmsCode", Access::keys, Content::json, requestSmsCode},
    {"POST", "/1/verifySmsCode", Access::keys, Content::json, verifySmsCode},
    {"POST", "/1/verifySmsCode/:", Access::keys, Content::json, verifySmsCode},
    {"POST", "/1/requestSms", Access::keys, Content::json, requestSms},
    {"GET", "/1/querySms/:", Access::keys, Content::json, querySms},
    {"POST", "/1/requestCaptcha", Access::keys, Content::json, requestCaptcha},
    {"GET", "/1/captchaImage", Access::open, Content::json, captchaImage},
    {"POST", "/1/verifyCaptcha", Access::keys, Content::json, verifyCaptcha},
    {"POST", "/1/requestEmailVerify", Access::keys, Content::json, requestEmailVerify},
    {"POST", "/1/requestEmailCode", Access::keys, Content::json, requestEmailCode},
    {"POST", "/1/requestPasswordReset", Access::keys, Content::json, requestPasswordReset},
    {"PUT", "/1/resetPasswordBySmsCode/:", Access::keys, Content::json, resetPasswordByCode},
    {"PUT", "/1/updateUserPassword/:", Access::keys, Content::json, changePassword},
    {"POST", "/1/updateUserPassword/:", Access::keys, Content::json, changePassword},
    {"PUT", "/1/updatePassword", Access::keys, Content::json, changePassword},
    {"POST", "/1/updatePassword", Access::keys, Content::json, changePassword},
    {"POST", "/1/classes/:", Access::keys, Content::json, createRow},
    {"GET", "/1/classes/:", Access::keys, Content::json, findRows},
    {"GET", "/1/classes/:/:", Access::keys, Content::json, getRow},
    {"PUT", "/1/classes/:/:", Access::keys, Content::json, changeRow},
    {"DELETE", "/1/classes/:/:", Access::keys, Content::json, deleteRow},
    {"POST", "/1/batch", Access::keys, Content::json, batch},
    {"POST", "/1/roles", Access::keys, Content::json, postRole},
    {"GET", "/1/roles", Access::keys, Content::json, findRoles},
    {"GET", "/1/roles/:", Access::keys, Content::json, getRole},
    {"PUT", "/1/roles/:", Access::keys, Content::json, putRole},
    {"DELETE", "/1/roles/:", Access::keys, Content::json, removeRole},
    {"POST", "/1/installations", Access::keys, Content::json, postInstallation},
    {"GET", "/1/installations", Access::keys, Content::json, findInstallations},
    {"GET", "/1/installations/:", Access::keys, Content::json, getInstallation},
    {"PUT", "/1/installations/:", Access::keys, Content::json, putInstallation},
    {"DELETE", "/1/installations/:", Access::keys, Content::json, removeInstallation},
    {"GET", "/1/schemas", Access::keys, Content::json, listSchemas},
    {"GET", "/1/schemas/:", Access::keys, Content::json, getSchema},
    {"POST", "/1/schemas/:", Access::keys, Content::json, createSchema},
    {"PUT", "/1/schemas/:", Access::keys, Content::json, changeSchema},
    {"DELETE", "/1/schemas/:", Access::keys, Content::json, deleteSchema},
    {"POST", "/1/functions/:", Access::keys, Content::json, runFunction},
    {"POST", "/1/push", Access::keys, Content::json, push},
    {"POST", "/2/files/:", Access::keys, Content::bytes, uploadFile},
    {"DELETE", "/2/files/:", Access::keys, Content::bytes, deleteNoFile},
    {"DELETE", "/2/files/:/*", Access::keys, Content::bytes, deleteFile},
    {"POST", "/2/cdnBatchDelete", Access::keys, Content::json, deleteFiles},
    {"POST", "/1/wechatApp/checkImg/:", Access::keys, Content::bytes, checkImage},
    {"POST", "/1/wechatApp/checkSessionKey", Access::keys, Content::json, checkSessionKey},
    {"POST", "/1/wechatApp/qr/generatecode", Access::keys, Content::json, generateCode},
    {"GET", "/1/wechatApp/getAccessToken", Access::keys, Content::json, weappToken},
    {"POST", "/1/wechatApp/SendWeAppMessage", Access::keys, Content::json, sendTemplateMessage},
    {"POST", "/1/wechatApp/notifyMsg", Access::keys, Content::json, notifyOwner},
    {"POST", "/1/wechatApp/checkMsg", Access::keys, Content::json, checkText},
    {"POST", "/1/wechatApp/asyncCheckWechatMedia", Access::keys, Content::json, checkMedia},
    {"POST", "/1/wechatApp/getPhoneNumber", Access::keys, Content::json, phoneNumber},
    {"POST", "/1/wechatApp/decryption", Access::keys, Content::json, decryptUserData},
    {"POST", "/1/wechatApp/decryptionv1", Access::keys, Content::json, decryptUserData},
    {"POST", "/1/wechatApp/:", Access::keys, Content::json, exchangeCode},
    {"POST", "/1/wechatAppv1/:", Access::keys, Content::json, exchangeCodeV1},
    {"GET", "/1/wechatAppv1/:", Access::keys, Content::json, loginByCode},
    {"POST", "/1/pay", Access::keys, Content::json, createOrder},
    {"GET", "/1/pay/:", Access::keys, Content::json, getOrder},
    {"POST", "/1/pay/refund", Access::keys, Content::json, refundOrder},
    // Whatever no other route wants: the year, month, day and name of a file, and a function behind the secret key.
    {"GET", "/:/:/:/:", Access::open, Content::bytes, downloadFile},
    {"GET", "/:/:", Access::open, Content::bytes, runFunctionDirectly},
    {"POST", "/:/:", Access::open, Content::bytes, runFunctionDirectly},
};

bool matches(std::string_view pattern, const std::vector<std::string>& path, std::vector<std::string>& captured) {
  captured.clear();
  std::size_t part = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const auto name = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(name.size());
    if (part == path.size()) return false;
    if (name == "*") {
      std::string rest = path[part];
      for (auto i = part + 1; i < path.size(); ++i) rest += '/' + path[i];
      captured.push_back(std::move(rest));
      return true;
    }
    if (name == ":") {
      captured.push_back(path[part]);
    } else if (name != path[part]) {
      return false;
    }
    ++part;
  }
  return part == path.size();
}

}  // namespace

std::span<const Route> routes() { return all; }

const Route* routeOf(std::string_view method, const std::vector<std::string>& path, std::vector<std::string>& captured) {
  const auto list = routes();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Route& route) {
    return route.method == method && matches(route.pattern, path, captured);
  });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace openapi::gateway::bmob
