#include <gateways/weixin_api/media_shelf.hpp>

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::chrono::hours keepTime{72};

}  // namespace

MediaShelf::MediaShelf(Database& database, Clock& clock) : database_{database}, clock_{clock} {}

std::string MediaShelf::store(const std::string& appId, const Media& media) {
  const auto now = clock_.now();
  database_.execute("DELETE FROM wxapi_media WHERE created <= ?", {toMillis(now - keepTime)});
  auto id = randomUrlText(64);
  database_.execute("INSERT INTO wxapi_media(app_id, id, type, content_type, filename, bytes, created) VALUES(?,?,?,?,?,?,?)",
                    {appId, id, media.type, media.contentType, media.filename, media.bytes, toMillis(now)});
  return id;
}

std::optional<Media> MediaShelf::find(const std::string& appId, const std::string& id) {
  const auto row = database_.first("SELECT * FROM wxapi_media WHERE app_id = ? AND id = ? AND created > ?",
                                   {appId, id, toMillis(clock_.now() - keepTime)});
  if (!row) return std::nullopt;
  return Media{row->text("id"),       row->text("type"),  row->text("content_type"),
               row->text("filename"), row->text("bytes"), fromMillis(row->integer("created"))};
}

}  // namespace openapi::gateway::weixin_api
