#include <gateways/bmob/request.hpp>

#include <codec/ascii.hpp>
#include <codec/form.hpp>
#include <codec/multipart.hpp>
#include <codec/text.hpp>
#include <openapi/error.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxParts = 32;

/// `application/json` of `application/json; charset=utf-8`.
std::string mediaType(std::string_view header) {
  auto type = header.substr(0, header.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return codec::lowerCase(type);
}

std::string takeText(Fields& members, std::string_view name) {
  const auto* value = members.find(name);
  std::string text = value != nullptr && value->string() != nullptr ? *value->string() : std::string{};
  members.erase(name);
  return text;
}

/// The keys in an upload of a mini program.
std::optional<Tunnelled> tunnelledForm(const Request& request) {
  Tunnelled tunnelled{.method = "POST"};
  try {
    for (const auto& part : codec::parseMultipart(request.headers.get("Content-Type"), request.body)) {
      if (part.name == "_ApplicationId") tunnelled.applicationId = part.content;
      if (part.name == "_RestKey") tunnelled.restApiKey = part.content;
      if (part.name == "_SessionToken") tunnelled.sessionToken = part.content;
    }
  } catch (const Error&) {
    return std::nullopt;
  }
  if (tunnelled.applicationId.empty()) return std::nullopt;
  return tunnelled;
}

codec::FormFields asQuery(const Fields& members) {
  codec::FormFields query;
  for (const auto& [name, value] : members) query.emplace_back(name, value.string() != nullptr ? *value.string() : value.json());
  return query;
}

}  // namespace

std::optional<std::string> percentDecoded(std::string_view text) {
  auto bytes = codec::percentDecoded(text);
  if (bytes && !codec::isUtf8(*bytes)) bytes.reset();
  return bytes;
}

std::optional<std::vector<std::string>> pathParts(std::string_view path) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    if (end > start) {
      auto part = percentDecoded(path.substr(start, end - start));
      if (!part || parts.size() == maxParts) return std::nullopt;
      parts.push_back(std::move(*part));
    }
    start = end + 1;
  }
  return parts;
}

codec::FormFields queryOf(std::string_view text) {
  codec::FormFields fields;
  try {
    if (!text.empty()) fields = codec::parseForm(text);
  } catch (const Error&) {
    throw Refused{107, "invalid query string."};
  }
  for (const auto& [name, value] : fields) {
    if (!codec::isUtf8(name) || !codec::isUtf8(value)) throw Refused{107, "invalid query string."};
  }
  return fields;
}

bool hasZero(const Json& value) {
  if (const auto* text = value.string()) return text->find('\0') != std::string::npos;
  if (const auto* items = value.array()) return std::any_of(items->begin(), items->end(), hasZero);
  if (const auto* members = value.object()) {
    return std::any_of(members->begin(), members->end(),
                       [](const Field& member) { return member.name.find('\0') != std::string::npos || hasZero(member.value); });
  }
  return false;
}

Json readObject(std::string_view text) {
  if (text.size() > maxJsonBytes) throw Refused{107, "content is larger than " + std::to_string(maxJsonBytes) + " bytes."};
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Error&) {
    throw invalidJson(text);
  }
  if (json.object() == nullptr || hasZero(json)) throw invalidJson(text);
  return json;
}

Json jsonBodyOf(const Request& request) {
  if (request.body.empty()) return {};
  const auto type = request.headers.get("Content-Type");
  if (mediaType(type) != "application/json")
    throw Refused{107, "This endpoint only supports Content-Type: application/json requests, not " + shown(type) + "."};
  return readObject(request.body);
}

bool isMultipart(std::string_view contentType) { return mediaType(contentType) == "multipart/form-data"; }

std::optional<Tunnelled> tunnelledRequest(const Request& request) {
  if (request.method != "POST") return std::nullopt;
  if (isMultipart(request.headers.get("Content-Type"))) return tunnelledForm(request);
  if (request.body.size() > maxJsonBytes) return std::nullopt;
  if (mediaType(request.headers.get("Content-Type")) != "text/plain") return std::nullopt;
  const Json json = readObject(request.body);
  auto members = *json.object();
  Tunnelled tunnelled;
  tunnelled.applicationId = takeText(members, "_ApplicationId");
  tunnelled.restApiKey = takeText(members, "_RestKey");
  if (tunnelled.applicationId.empty()) return std::nullopt;
  tunnelled.masterKey = takeText(members, "_MasterKey");
  tunnelled.sessionToken = takeText(members, "_SessionToken");
  tunnelled.method = takeText(members, "_Method");
  if (tunnelled.method.empty()) tunnelled.method = "POST";
  for (const auto* name : {"_ClientVersion", "_InstallationId"}) members.erase(name);
  if (tunnelled.method == "GET") {
    tunnelled.query = asQuery(members);
  } else {
    tunnelled.body = std::move(members);
  }
  return tunnelled;
}

std::optional<Tunnelled> keysInForm(const Request& request) {
  const auto type = request.headers.get("Content-Type");
  if (request.method != "POST" || mediaType(type) != "multipart/form-data") return std::nullopt;
  std::vector<codec::MultipartPart> parts;
  try {
    parts = codec::parseMultipart(type, request.body);
  } catch (const Error&) {
    return std::nullopt;
  }
  const auto text = [&](std::string_view name) {
    const auto found =
        std::find_if(parts.begin(), parts.end(), [&](const auto& part) { return part.name == name && !part.filename; });
    return found != parts.end() && codec::isUtf8(found->content) ? std::string{found->content} : std::string{};
  };
  Tunnelled form{.applicationId = text("_ApplicationId"),
                 .restApiKey = text("_RestKey"),
                 .masterKey = text("_MasterKey"),
                 .sessionToken = text("_SessionToken"),
                 .method = "POST"};
  if (form.applicationId.empty()) return std::nullopt;
  return form;
}

}  // namespace openapi::gateway::bmob
