#include <check.hpp>
#include <weixin/services/services.hpp>

namespace openapi::weixin {

namespace {

constexpr std::size_t maxMediaBytes = 10 * 1024 * 1024;

constexpr ServiceOperation getTempMediaOperation{"customerServiceMessage.getTempMedia", Verb::get, "/cgi-bin/media/get",
                                                 Answer::imageOrJson, true};
constexpr ServiceOperation sendOperation{"customerServiceMessage.send", Verb::post, "/cgi-bin/message/custom/send"};
constexpr ServiceOperation setTypingOperation{"customerServiceMessage.setTyping", Verb::post,
                                              "/cgi-bin/message/custom/business/typing"};
constexpr ServiceOperation uploadTempMediaOperation{"customerServiceMessage.uploadTempMedia", Verb::post,
                                                    "/cgi-bin/media/upload"};

ServiceCall mediaCall(const ServiceOperation& operation, const GetTempMediaRequest& request) {
  check::text("mediaId", request.mediaId, 512);
  return callOf(operation, request);
}

GetTempMediaResult mediaIn(const ServiceAnswer& answer) {
  if (!answer.bytes) {
    auto result = resultOf<GetTempMediaResult>(answer);
    const bool empty = !result.videoUrl && result.extra.empty();
    if (empty) throw Error{Errc::badResponse, "the answer is neither an image nor the address of a video"};
    return result;
  }
  GetTempMediaResult result;
  result.contentType = answer.contentType;
  result.buffer = *answer.bytes;
  result.filename = answer.filename;
  return result;
}

/// The member that `msgtype` names must be there, and no other. A kind of message that is not documented for mini programs,
/// such as `news`, has its object in `extra`.
void checkMessage(const SendRequest& request) {
  const auto type = std::string_view{request.msgtype};
  const bool documented = type == "text" || type == "image" || type == "link" || type == "miniprogrampage";
  const Json* other = request.extra.find(type);
  if (!documented && (other == nullptr || other->object() == nullptr)) {
    check::invalid("msgtype", "must be text, image, link or miniprogrampage; for another, set the object of its name");
  }
  const auto member = [&](std::string_view name, bool present) {
    if (type == name && !present) check::invalid(name, "required with this msgtype");
    if (type != name && present) check::invalid(name, "does not go with this msgtype");
  };
  member("text", request.text.has_value());
  member("image", request.image.has_value());
  member("link", request.link.has_value());
  member("miniprogrampage", request.miniprogrampage.has_value());
}

ServiceCall sendCall(const ServiceOperation& operation, const SendRequest& request) {
  check::text("touser", request.touser, 128);
  checkMessage(request);
  if (request.text) check::text("text.content", request.text->content, 2048);
  if (request.image) check::text("image.mediaId", request.image->mediaId, 512);
  if (request.link) {
    check::text("link.title", request.link->title, 256);
    check::text("link.description", request.link->description, 1024);
    check::url("link.url", request.link->url, 2048);
    check::url("link.thumbUrl", request.link->thumbUrl, 2048);
  }
  if (request.miniprogrampage) {
    check::text("miniprogrampage.title", request.miniprogrampage->title, 256);
    check::text("miniprogrampage.pagepath", request.miniprogrampage->pagepath, 1024);
    check::text("miniprogrampage.thumbMediaId", request.miniprogrampage->thumbMediaId, 512);
  }
  return callOf(operation, request);
}

ServiceCall typingCall(const ServiceOperation& operation, const SetTypingRequest& request) {
  check::text("touser", request.touser, 128);
  check::oneOf("command", request.command, "Typing CancelTyping");
  return callOf(operation, request);
}

ServiceCall uploadCall(const ServiceOperation&, const UploadTempMediaRequest& request) {
  check::oneOf("type", request.type, "image");
  checkFile("media", request.media, maxMediaBytes);
  ServiceCall call;
  call.query = extraQuery(request.extra);
  call.query.emplace(call.query.begin(), "type", request.type);
  call.upload = Upload{"media", request.media, {}};
  call.accessToken = request.accessToken;
  return call;
}

UploadTempMediaResult uploadedIn(const ServiceAnswer& answer) {
  auto result = resultOf<UploadTempMediaResult>(answer);
  requirePresent("media_id", result.mediaId);
  return result;
}

}  // namespace

Awaitable<GetTempMediaResult> CustomerServiceMessage::getTempMedia(const GetTempMediaRequest& request) const {
  return perform(services_, &getTempMediaOperation, request, mediaCall, mediaIn);
}

Awaitable<SendResult> CustomerServiceMessage::send(const SendRequest& request) const {
  return perform(services_, &sendOperation, request, sendCall, resultOf<SendResult>);
}

Awaitable<SetTypingResult> CustomerServiceMessage::setTyping(const SetTypingRequest& request) const {
  return perform(services_, &setTypingOperation, request, typingCall, resultOf<SetTypingResult>);
}

Awaitable<UploadTempMediaResult> CustomerServiceMessage::uploadTempMedia(const UploadTempMediaRequest& request) const {
  return perform(services_, &uploadTempMediaOperation, request, uploadCall, uploadedIn);
}

}  // namespace openapi::weixin
