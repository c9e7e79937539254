#include <samples/bmob-admin/options.hpp>

#include <codec/ascii.hpp>
#include <marshal/json_struct.hpp>

#include <openapi/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace bmob_admin {
namespace {

using openapi::Errc;
using openapi::Error;
using openapi::Fields;
using openapi::Json;
namespace codec = openapi::codec;
namespace fs = std::filesystem;

std::string readFile(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  const auto fail = [](int reason) {
    throw Error{Errc::config, "cannot read the file: " + std::generic_category().message(reason)};
  };
  if (!file) fail(errno == 0 ? EIO : errno);
  if (fs::is_directory(path)) fail(EISDIR);
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::optional<std::string> takeText(Fields& members, std::string_view name) {
  const auto* value = members.find(name);
  if (value == nullptr || value->isNull()) {
    members.erase(name);
    return std::nullopt;
  }
  if (value->string() == nullptr) throw Error{Errc::config, std::string{name} + ": expected a text"};
  auto text = *value->string();
  members.erase(name);
  return text;
}

Upstream parse(const std::string& path) {
  const auto json = Json::parse(readFile(path));
  if (json.object() == nullptr) throw Error{Errc::config, "expected an object"};
  auto members = *json.object();
  Upstream upstream;
  if (const auto caFile = takeText(members, "caFile")) upstream.http.caFile = (fs::path{path}.parent_path() / *caFile).string();
  upstream.http.proxy = takeText(members, "proxy");
  upstream.config = openapi::marshal::fromJson<openapi::marshal::CamelStyle, openapi::BmobConfig>(Json{members});
  return upstream;
}

/// Runs `work`; its errors name the file that it works with.
template <class Work>
auto inConfig(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error{Errc::config, "--config " + path + ": " + error.what()};
  }
}

/// A host name in lower case, as browsers write it.
bool isHostName(std::string_view text) {
  const bool allowed =
      std::all_of(text.begin(), text.end(), [](char c) { return codec::isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
  return allowed && !text.empty() && !text.starts_with('.') && text.find("..") == std::string_view::npos;
}

bool isPort(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  return read.ec == std::errc{} && read.ptr == end && !text.starts_with('0');
}

bool isIp6(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address_v6(std::string{text}, error);
  return !error && address.scope_id() == 0 && address.to_string() == text;  // as browsers write it
}

/// `scheme://host` or `scheme://host:port`.
bool isOrigin(std::string_view text) {
  const auto slashes = text.find("://");
  if (slashes == std::string_view::npos || slashes == 0) return false;
  const auto scheme = text.substr(0, slashes);
  if (!std::all_of(scheme.begin(), scheme.end(),
                   [](char c) { return codec::isAlphanumeric(c) || c == '+' || c == '-' || c == '.'; }))
    return false;
  auto host = text.substr(slashes + 3);
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    if (!isPort(host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  return bracketed ? isIp6(host.substr(1, host.size() - 2)) : isHostName(host);
}

bool hasUsualPort(std::string_view origin) {
  return (origin.starts_with("http://") && origin.ends_with(":80")) ||
         (origin.starts_with("https://") && origin.ends_with(":443"));
}

}  // namespace

Address readAddress(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto fail = [&text] {
    return std::invalid_argument{"--listen: expected HOST:PORT, such as 127.0.0.1:8080, got " + text};
  };
  if (colon == std::string::npos) throw fail();
  Address address{.host = text.substr(0, colon)};
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
  if (read.ec != std::errc{} || read.ptr != end) throw fail();
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    throw fail();
  }
  boost::system::error_code error;
  static_cast<void>(boost::asio::ip::make_address(address.host, error));
  if (error && address.host != "localhost") {
    throw std::invalid_argument{"--listen: the host must be an IP address or localhost, such as 127.0.0.1:8080, got " + text};
  }
  return address;
}

Upstream readUpstream(const std::string& path) {
  return inConfig(path, [&] { return parse(path); });
}

openapi::Bmob openBmob(boost::asio::any_io_executor executor, const std::string& path, const Rules& rules) {
  const auto upstream = readUpstream(path);
  return inConfig(path, [&] {
    const bool needsMasterKey = !rules.admins.empty() || rules.keepSessionKeys;
    if (needsMasterKey && !upstream.config.masterKey) {
      throw Error{Errc::config, "masterKey: required with --admin and --keep-session-keys"};
    }
    return openapi::Bmob{std::move(executor), upstream.config, upstream.http};
  });
}

void checkRules(const Rules& rules) {
  for (const auto& admin : rules.admins) {
    if (!isObjectId(admin)) throw Error{Errc::config, "--admin: expected the objectId of a user, got " + admin};
  }
}

Origins readOrigins(Origins origins) {
  for (auto& name : origins.names) {
    name = codec::lowerCase(name);
    if (!isHostName(name)) {
      throw std::invalid_argument{"--name: expected a host name without scheme and port, such as admin.example, got " + name};
    }
  }
  for (auto& origin : origins.allowed) {
    origin = codec::lowerCase(origin);
    const auto got = ", such as https://shop.example, got " + origin;
    if (!isOrigin(origin)) {
      throw std::invalid_argument{"--cors-origin: expected scheme://host or scheme://host:port and nothing after it" + got};
    }
    if (hasUsualPort(origin)) throw std::invalid_argument{"--cors-origin: leave out the usual port, as browsers do" + got};
  }
  return origins;
}

}  // namespace bmob_admin
