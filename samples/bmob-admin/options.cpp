#include <samples/bmob-admin/options.hpp>

#include <marshal/json_struct.hpp>

#include <openapi/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace bmob_admin {
namespace {

using openapi::Errc;
using openapi::Error;
using openapi::Fields;
using openapi::Json;
namespace fs = std::filesystem;

std::string readFile(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file || fs::is_directory(path)) throw Error{Errc::config, "cannot read the file"};
  return text;
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

}  // namespace

Address readAddress(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto fail = [&text] { return std::invalid_argument{"expected HOST:PORT, such as 127.0.0.1:8080, got " + text}; };
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
  if (error && address.host != "localhost") throw fail();
  return address;
}

Upstream readUpstream(const std::string& path) {
  try {
    return parse(path);
  } catch (const Error& error) {
    throw Error{Errc::config, path + ": " + error.what()};
  }
}

void checkRules(const Rules& rules, const openapi::BmobConfig& config) {
  const bool needsMasterKey = !rules.admins.empty() || rules.keepSessionKeys;
  if (needsMasterKey && !config.masterKey) throw Error{Errc::config, "masterKey: required with --admin and --keep-session-keys"};
  for (const auto& admin : rules.admins) {
    if (!isObjectId(admin)) throw Error{Errc::config, "--admin: expected the objectId of a user"};
  }
}

}  // namespace bmob_admin
