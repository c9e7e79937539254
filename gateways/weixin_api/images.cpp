#include <gateways/weixin_api/images.hpp>

#include <codec/text.hpp>
#include <gateways/weixin_api/code_reader.hpp>
#include <gateways/weixin_api/crop.hpp>
#include <gateways/weixin_api/picture.hpp>
#include <gateways/weixin_api/upload.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <utility>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t invalidArgs = 40097;
constexpr std::int64_t invalidUrl = 101000;
constexpr std::int64_t invalidImage = 101002;

constexpr std::size_t maxImageBytes = 2 * 1024 * 1024;
constexpr std::size_t maxMediaBytes = 8'000'000;

/// What an endpoint works on.
struct Input {
  std::string image{};
  std::string ratios{};
};

std::optional<std::string> registeredImage(Database& database, const std::string& url) {
  const auto row = database.first("SELECT bytes FROM wxapi_images WHERE url = ?", {url});
  return row ? std::optional{row->text("bytes")} : std::nullopt;
}

/// A temporary file by its own address at the platform.
std::optional<std::string> ownMedia(Context& context, const Call& call, const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->path() != "/cgi-bin/media/get") return std::nullopt;
  const auto parameters = parsed->params();
  const auto id = parameters.find("media_id");
  if (id == parameters.end()) return std::nullopt;
  const auto media = context.media.find(call.appId, (*id).value);
  return media ? std::optional{media->bytes} : std::nullopt;
}

/// The local platform fetches nothing: it knows its own files and the images that were registered.
std::string imageAt(Context& context, const Call& call, const std::string& url) {
  auto image = registeredImage(context.database(), url);
  if (!image) image = ownMedia(context, call, url);
  if (!image) throw Refused{invalidUrl};
  return *image;
}

Input inputOf(Context& context, const Call& call) {
  const auto url = call.parameter("img_url");
  Input input{.image = {}, .ratios = call.parameter("ratios")};
  if (call.http.body.empty()) {
    input.image = imageAt(context, call, url);
    return input;
  }
  const auto parts = uploadedParts(call);
  input.image = url.empty() ? std::string{uploadedFile(parts, "img").content} : imageAt(context, call, url);
  const auto ratios = std::find_if(parts.begin(), parts.end(), [](const auto& part) { return part.name == "ratios"; });
  if (ratios != parts.end()) input.ratios = ratios->content;
  return input;
}

void checkSize(const std::string& image) {
  if (image.size() >= maxImageBytes) throw Refused{invalidImage};
}

Picture pictureOf(const std::string& image) {
  checkSize(image);
  auto picture = Picture::read(image);
  if (!picture) throw Refused{invalidImage};
  return std::move(*picture);
}

Json sizeJson(const Picture& picture) { return Fields{{"w", picture.width()}, {"h", picture.height()}}; }
Json pointJson(const CodePoint& point) { return Fields{{"x", point.x}, {"y", point.y}}; }

Json codeJson(const ReadCode& code) {
  Fields fields{{"type_name", code.typeName}, {"data", code.data}};
  if (code.corners) {
    const auto& corners = *code.corners;
    fields.set("pos", Fields{{"left_top", pointJson(corners[0])},
                             {"right_top", pointJson(corners[1])},
                             {"right_bottom", pointJson(corners[2])},
                             {"left_bottom", pointJson(corners[3])}});
  }
  return fields;
}

/// PNG keeps every pixel; one that would be too large for a temporary file becomes a JPEG.
Media mediaOf(const Picture& picture, PictureFormat source) {
  if (source != PictureFormat::jpeg) {
    auto bytes = picture.png();
    if (bytes.size() <= maxMediaBytes) return {"", "image", "image/png", "superresolution.png", std::move(bytes), {}};
  }
  return {"", "image", "image/jpeg", "superresolution.jpg", picture.jpeg(), {}};
}

}  // namespace

Reply cropImage(Context& context, const Call& call) {
  const auto input = inputOf(context, call);
  const auto ratios = parseRatios(input.ratios.empty() ? "1,2.35" : input.ratios);
  if (!ratios) throw Refused{invalidArgs};
  const auto picture = pictureOf(input.image);
  const auto grey = picture.grey();
  Json::Array results;
  for (const auto ratio : *ratios) {
    const auto box = bestCrop(grey, ratio);
    results.emplace_back(
        Fields{{"crop_left", box.left}, {"crop_top", box.top}, {"crop_right", box.right}, {"crop_bottom", box.bottom}});
  }
  return success({{"results", std::move(results)}, {"img_size", sizeJson(picture)}});
}

Reply scanCodes(Context& context, const Call& call) {
  const auto picture = pictureOf(inputOf(context, call).image);
  Json::Array results;
  for (const auto& code : readCodes(picture.grey())) results.push_back(codeJson(code));
  return success({{"code_results", std::move(results)}, {"img_size", sizeJson(picture)}});
}

Reply enlargeImage(Context& context, const Call& call) {
  const auto image = inputOf(context, call).image;
  checkSize(image);
  const auto header = pictureHeader(image);
  if (!header || header->width * header->height * 4 > maxPicturePixels) throw Refused{invalidImage};
  const auto media = mediaOf(pictureOf(image).doubled(), header->format);
  return success({{"media_id", context.media.store(call.appId, media)}});
}

Json registerImage(Context& context, const Json& input) {
  const auto url = requireText(input, "url");
  if (!boost::urls::parse_uri(url)) throw ControlError{400, "url must be an absolute URL", "url"};
  const auto bytes = codec::fromBase64(requireText(input, "base64"));
  if (!bytes) throw ControlError{400, "base64 must be base64 with padding", "base64"};
  context.database().execute("INSERT OR REPLACE INTO wxapi_images(url, bytes) VALUES(?, ?)", {url, *bytes});
  return Fields{{"url", url}, {"bytes", static_cast<std::int64_t>(bytes->size())}};
}

}  // namespace openapi::gateway::weixin_api
