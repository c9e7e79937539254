#pragma once

#include <gateways/clock.hpp>
#include <gateways/database.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::weixin_api {

/// A temporary file.
struct Media {
  std::string id{};
  std::string type{};  ///< `image`, `voice`, `video`, `thumb`
  std::string contentType{};
  std::string filename{};
  std::string bytes{};
  Time created{};
};

/// Temporary files, each of one app, for three days of the platform's clock.
class MediaShelf {
 public:
  MediaShelf(Database& database, Clock& clock);

  /// Keeps `media` and gives its id.
  std::string store(const std::string& appId, const Media& media);
  [[nodiscard]] std::optional<Media> find(const std::string& appId, const std::string& id);

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace openapi::gateway::weixin_api
