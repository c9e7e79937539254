#include <check.hpp>
#include <weixin/services/services.hpp>

namespace openapi::weixin {

namespace {

constexpr ServiceOperation msgSecCheckOperation{"security.msgSecCheck", Verb::post, "/wxa/msg_sec_check", Answer::json, true};
// Each one that arrives is looked at and pushed back.
constexpr ServiceOperation mediaCheckAsyncOperation{"security.mediaCheckAsync", Verb::post, "/wxa/media_check_async"};

template <class Request>
void checkCommon(const Request& request) {
  if (request.version != 2) check::invalid("version", "must be 2");
  if (request.scene < 1 || request.scene > 4)
    check::invalid("scene", "must be 1 (profile), 2 (comment), 3 (forum) or 4 (social log)");
  check::text("openid", request.openid, 128);
}

ServiceCall messageCall(const ServiceOperation& operation, const MsgSecCheckRequest& request) {
  check::text("content", request.content, 2500);
  checkCommon(request);
  check::optionalText("title", request.title, 2500);
  check::optionalText("nickname", request.nickname, 2500);
  check::optionalText("signature", request.signature, 2500);
  if (request.signature && request.scene != 1) check::invalid("signature", "goes with scene 1 only");
  return callOf(operation, request);
}

ServiceCall mediaCall(const ServiceOperation& operation, const MediaCheckAsyncRequest& request) {
  check::url("mediaUrl", request.mediaUrl, 2048);
  if (request.mediaType != 1 && request.mediaType != 2) check::invalid("mediaType", "must be 1 (audio) or 2 (image)");
  checkCommon(request);
  return callOf(operation, request);
}

MsgSecCheckResult verdictIn(const ServiceAnswer& answer) {
  auto result = resultOf<MsgSecCheckResult>(answer);
  requirePresent("result.suggest", result.result.suggest);
  return result;
}

MediaCheckAsyncResult traceIn(const ServiceAnswer& answer) {
  auto result = resultOf<MediaCheckAsyncResult>(answer);
  requirePresent("trace_id", result.traceId);
  return result;
}

}  // namespace

Awaitable<MsgSecCheckResult> Security::msgSecCheck(const MsgSecCheckRequest& request) const {
  return perform(services_, &msgSecCheckOperation, request, messageCall, verdictIn);
}

Awaitable<MediaCheckAsyncResult> Security::mediaCheckAsync(const MediaCheckAsyncRequest& request) const {
  return perform(services_, &mediaCheckAsyncOperation, request, mediaCall, traceIn);
}

}  // namespace openapi::weixin
