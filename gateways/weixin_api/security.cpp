#include <gateways/weixin_api/security.hpp>

#include <gateways/weixin_api/push.hpp>
#include <gateways/weixin_api/users.hpp>

#include <codec/text.hpp>
#include <crypto/random.hpp>

#include <algorithm>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::size_t mostCharacters = 2500;
constexpr std::chrono::hours activeTime{2};
constexpr std::int64_t normal = 100;
constexpr std::int64_t crime = 20006;
constexpr std::int64_t other = 21000;

/// What the platform thinks of a text.
struct Verdict {
  std::string suggest = "pass";
  std::int64_t label = normal;
  std::string keyword{};
};

std::string firstOf(const std::vector<std::string>& words, std::string_view text) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
    return !word.empty() && text.find(word) != std::string_view::npos;
  });
  return found == words.end() ? std::string{} : *found;
}

Verdict verdictOn(const Context& context, std::string_view text) {
  if (auto word = firstOf(context.settings.list("riskyWords"), text); !word.empty()) return {"risky", crime, std::move(word)};
  if (auto word = firstOf(context.settings.list("reviewWords"), text); !word.empty()) return {"review", other, std::move(word)};
  return {};
}

Json resultOf(const Verdict& verdict) { return Fields{{"suggest", verdict.suggest}, {"label", verdict.label}}; }

Json detailOf(const Verdict& verdict) {
  const int prob = verdict.suggest == "pass" ? 10 : 90;
  Fields model{
      {"strategy", "content_model"}, {"errcode", 0}, {"suggest", verdict.suggest}, {"label", verdict.label}, {"prob", prob}};
  Json::Array detail{Json{std::move(model)}};
  if (!verdict.keyword.empty()) {
    detail.push_back(Fields{{"strategy", "keyword"},
                            {"errcode", 0},
                            {"suggest", verdict.suggest},
                            {"label", verdict.label},
                            {"level", 90},
                            {"keyword", verdict.keyword}});
  }
  return detail;
}

/// Whoever has logged in must have done so in the last two hours; one who never did counts as active.
void requireActive(Context& context, const Call& call) {
  const auto openid = textOf(call.body, "openid");
  if (!isOpenid(openid)) throw Refused{40003};
  if (isOfAnotherApp(context, call.appId, openid)) throw Refused{43104};
  const auto user = findUser(context, call.appId, openid);
  if (user && user->lastLogin && context.now() - *user->lastLogin > activeTime) throw Refused{61010};
}

void requireScene(const Call& call) {
  const auto scene = integerOf(call.body, "scene").value_or(0);
  if (scene < 1 || scene > 4) throw Refused{40129};
}

std::string traceId() { return crypto::randomText(8) + "-" + crypto::randomText(8) + "-" + crypto::randomText(8); }

}  // namespace

bool holdsAny(const std::vector<std::string>& words, std::string_view text) { return !firstOf(words, text).empty(); }

Reply checkMessage(Context& context, const Call& call) {
  const auto content = textOf(call.body, "content");
  if (content.empty()) throw Refused{44002};
  if (codec::codePoints(content) > mostCharacters) throw Refused{45002};
  if (integerOf(call.body, "version").value_or(1) != 2) {  // the first version knows the text only
    if (verdictOn(context, content).suggest != "pass") throw Refused{87014};
    return success();
  }
  requireScene(call);
  requireActive(context, call);
  auto text = content;
  for (const auto* name : {"title", "nickname", "signature"}) text += "\n" + textOf(call.body, name);
  const auto verdict = verdictOn(context, text);
  return success({{"result", resultOf(verdict)}, {"detail", detailOf(verdict)}, {"trace_id", traceId()}});
}

Reply checkMedia(Context& context, const Call& call) {
  const auto url = textOf(call.body, "media_url");
  if (url.empty()) throw Refused{40035, "invalid parameter, media_url is missing"};
  const auto type = integerOf(call.body, "media_type").value_or(0);
  if (type != 1 && type != 2) throw Refused{40004};
  requireScene(call);
  requireActive(context, call);
  const auto trace = traceId();
  Fields event{{"MsgType", "event"}, {"Event", "wxa_media_check"}, {"appid", call.appId}, {"trace_id", trace}, {"version", 2}};
  if (url.starts_with("http://") || url.starts_with("https://")) {
    const auto verdict = verdictOn(context, url);
    event.append("detail", detailOf(verdict));
    event.append("errcode", 0);
    event.append("errmsg", "ok");
    event.append("result", resultOf(verdict));
  } else {
    event.append("errcode", -1008);
    event.append("errmsg", "download media failed");
  }
  push(context, call.appId, textOf(call.body, "openid"), event);
  return success({{"trace_id", trace}});
}

}  // namespace openapi::gateway::weixin_api
