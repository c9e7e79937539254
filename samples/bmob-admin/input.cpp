#include <samples/bmob-admin/input.hpp>

#include <codec/form.hpp>
#include <codec/text.hpp>

#include <openapi/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <vector>

namespace bmob_admin {
namespace {

constexpr std::size_t maxTokenLength = 256;

[[noreturn]] void refuse(int status, const std::string& text) { throw Refusal{errorAnswer(status, text)}; }

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

openapi::Fields readForm(const std::string& body) {
  openapi::Fields fields;
  for (auto& [name, value] : openapi::codec::parseForm(body)) {
    if (!openapi::codec::isUtf8(name) || !openapi::codec::isUtf8(value)) refuse(400, "form: not UTF-8");
    fields.append(std::move(name), openapi::Json{std::move(value)});
  }
  return fields;
}

openapi::Fields readJson(const std::string& body) {
  const auto json = openapi::Json::parse(body);
  if (json.object() == nullptr) refuse(400, "the body must be a JSON object, but it is: " + std::string{json.kind()});
  return *json.object();
}

std::vector<std::string_view> valuesOf(const openapi::Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [header, value] : headers) {
    if (lower(header) == name) values.emplace_back(value);
  }
  return values;
}

/// `Host` without its port and brackets, in lower case.
std::string hostName(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return end == std::string_view::npos ? std::string{} : lower(host.substr(1, end - 1));
  }
  return lower(host.substr(0, host.find(':')));
}

bool isIpAddress(const std::string& name) {
  boost::system::error_code error;
  static_cast<void>(boost::asio::ip::make_address(name, error));
  return !error;
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

openapi::Fields readBody(const Request& request) {
  if (request.body.empty()) return {};
  const auto type = lower(request.headers.get("Content-Type"));
  const auto media = trimmed(std::string_view{type}.substr(0, type.find(';')));
  try {
    if (media == "application/x-www-form-urlencoded") return readForm(request.body);
    if (media == "application/json") return readJson(request.body);
  } catch (const openapi::Error& error) {
    refuse(400, error.what());
  }
  refuse(415, "the body must be application/x-www-form-urlencoded or application/json");
}

std::string textOf(const openapi::Fields& body, std::string_view name) {
  const auto* value = body.find(name);
  if (value == nullptr || value->isNull()) return {};
  if (const auto* text = value->string()) return *text;
  refuse(400, std::string{name} + ": expected a text, got " + std::string{value->kind()});
}

std::string sessionTokenOf(const openapi::Headers& headers) {
  auto tokens = valuesOf(headers, "sessiontoken");
  const auto others = valuesOf(headers, "x-bmob-session-token");
  tokens.insert(tokens.end(), others.begin(), others.end());
  if (tokens.empty()) return {};
  if (std::any_of(tokens.begin(), tokens.end(), [&](auto token) { return token != tokens.front(); })) {
    refuse(400, "sessiontoken: the request has two different ones");
  }
  const auto token = tokens.front();
  const bool printable = std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!printable || token.size() > maxTokenLength) refuse(400, "sessiontoken: this cannot be a session token");
  return std::string{token};
}

void checkOrigin(const openapi::Headers& headers, const Origins& origins) {
  const auto host = headers.get("Host");
  const auto name = hostName(host);
  if (name != "localhost" && !isIpAddress(name) && !contains(origins.names, name)) {
    refuse(421, "the service is not known under this name; start it with --name, or use its IP address");
  }
  const auto origin = headers.get("Origin");
  if (origin.empty() || contains(origins.allowed, origin)) return;
  const auto authority = lower(host);
  if (origin != "http://" + authority && origin != "https://" + authority)
    refuse(403, "requests from other web sites are refused");
}

std::string allowedOrigin(const openapi::Headers& headers, const Origins& origins) {
  const auto origin = headers.get("Origin");
  return contains(origins.allowed, origin) ? std::string{origin} : std::string{};
}

}  // namespace bmob_admin
