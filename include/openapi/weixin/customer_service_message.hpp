#pragma once

#include <openapi/weixin/file.hpp>
#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

struct GetTempMediaRequest {
  std::optional<std::string> accessToken{};
  std::string mediaId{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetTempMediaRequest, (), (accessToken, mediaId, extra))

struct GetTempMediaResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string contentType{};  ///< MIME type
  Bytes buffer{};
  std::optional<std::string> filename{};  ///< as the platform names it; a name only, without folders
  std::optional<std::string> videoUrl{};  ///< of a video, instead of `buffer`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetTempMediaResult, (), (errCode, errMsg, contentType, buffer, filename, videoUrl, extra))

struct TextMessage {
  std::string content{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(TextMessage, (), (content, extra))

struct ImageMessage {
  std::string mediaId{};  ///< from `uploadTempMedia`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ImageMessage, (), (mediaId, extra))

struct LinkMessage {
  std::string title{};
  std::string description{};
  std::string url{};
  std::string thumbUrl{};  ///< JPG or PNG: 640×320 or 80×80
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(LinkMessage, (), (title, description, url, thumbUrl, extra))

struct MiniprogramPageMessage {
  std::string title{};
  std::string pagepath{};      ///< as in app.json; may have parameters
  std::string thumbMediaId{};  ///< from `uploadTempMedia`; 520×416
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(MiniprogramPageMessage, (), (title, pagepath, thumbMediaId, extra))

struct SendRequest {
  std::optional<std::string> accessToken{};
  std::string touser{};  ///< openid
  /// `text`, `image`, `link`, `miniprogrampage`: the member of that name is required. Any other: an object of that name in
  /// `extra`.
  std::string msgtype{};
  std::optional<TextMessage> text{};
  std::optional<ImageMessage> image{};
  std::optional<LinkMessage> link{};
  std::optional<MiniprogramPageMessage> miniprogrampage{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SendRequest, (), (accessToken, touser, msgtype, text, image, link, miniprogrampage, extra))
using SendResult = ServiceResult;

struct SetTypingRequest {
  std::optional<std::string> accessToken{};
  std::string touser{};   ///< openid
  std::string command{};  ///< `Typing`, `CancelTyping`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SetTypingRequest, (), (accessToken, touser, command, extra))
using SetTypingResult = ServiceResult;

struct UploadTempMediaRequest {
  std::optional<std::string> accessToken{};
  std::string type = "image";  ///< `image` (default), the only one that mini programs can use
  FileContent media{};         ///< PNG, JPEG or GIF, at most 10 MB
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UploadTempMediaRequest, (), (accessToken, type, media, extra))

struct UploadTempMediaResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string type{};
  std::string mediaId{};     ///< good for three days
  std::int64_t createdAt{};  ///< seconds since 1970
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UploadTempMediaResult, (), (errCode, errMsg, type, mediaId, createdAt, extra))

/// Messages to a user who has written to the mini program: 5 in 48 hours, or 2 in the minute after the user opened the session.
/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html
class CustomerServiceMessage {
 public:
  explicit CustomerServiceMessage(SharedServices services) : services_{std::move(services)} {}

  /// Downloads a temporary media file.
  Awaitable<GetTempMediaResult> getTempMedia(const GetTempMediaRequest& request) const;
  /// Sends a message. After a failure with outcome `unknown` the user may have got it.
  Awaitable<SendResult> send(const SendRequest& request) const;
  /// Shows, or stops showing, that someone is typing. Within 30 s of a message of the user.
  Awaitable<SetTypingResult> setTyping(const SetTypingRequest& request) const;
  Awaitable<UploadTempMediaResult> uploadTempMedia(const UploadTempMediaRequest& request) const;

  OPENAPI_NAMED_REQUEST(getTempMedia, GetTempMediaRequest);
  OPENAPI_NAMED_REQUEST(send, SendRequest);
  OPENAPI_NAMED_REQUEST(setTyping, SetTypingRequest);
  OPENAPI_NAMED_REQUEST(uploadTempMedia, UploadTempMediaRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
