#pragma once

#include <openapi/weixin/service.hpp>

#include <vector>

namespace openapi::weixin {

struct MsgSecCheckRequest {
  std::optional<std::string> accessToken{};
  std::string content{};  ///< 1 to 2,500 characters
  std::int64_t version = 2;
  std::int64_t scene{};  ///< 1 profile, 2 comment, 3 forum, 4 social log
  std::string openid{};  ///< of the author, who used the mini program in the last two hours
  std::optional<std::string> title{};
  std::optional<std::string> nickname{};
  std::optional<std::string> signature{};  ///< of the profile; only with scene 1
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(MsgSecCheckRequest, (), (accessToken, content, version, scene, openid, title, nickname, signature, extra))

struct SecCheckSummary {
  std::string suggest{};  ///< `pass`, `review`, `risky`
  std::int64_t label{};   ///< 100 normal, 10001 advertisement, 20001 politics, 20002 pornography, …
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SecCheckSummary, (), (suggest, label, extra))

struct SecCheckDetail {
  std::string strategy{};
  std::int64_t errcode{};  ///< 0: the other members hold
  std::optional<std::string> suggest{};
  std::optional<std::int64_t> label{};
  std::optional<std::string> keyword{};
  std::optional<std::int64_t> prob{};  ///< 0 to 100
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SecCheckDetail, (), (strategy, errcode, suggest, label, keyword, prob, extra))

struct MsgSecCheckResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  SecCheckSummary result{};
  std::vector<SecCheckDetail> detail{};
  std::string traceId{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(MsgSecCheckResult, (), (errCode, errMsg, result, detail, traceId, extra))

struct MediaCheckAsyncRequest {
  std::optional<std::string> accessToken{};
  std::string mediaUrl{};
  std::int64_t mediaType{};  ///< 1 audio, 2 image
  std::int64_t version = 2;
  std::int64_t scene{};  ///< as for `msgSecCheck`
  std::string openid{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(MediaCheckAsyncRequest, (), (accessToken, mediaUrl, mediaType, version, scene, openid, extra))

struct MediaCheckAsyncResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string traceId{};  ///< the pushed event `wxa_media_check` with the result has it as `trace_id`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(MediaCheckAsyncResult, (), (errCode, errMsg, traceId, extra))

/// Content security.
/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html
class Security {
 public:
  explicit Security(SharedServices services) : services_{std::move(services)} {}

  /// Looks at a text. Risky content is a result, not an error.
  Awaitable<MsgSecCheckResult> msgSecCheck(const MsgSecCheckRequest& request) const;
  /// Has an image or a sound looked at; the result is pushed within 30 minutes.
  Awaitable<MediaCheckAsyncResult> mediaCheckAsync(const MediaCheckAsyncRequest& request) const;

  OPENAPI_NAMED_REQUEST(msgSecCheck, MsgSecCheckRequest);
  OPENAPI_NAMED_REQUEST(mediaCheckAsync, MediaCheckAsyncRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
