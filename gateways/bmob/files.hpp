#pragma once

#include <gateways/bmob/context.hpp>

#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

// Files. Their addresses are on a host of their own that ends in `.com`, as older SDKs want it; the gateway serves the same
// paths.

inline constexpr std::size_t maxFileBytes = 10 * 1024 * 1024;

[[nodiscard]] Reply uploadFile(Context& context, const Call& call);
/// A file by the path of its address. 404 when there is none.
[[nodiscard]] Reply downloadFile(Context& context, const Call& call);
[[nodiscard]] Reply deleteFile(Context& context, const Call& call);
/// A delete that names no file: 152.
[[nodiscard]] Reply deleteNoFile(Context& context, const Call& call);
[[nodiscard]] Reply deleteFiles(Context& context, const Call& call);
/// Looks at an image that is uploaded afterwards. Refuses with 10007 what is no image, and one with `risky` in its name.
[[nodiscard]] Reply checkImage(Context& context, const Call& call);

/// Keeps a file and gives `filename`, `url` and `cdn`. The name has a suffix.
[[nodiscard]] Json keepFile(Context& context, const std::string& name, std::string_view bytes);
/// Removes files on disk that no upload finished with.
void sweepFiles(Database& database, const FileStore& store);

/// `POST /files` of the control server: every file, the newest first.
[[nodiscard]] Json listFiles(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
