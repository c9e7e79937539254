#include <check.hpp>
#include <weixin/services/services.hpp>

namespace openapi::weixin {

namespace {

constexpr ServiceOperation sendOperation{"subscribeMessage.send", Verb::post, "/cgi-bin/message/subscribe/send"};

void checkData(const Json& data) {
  if (data.object() == nullptr || data.object()->empty())
    check::invalid("data", "must be an object such as {\"thing1\":{\"value\":\"…\"}}");
  for (const auto& [name, item] : *data.object()) {
    const Json* value = item.find("value");
    if (value == nullptr || value->string() == nullptr) check::invalid("data." + name, "must be {\"value\":\"…\"} with a text");
  }
  check::extra(*data.object());
}

ServiceCall sendCall(const ServiceOperation& operation, const SendSubscribeMessageRequest& request) {
  check::text("touser", request.touser, 128);
  check::text("templateId", request.templateId, 128);
  check::optionalText("page", request.page, 1024);
  checkData(request.data);
  if (request.miniprogramState) check::oneOf("miniprogramState", *request.miniprogramState, "developer trial formal");
  if (request.lang) check::oneOf("lang", *request.lang, "zh_CN en_US zh_HK zh_TW");
  return callOf(operation, request);
}

}  // namespace

Awaitable<SendSubscribeMessageResult> SubscribeMessage::send(const SendSubscribeMessageRequest& request) const {
  return perform(services_, &sendOperation, request, sendCall, resultOf<SendSubscribeMessageResult>);
}

}  // namespace openapi::weixin
