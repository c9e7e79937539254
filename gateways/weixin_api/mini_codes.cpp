#include <gateways/weixin_api/images.hpp>
#include <gateways/weixin_api/qr_image.hpp>

#include <codec/ascii.hpp>
#include <codec/form.hpp>
#include <codec/text.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t invalidArgs = 40097;
constexpr std::int64_t invalidScene = 40129;
constexpr std::int64_t pathLength = 40159;
constexpr std::int64_t sceneLength = 40169;
constexpr std::int64_t invalidPage = 41030;
constexpr std::int64_t countLimit = 45029;
constexpr std::int64_t reservedField = 85096;

constexpr std::int64_t leastWidth = 280;
constexpr std::int64_t mostWidth = 1280;
constexpr std::size_t mostSceneCharacters = 32;
constexpr std::string_view sceneMarks = "!#$&'()*+,/:;=?@-._~";
/// What `auto_color` chooses.
constexpr Rgb ownColor{0, 102, 51};

int widthOf(const Json& body) {
  const auto width = integerOf(body, "width").value_or(430);
  if (width < leastWidth || width > mostWidth) throw Refused{invalidArgs};
  return static_cast<int>(width);
}

int colorPart(const Json& color, std::string_view name) {
  const auto value = integerOf(color, name);
  if (!value || *value < 0 || *value > 255) throw Refused{invalidArgs};
  return static_cast<int>(*value);
}

Rgb colorOf(const Json& body) {
  const auto* color = objectOf(body, "line_color");
  const auto chosen = color == nullptr ? Rgb{} : Rgb{colorPart(*color, "r"), colorPart(*color, "g"), colorPart(*color, "b")};
  return flagOf(body, "auto_color").value_or(false) ? ownColor : chosen;
}

void checkVersion(const Json& body) {
  constexpr std::array<std::string_view, 3> versions{"release", "trial", "develop"};
  const auto* version = body.find("env_version");
  if (version == nullptr || version->isNull()) return;
  if (std::find(versions.begin(), versions.end(), textOf(body, "env_version")) == versions.end()) throw Refused{invalidArgs};
}

/// The platform itself says in this field when a code was scanned.
void checkReserved(std::string_view query) {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    if (pair.substr(0, pair.find('=')) == "scancode_time") throw Refused{reservedField};
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
}

std::string pathOf(const Json& body, std::size_t most) {
  auto path = textOf(body, "path");
  if (path.empty() || path.size() > most) throw Refused{pathLength};
  const auto question = path.find('?');
  if (question != std::string::npos) checkReserved(std::string_view{path}.substr(question + 1));
  return path;
}

bool mayStandInScene(char c) { return codec::isAlphanumeric(c) || sceneMarks.find(c) != std::string_view::npos; }

std::string sceneOf(const Json& body) {
  auto scene = textOf(body, "scene");
  if (scene.empty() || codec::codePoints(scene) > mostSceneCharacters) throw Refused{sceneLength};
  if (!std::all_of(scene.begin(), scene.end(), mayStandInScene)) throw Refused{invalidScene};
  checkReserved(scene);
  return scene;
}

/// An empty list of released pages means that all are.
bool isReleased(const Context& context, const std::string& page) {
  if (page.starts_with('/') || page.find('?') != std::string::npos) return false;
  return context.settings.list("releasedPages").empty() || context.settings.lists("releasedPages", page);
}

std::string homePage(const Context& context) {
  const auto released = context.settings.list("releasedPages");
  return released.empty() ? "pages/index/index" : released.front();
}

std::string pageOf(const Context& context, const Json& body) {
  auto page = textOf(body, "page");
  if (page.empty()) return homePage(context);
  if (flagOf(body, "check_path").value_or(true) && !isReleased(context, page)) throw Refused{invalidPage};
  return page;
}

QrStyle styleOf(const Json& body) { return {widthOf(body), colorOf(body), flagOf(body, "is_hyaline").value_or(false)}; }

/// Codes of a limited number: one more is used up.
std::int64_t useOne(Context& context, const Call& call) {
  return context.quotas.count(call.appId, "codes", Period::ever, context.settings.number("codeLimit"), countLimit);
}

Reply imageReply(const QrImage& image) {
  const std::string extension = image.contentType == "image/png" ? "png" : "jpg";
  return {.contentType = image.contentType,
          .headers = Headers{{"Content-disposition", "attachment; filename=\"qrcode." + extension + "\""}},
          .body = image.bytes};
}

}  // namespace

Reply createQrCode(Context& context, const Call& call) {
  const auto image = drawQr(pathOf(call.body, 128), {.width = widthOf(call.body)});
  useOne(context, call);
  return imageReply(image);
}

Reply getCode(Context& context, const Call& call) {
  checkVersion(call.body);
  auto reply = imageReply(drawQr(pathOf(call.body, 1024), styleOf(call.body)));
  reply.headers.add("Num-Used", std::to_string(useOne(context, call)));
  return reply;
}

Reply getUnlimitedCode(Context& context, const Call& call) {
  checkVersion(call.body);
  const auto scene = sceneOf(call.body);
  auto content = pageOf(context, call.body) + "?scene=";
  codec::appendPercentEncoded(content, scene);
  if (content.size() > maxQrBytes) throw Refused{invalidPage};
  return imageReply(drawQr(content, styleOf(call.body)));
}

}  // namespace openapi::gateway::weixin_api
