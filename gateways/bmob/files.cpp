#include <gateways/bmob/files.hpp>

#include <codec/ascii.hpp>
#include <gateways/bmob/request.hpp>
#include <gateways/weixin_api/picture.hpp>

#include <codec/multipart.hpp>
#include <codec/text.hpp>
#include <openapi/error.hpp>

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <iterator>

namespace openapi::gateway::bmob {
namespace {

constexpr std::string_view cdn = "upyun";
constexpr std::string_view host = "http://bmob-cdn.example.com/";
constexpr std::size_t hexLength = 32;
constexpr std::size_t maxName = 255;
constexpr std::size_t maxSuffix = 16;

struct MimeType {
  std::string_view suffix;
  std::string_view type;
};
/// What a browser may show. Anything else it saves.
constexpr MimeType mimeTypes[] = {
    {"txt", "text/plain; charset=utf-8"},
    {"json", "application/json"},
    {"xml", "text/plain; charset=utf-8"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"pdf", "application/pdf"},
};

std::string_view mimeTypeOf(std::string_view suffix) {
  const auto* found = std::find_if(std::begin(mimeTypes), std::end(mimeTypes),
                                   [&](const MimeType& item) { return boost::beast::iequals(item.suffix, suffix); });
  return found == std::end(mimeTypes) ? "application/octet-stream" : found->type;
}

std::string_view suffixOf(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

bool isSuffixCharacter(char c) { return codec::isAlphanumeric(c) || c == '_'; }

bool isFileName(std::string_view name) {
  const auto suffix = suffixOf(name);
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == '/'; };
  return !name.starts_with('.') && name.size() <= maxName && !suffix.empty() && suffix.size() <= maxSuffix &&
         std::all_of(suffix.begin(), suffix.end(), isSuffixCharacter) && std::none_of(name.begin(), name.end(), isControl);
}

/// The name in the path, also as base64.
std::string nameOf(const Call& call) {
  auto name = call.captured.at(0);
  if (name.find('\\') != std::string::npos) throw Refused{10042, "file name cannot contain a backslash."};
  if (isFileName(name)) return name;
  auto decoded = codec::fromBase64(name);
  if (decoded && codec::isUtf8(*decoded) && isFileName(*decoded) && decoded->find('\\') == std::string::npos) return *decoded;
  throw Refused{146, "file name must use base64 encode before upload OR file must have suffix"};
}

Refused damagedUpload() { return {150, "file upload error: the body is damaged."}; }

/// The file in a form of a mini program.
std::string_view partOf(const Request& request, std::string_view contentType) {
  std::vector<codec::MultipartPart> parts;
  try {
    parts = codec::parseMultipart(contentType, request.body);
  } catch (const Error&) {
    throw damagedUpload();
  }
  const auto found =
      std::find_if(parts.begin(), parts.end(), [](const auto& part) { return part.name == "file" && part.filename.has_value(); });
  if (found == parts.end()) throw damagedUpload();
  return found->content;
}

std::string uploadedBytes(const Call& call) {
  const auto contentType = call.http.headers.get("Content-Type");
  if (isMultipart(contentType)) return std::string{partOf(call.http, contentType)};
  if (call.isTunnelled) {
    auto bytes = codec::fromBase64(textOf(membersOf(call), "base64"));
    if (!bytes) throw damagedUpload();
    return std::move(*bytes);
  }
  return call.http.body;
}

/// What `FileStore` calls the file of a path.
std::string storedName(const std::string& path) { return path.substr(path.rfind('/') + 1, hexLength); }

bool removeFile(Context& context, const std::string& path) {
  if (context.database().execute("DELETE FROM bmob_files WHERE path = ?", {path}) == 0) return false;
  context.files.remove(storedName(path));
  return true;
}

std::string withoutSlashes(std::string_view path) {
  return std::string{path.substr(std::min(path.find_first_not_of('/'), path.size()))};
}

void checkPaths(std::string_view where, const Json& paths) {
  const auto isText = [](const Json& path) { return path.string() != nullptr; };
  if (paths.array() == nullptr || !std::all_of(paths.array()->begin(), paths.array()->end(), isText)) throw invalidValue(where);
}

/// Removes the files of one list and gives those that are not there.
Json::Array removeFiles(Context& context, std::string_view where, const Json& paths) {
  Json::Array failed;
  for (const auto& path : *paths.array()) {
    if (where != cdn || !removeFile(context, withoutSlashes(*path.string()))) failed.push_back(path);
  }
  return failed;
}

}  // namespace

Json keepFile(Context& context, const std::string& name, std::string_view bytes) {
  auto day = readableDate(context.now());
  std::replace(day.begin(), day.end(), '-', '/');
  const auto hex = randomHex(hexLength);
  const auto path = day + '/' + hex + '.' + std::string{suffixOf(name)};
  context.database().execute("INSERT INTO bmob_files(path, name, size, created) VALUES(?, ?, ?, ?)",
                             {path, name, static_cast<std::int64_t>(bytes.size()), toMillis(context.now())});
  context.files.write(hex, bytes);
  return Fields{{"filename", name}, {"url", std::string{host} + path}, {"cdn", cdn}};
}

Reply uploadFile(Context& context, const Call& call) {
  const auto name = nameOf(call);
  const auto bytes = uploadedBytes(call);
  if (bytes.empty()) throw Refused{149, "empty file"};
  if (bytes.size() > maxFileBytes) throw Refused{145, "file size is larger than " + std::to_string(maxFileBytes) + " bytes."};
  return answer(keepFile(context, name, bytes));
}

Reply downloadFile(Context& context, const Call& call) {
  const auto& parts = call.captured;
  const auto path = parts.at(0) + '/' + parts.at(1) + '/' + parts.at(2) + '/' + parts.at(3);
  const auto row = context.database().first("SELECT path FROM bmob_files WHERE path = ?", {path});
  auto bytes = row ? context.files.read(storedName(row->text("path"))) : std::nullopt;
  if (!bytes) throw noSuchRoute();
  Reply reply{.status = 200, .contentType = std::string{mimeTypeOf(suffixOf(path))}, .body = std::move(*bytes)};
  reply.headers.add("X-Content-Type-Options", "nosniff");
  return reply;
}

Reply deleteFile(Context& context, const Call& call) {
  const auto& where = call.captured.at(0);
  const auto& path = call.captured.at(1);
  if (where != cdn) throw Refused{156, shown(where) + " not found"};
  if (!removeFile(context, path)) throw Refused{156, shown(path) + " not found"};
  return done();
}

Reply deleteNoFile(Context&, const Call&) { throw Refused{152, "file url empty"}; }

Reply deleteFiles(Context& context, const Call& call) {
  const auto& lists = contentOf(call);
  for (const auto& [where, paths] : lists) checkPaths(where, paths);
  Fields failed;
  for (const auto& [where, paths] : lists) {
    auto list = removeFiles(context, where, paths);
    if (!list.empty()) failed.append(where, std::move(list));
  }
  if (failed.empty()) return done();
  // Not thrown: the others are gone.
  return answer(Fields{{"code", 154}, {"error", "delete all file error"}, {"fail", failed}}, 400);
}

Reply checkImage(Context&, const Call& call) {
  const auto name = nameOf(call);
  const auto bytes = uploadedBytes(call);
  if (!weixin_api::pictureHeader(bytes)) throw Refused{10007, "CheckImg errcode:40006, err:invalid media size"};
  if (name.find("risky") != std::string::npos) throw Refused{10007, "CheckImg errcode:87014, err:risky content"};
  return done();
}

void sweepFiles(Database& database, const FileStore& store) {
  std::set<std::string> names;
  for (const auto& row : database.query("SELECT path FROM bmob_files")) names.insert(storedName(row.text("path")));
  store.keepOnly(names);
}

Json listFiles(Context& context, const Json&) {
  Json::Array files;
  for (const auto& row :
       context.database().query("SELECT path, name, size, created FROM bmob_files ORDER BY rowid DESC LIMIT 1000")) {
    files.push_back(Fields{{"url", std::string{host} + row.text("path")},
                           {"filename", row.text("name")},
                           {"size", row.integer("size")},
                           {"created", readableTime(fromMillis(row.integer("created")))}});
  }
  return files;
}

}  // namespace openapi::gateway::bmob
