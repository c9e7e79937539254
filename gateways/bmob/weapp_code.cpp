#include <gateways/bmob/weapp_code.hpp>

#include <gateways/bmob/files.hpp>
#include <gateways/weixin_api/qr_image.hpp>

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <crypto/random.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::int64_t leastWidth = 180;
constexpr std::int64_t mostWidth = 1280;
constexpr std::size_t maxPath = 960;
constexpr std::size_t maxScene = 32;
constexpr std::int64_t tokenMillis = 7'200'000;
constexpr std::string_view tokenSetting = "bmob.weapp.token";
constexpr std::string_view tokenEndSetting = "bmob.weapp.token.end";

Refused invalidArgument(std::string_view name) {
  return {10007, "generatecode errcode:40097, err:invalid args " + std::string{name}};
}

int widthOf(const Fields& fields) {
  const auto width = integerOf(fields, "width").value_or(430);
  if (width < leastWidth || width > mostWidth) throw invalidArgument("width");
  return static_cast<int>(width);
}

/// What the code reads as.
std::string contentIn(const Fields& fields) {
  auto path = neededText(fields, "path");
  if (path.size() > maxPath) throw invalidArgument("path");
  const auto scheme = textOf(fields, "interface");
  if (!scheme.empty() && scheme != "a" && scheme != "b" && scheme != "c") throw invalidArgument("interface");
  if (scheme != "b") return path;
  const auto scene = neededText(fields, "scene");
  if (codec::codePoints(scene) > maxScene) throw invalidArgument("scene");
  path += "?scene=";
  codec::appendPercentEncoded(path, scene);
  return path;
}

}  // namespace

Reply generateCode(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  const auto content = contentIn(fields);
  const auto type = integerOf(fields, "type").value_or(0);
  if (type != 0 && type != 1) throw invalidArgument("type");
  const auto width = widthOf(fields);
  if (content.size() > weixin_api::maxQrBytes) throw invalidArgument("path");
  const auto image = weixin_api::drawQr(content, {.width = width});
  if (type == 1) return answer(keepFile(context, "code.jpg", image.bytes));
  return answer(Fields{{"imageBytes", codec::toBase64(image.bytes)}});
}

Reply weappToken(Context& context, const Call&) {
  auto& database = context.database();
  const auto now = toMillis(context.now());
  const auto end = numberIn(database.setting(tokenEndSetting).value_or("")).value_or(0);
  if (end <= now) {
    database.setSetting(tokenSetting, crypto::randomText(128));
    database.setSetting(tokenEndSetting, std::to_string(now + tokenMillis));
  }
  return answer(Fields{{"access_token", database.setting(tokenSetting).value_or("")}});
}

}  // namespace openapi::gateway::bmob
