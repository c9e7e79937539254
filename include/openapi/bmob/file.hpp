#pragma once

#include <openapi/bmob/service.hpp>
#include <openapi/bytes.hpp>

#include <cstddef>
#include <functional>

namespace openapi::bmob {

struct UploadRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string fileName{};                    ///< with an extension
  Bytes content{};                           ///< what is in it; the plan says how much may be
  std::optional<std::string> contentType{};  ///< default `application/octet-stream`
};
BOOST_DESCRIBE_STRUCT(UploadRequest, (), (sessionToken, useMasterKey, fileName, content, contentType))

struct UploadResult {
  using KeepsNames = void;
  std::string filename{};
  std::string url{};
  std::string cdn{};  ///< where the file is kept; `file.destroy` wants it
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UploadResult, (), (filename, url, cdn, extra))

struct DestroyFileRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string cdn{};  ///< as the upload gave it
  std::string url{};  ///< as the upload gave it
};
BOOST_DESCRIBE_STRUCT(DestroyFileRequest, (), (sessionToken, useMasterKey, cdn, url))

struct DestroyFilesRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string cdn{};
  std::vector<std::string> urls{};
};
BOOST_DESCRIBE_STRUCT(DestroyFilesRequest, (), (sessionToken, useMasterKey, cdn, urls))

struct DestroyFilesResult {
  using KeepsNames = void;
  std::string msg{};                  ///< `ok`, or the platform's words when some are still there
  std::vector<std::string> failed{};  ///< paths of the files that are still there
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DestroyFilesResult, (), (msg, failed, extra))

/// Files.
class Files {
 public:
  explicit Files(SharedServices services) : services_{std::move(services)} {}

  /// Says how many bytes of the file are on their way; the last call says all. Called on the thread that sends.
  using Progress = std::function<void(std::size_t written, std::size_t total)>;

  /// Uploads a file. Never repeated: when the outcome is unknown, there may be a file that nothing refers to.
  Awaitable<UploadResult> upload(const UploadRequest& request) const { return upload(request, Progress{}); }
  Awaitable<UploadResult> upload(const UploadRequest& request, Progress progress) const;
  /// Removes a file. Rows that refer to it stay as they are.
  Awaitable<Done> destroy(const DestroyFileRequest& request) const;
  /// Removes files. That some could not be removed is a result: `failed`.
  Awaitable<DestroyFilesResult> destroyAll(const DestroyFilesRequest& request) const;

  OPENAPI_NAMED_REQUEST(upload, UploadRequest);
  OPENAPI_NAMED_REQUEST_AND_FUNCTION(upload, UploadRequest, Progress);
  OPENAPI_NAMED_REQUEST(destroy, DestroyFileRequest);
  OPENAPI_NAMED_REQUEST(destroyAll, DestroyFilesRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
