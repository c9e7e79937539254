#include <bmob/services.hpp>
#include <codec/ascii.hpp>
#include <http/url.hpp>

#include <algorithm>

namespace openapi::bmob {

namespace {

constexpr Operation uploadOperation{"file.upload", Verb::post};
constexpr Operation destroyOperation{"file.destroy", Verb::remove};
constexpr Operation destroyAllOperation{"file.destroyAll", Verb::post};

bool isTypeCharacter(char c) {
  constexpr std::string_view marks = "-.+/;= _";
  return codec::isAlphanumeric(c) || marks.find(c) != std::string_view::npos;
}

void checkType(const std::optional<std::string>& type) {
  if (!type) return;
  const bool fits = type->size() <= 128 && type->find('/') != std::string::npos && type->front() != '/' &&
                    std::all_of(type->begin(), type->end(), isTypeCharacter);
  if (!fits) check::invalid("contentType", "must be a MIME type such as image/png");
}

Call uploadCall(const UploadRequest& request) {
  names::fileName("fileName", request.fileName);
  if (request.content.data.empty()) check::invalid("content", "required: the file is empty");
  checkType(request.contentType);
  Call call;
  call.path = pathOf({"2", "files", request.fileName});
  call.body = request.content.data;
  call.contentType = request.contentType.value_or("application/octet-stream");
  return call;
}

bool isBadPart(std::string_view part) { return part == "." || part == ".."; }

/// `2019/05/10/x.txt` of the address that an upload gave; a path is taken as it is.
std::string pathIn(std::string_view field, const std::string& url) {
  if (url.empty()) check::invalid(field, "required");
  if (url.size() > 2048) check::invalid(field, "longer than 2048 characters");
  auto path = url.substr(0, url.find_first_of("?#"));
  if (const auto scheme = path.find("://"); scheme != std::string::npos) {
    const auto slash = path.find('/', scheme + 3);
    path = slash == std::string::npos ? std::string{} : path.substr(slash);
  }
  path.erase(0, path.find_first_not_of('/'));
  const auto isBad = [](char c) { return c <= 0x20 || c >= 0x7F || c == '\\'; };
  bool fits = !path.empty() && path.front() != '/' && std::none_of(path.begin(), path.end(), isBad);
  for (std::size_t at = 0; fits && at <= path.size();) {
    const auto end = (std::min)(path.find('/', at), path.size());
    fits = !isBadPart(std::string_view{path}.substr(at, end - at));
    at = end + 1;
  }
  if (!fits) check::invalid(field, "must be the address that file.upload gave");
  return path;
}

Call destroyCall(const DestroyFileRequest& request) {
  names::word("cdn", request.cdn, 64);
  Call call;
  call.path = pathOf({"2", "files", request.cdn, pathIn("url", request.url)});
  return call;
}

Call destroyAllCall(const DestroyFilesRequest& request) {
  names::word("cdn", request.cdn, 64);
  if (request.urls.empty()) check::invalid("urls", "required");
  Json::Array paths;
  for (std::size_t at = 0; at < request.urls.size(); ++at) {
    paths.emplace_back(pathIn("urls[" + std::to_string(at) + "]", request.urls[at]));
  }
  return jsonCall(pathOf({"2", "cdnBatchDelete"}), Fields{{request.cdn, std::move(paths)}});
}

UploadResult uploadedIn(const Json& json) {
  auto result = resultOf<UploadResult>(json);
  requirePresent("url", result.url);
  return result;
}

/// Which files are still there: `{"code":154,"error":"…","fail":{"upyun":["…"]}}`.
DestroyFilesResult failuresIn(const Json& json) {
  DestroyFilesResult result;
  const auto* fail = json.find("fail");
  if (fail == nullptr || fail->object() == nullptr) return result;
  for (const auto& [cdn, paths] : *fail->object()) {
    if (paths.array() == nullptr) continue;
    for (const auto& path : *paths.array()) {
      if (path.string() != nullptr) result.failed.push_back(*path.string());
    }
  }
  return result;
}

std::optional<DestroyFilesResult> partlyDone(const HttpResponse& response) {
  if (response.status >= 500) return std::nullopt;
  Json json;
  try {
    json = Json::parse(response.body);
  } catch (const Error&) {
    return std::nullopt;
  }
  auto result = failuresIn(json);
  if (result.failed.empty()) return std::nullopt;
  const auto* error = json.find("error");
  result.msg = error != nullptr && error->string() != nullptr ? *error->string() : "delete all file error";
  return result;
}

DestroyFilesResult destroyedIn(const Json& json) {
  auto result = resultOf<DestroyFilesResult>(json);
  requirePresent("msg", result.msg);
  return result;
}

Awaitable<DestroyFilesResult> destroyFiles(SharedServices services, DestroyFilesRequest request) {
  const auto call = callFor(*services, destroyAllOperation, request, destroyAllCall);
  const auto partly = std::make_shared<std::optional<DestroyFilesResult>>();
  const auto look = [partly](const HttpResponse& response) { *partly = partlyDone(response); };
  std::optional<Error> failure;
  try {
    const auto json = co_await exchangeWatched(services, &destroyAllOperation, call, look);
    auto result = readAnswer(*services, destroyAllOperation, [&] { return destroyedIn(json); });
    co_return result;
  } catch (const Error& error) {
    failure.emplace(error);
  }
  if (failure->errc() != Errc::rejected || !*partly) throw *failure;
  co_return **partly;
}

Awaitable<UploadResult> uploadSteps(SharedServices services, UploadRequest request, Files::Progress progress) {
  const auto prepare = [&progress](const UploadRequest& given) {
    auto call = uploadCall(given);
    if (!progress) return call;
    call.progress = [progress, total = given.content.data.size()](std::size_t written) { progress(written, total); };
    return call;
  };
  const auto call = callFor(*services, uploadOperation, request, prepare);
  const auto json = co_await exchange(services, &uploadOperation, call);
  auto result = readAnswer(*services, uploadOperation, [&] { return uploadedIn(json); });
  co_return result;
}

}  // namespace

Awaitable<UploadResult> Files::upload(const UploadRequest& request, Progress progress) const {
  return http::operation("bmob", uploadOperation.method, uploadSteps(services_, request, std::move(progress)));
}

Awaitable<Done> Files::destroy(const DestroyFileRequest& request) const {
  return perform(services_, &destroyOperation, request, destroyCall, doneOf);
}

Awaitable<DestroyFilesResult> Files::destroyAll(const DestroyFilesRequest& request) const {
  return http::operation("bmob", destroyAllOperation.method, destroyFiles(services_, request));
}

}  // namespace openapi::bmob
