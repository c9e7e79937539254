#include <check.hpp>
#include <weixin/services/services.hpp>

namespace openapi::weixin {

namespace {

constexpr ServiceOperation getPhoneNumberOperation{"phonenumber.getPhoneNumber", Verb::post, "/wxa/business/getuserphonenumber"};

ServiceCall codeCall(const ServiceOperation& operation, const GetPhoneNumberRequest& request) {
  check::text("code", request.code, 256);
  check::optionalText("openid", request.openid, 128);
  return callOf(operation, request);
}

GetPhoneNumberResult phoneNumberIn(const ServiceAnswer& answer) {
  auto result = resultOf<GetPhoneNumberResult>(answer);
  requirePresent("phone_info.phoneNumber", result.phoneInfo.phoneNumber);
  return result;
}

}  // namespace

Awaitable<GetPhoneNumberResult> Phonenumber::getPhoneNumber(const GetPhoneNumberRequest& request) const {
  return perform(services_, &getPhoneNumberOperation, request, codeCall, phoneNumberIn);
}

}  // namespace openapi::weixin
