#include <gateways/weixin_api/media.hpp>

#include <gateways/weixin_api/upload.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::size_t kilobyte = 1024;
constexpr std::size_t megabyte = 1024 * kilobyte;

struct MediaType {
  std::string_view name;
  std::size_t most;
};

constexpr std::array<MediaType, 4> types{
    {{"image", 10 * megabyte}, {"voice", 2 * megabyte}, {"video", 10 * megabyte}, {"thumb", 64 * kilobyte}}};

struct FileType {
  std::string_view type;
  std::string_view extension;
  std::string_view contentType;
};

constexpr std::array<FileType, 10> fileTypes{{{"image", "jpg", "image/jpeg"},
                                              {"image", "jpeg", "image/jpeg"},
                                              {"image", "png", "image/png"},
                                              {"image", "gif", "image/gif"},
                                              {"image", "bmp", "image/bmp"},
                                              {"voice", "mp3", "audio/mpeg"},
                                              {"voice", "amr", "audio/amr"},
                                              {"video", "mp4", "video/mp4"},
                                              {"thumb", "jpg", "image/jpeg"},
                                              {"thumb", "jpeg", "image/jpeg"}}};

std::string extensionOf(const std::string& filename) {
  const auto dot = filename.rfind('.');
  auto extension = dot == std::string::npos ? std::string{} : filename.substr(dot + 1);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return extension;
}

}  // namespace

Reply uploadMedia(Context& context, const Call& call) {
  const auto type = call.parameter("type");
  const auto known = std::find_if(types.begin(), types.end(), [&](const MediaType& item) { return item.name == type; });
  if (known == types.end()) throw Refused{40004};
  const auto parts = uploadedParts(call);
  const auto& part = uploadedFile(parts, "media");
  const auto extension = extensionOf(*part.filename);
  const auto file = std::find_if(fileTypes.begin(), fileTypes.end(),
                                 [&](const FileType& item) { return item.type == type && item.extension == extension; });
  if (file == fileTypes.end()) throw Refused{40005};
  if (part.content.size() > known->most) throw Refused{40006};
  Media media{"", type, std::string{file->contentType}, *part.filename, std::string{part.content}, {}};
  const auto id = context.media.store(call.appId, media);
  return answer(
      {{"type", type}, {type == "thumb" ? "thumb_media_id" : "media_id", id}, {"created_at", toMillis(context.now()) / 1000}});
}

Reply downloadMedia(Context& context, const Call& call) {
  const auto id = call.parameter("media_id");
  if (id.empty()) throw Refused{41006};
  const auto media = context.media.find(call.appId, id);
  if (!media) throw Refused{40007};
  if (media->type == "video") return answer({{"video_url", "http://127.0.0.1/video/" + id + ".mp4"}});
  const auto dot = media->filename.rfind('.');
  const auto extension = dot == std::string::npos ? std::string{} : media->filename.substr(dot);
  return {.contentType = media->contentType,
          .headers = Headers{{"Content-disposition", "attachment; filename=\"" + id + extension + "\""}},
          .body = media->bytes};
}

}  // namespace openapi::gateway::weixin_api
