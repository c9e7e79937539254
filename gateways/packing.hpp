#pragma once

#include <gateways/clock.hpp>
#include <gateways/http_server.hpp>

#include <memory>
#include <string>
#include <vector>

namespace openapi::gateway {

// Bodies made of other bodies, in constant memory.

[[nodiscard]] std::shared_ptr<BodySource> gzipBody(std::shared_ptr<BodySource> content);

struct ArchiveFile {
  std::string name{};  ///< bytes as they stand in the archive
  std::shared_ptr<BodySource> content{};
};
/// A ZIP archive of less than 4 GiB. Files are read one after the other, each when its turn comes.
[[nodiscard]] std::shared_ptr<BodySource> zipBody(std::vector<ArchiveFile> files, Time now);

/// The same with one byte wrong in its first half, beyond the head of an archive.
void damage(Reply& reply);

/// All of it.
[[nodiscard]] std::string drained(BodySource& source);

}  // namespace openapi::gateway
