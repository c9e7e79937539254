#include "http/head.hpp"

#include "codec/ascii.hpp"

#include <openapi/error.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace openapi::http {

namespace {

constexpr std::string_view userAgent = "openapi-cpp/" OPENAPI_VERSION;

bool isToken(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return codec::isAlphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

bool isFieldValue(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; });
}

bool isOurs(std::string_view name) {
  constexpr std::string_view ours[] = {"host", "content-length", "transfer-encoding", "connection", "proxy-authorization"};
  return std::any_of(std::begin(ours), std::end(ours), [&](std::string_view own) { return codec::equalIgnoringCase(name, own); });
}

void addField(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void addLength(std::string& out, std::size_t length) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, length).ptr;
  addField(out, "Content-Length", {digits, static_cast<std::size_t>(end - digits)});
}

bool wantsLength(const HttpRequest& request) {
  return !request.body.empty() || (request.method != "GET" && request.method != "HEAD");
}

}  // namespace

void checkRequest(const HttpRequest& request) {
  if (!isToken(request.method) || codec::equalIgnoringCase(request.method, "CONNECT")) {
    throw Error(Errc::invalidArgument, "method: not an HTTP method that can be sent");
  }
  for (const auto& [name, value] : request.headers) {
    if (!isToken(name)) throw Error(Errc::invalidArgument, "headers: a name is not an HTTP token");
    if (isOurs(name)) throw Error(Errc::invalidArgument, "headers: " + name + " is written by the client itself");
    if (!isFieldValue(value)) throw Error(Errc::invalidArgument, "headers: the value of " + name + " holds control characters");
  }
}

void writeHead(std::string& out, const HttpRequest& request, const Target& target, const Proxy* plainProxy) {
  out.clear();
  out.append(request.method).push_back(' ');
  if (plainProxy) out.append("http://").append(target.authority);
  out.append(target.path).append(" HTTP/1.1\r\n");
  addField(out, "Host", target.authority);
  if (request.headers.get("User-Agent").empty()) addField(out, "User-Agent", userAgent);
  if (plainProxy && !plainProxy->credentials.empty()) addField(out, "Proxy-Authorization", plainProxy->credentials);
  for (const auto& [name, value] : request.headers) addField(out, name, value);
  if (wantsLength(request)) addLength(out, request.body.size());
  out.append("\r\n");
}

void writeConnectHead(std::string& out, const Target& target, const Proxy& proxy) {
  out.clear();
  out.append("CONNECT ").append(target.address()).append(" HTTP/1.1\r\n");
  addField(out, "Host", target.address());
  addField(out, "User-Agent", userAgent);
  if (!proxy.credentials.empty()) addField(out, "Proxy-Authorization", proxy.credentials);
  out.append("\r\n");
}

}  // namespace openapi::http
