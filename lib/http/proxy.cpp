#include "http/proxy.hpp"

#include "codec/ascii.hpp"
#include "codec/text.hpp"

#include <openapi/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <cstdlib>

namespace openapi::http {

namespace {

namespace ip = boost::asio::ip;

std::optional<std::string> firstOf(const ProxyRules::Environment& environment, const char* lower, const char* upper) {
  auto value = environment(lower);
  return value ? value : environment(upper);
}

std::vector<std::string> splitList(std::string_view list) {
  std::vector<std::string> entries;
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(", \t"), list.size());
    if (end > 0) entries.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return entries;
}

bool isThisMachine(const std::string& host) {
  boost::system::error_code noAddress;
  const auto address = ip::make_address(host, noAddress);
  return noAddress ? host == "localhost" : address.is_loopback();
}

bool inNetwork(const std::string& network, const std::string& host) {
  boost::system::error_code failure;
  const auto address = ip::make_address(host, failure);
  if (failure) return false;
  if (address.is_v4()) {
    const auto net = ip::make_network_v4(network, failure);
    return !failure && ip::make_network_v4(address.to_v4(), net.prefix_length()).network() == net.network();
  }
  const auto net = ip::make_network_v6(network, failure);
  return !failure && ip::make_network_v6(address.to_v6(), net.prefix_length()).network() == net.network();
}

}  // namespace

Proxy parseProxy(std::string_view text, std::string_view source) {
  const auto refuse = [&]() -> Error {
    return Error(Errc::config, std::string(source) + " is not a proxy this library can use; write http://host:port");
  };
  const std::string whole = text.find("://") == std::string_view::npos ? "http://" + std::string(text) : std::string(text);
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view{whole.data(), whole.size()});
  if (!parsed || parsed->scheme_id() != boost::urls::scheme::http) throw refuse();
  const auto host = parsed->encoded_host_address();
  if (host.empty() || (!parsed->encoded_path().empty() && parsed->encoded_path() != "/")) throw refuse();
  const auto digits = parsed->has_port() ? parsed->port() : boost::urls::string_view{};
  const auto port = digits.empty() ? std::uint16_t{80} : portNumber({digits.data(), digits.size()});
  if (port == 0) throw refuse();
  Proxy proxy;
  proxy.host.assign(host.data(), host.size());
  proxy.port = std::to_string(port);
  if (parsed->has_userinfo()) proxy.credentials = "Basic " + codec::toBase64(parsed->user() + ':' + parsed->password());
  return proxy;
}

bool covers(std::string_view entry, const Target& target) {
  if (entry == "*") return true;
  if (entry.find('/') != std::string_view::npos) return inNetwork(std::string(entry), target.host);
  const auto colon = entry.rfind(':');
  const bool hasPort = colon != std::string_view::npos && (entry.find(':') == colon || entry.find("]:") == colon - 1);
  if (hasPort) {
    if (entry.substr(colon + 1) != target.port) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  const std::string_view host = target.host;
  if (codec::equalIgnoringCase(entry, host)) return true;
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || host.size() < entry.size()) return false;
  const auto tail = host.substr(host.size() - entry.size());
  return codec::equalIgnoringCase(entry, tail) && (tail.size() == host.size() || host[host.size() - entry.size() - 1] == '.');
}

ProxyRules::ProxyRules(const std::optional<std::string>& option, const Environment& environment) {
  if (option) {
    if (!option->empty()) proxy_ = parseProxy(*option, "proxy");
    return;
  }
  const auto variable = firstOf(environment, "https_proxy", "HTTPS_PROXY");
  if (!variable || variable->empty()) return;
  proxy_ = parseProxy(*variable, "the environment variable HTTPS_PROXY");
  fromEnvironment_ = true;
  exceptions_ = splitList(firstOf(environment, "no_proxy", "NO_PROXY").value_or(""));
}

const Proxy* ProxyRules::choose(const Target& target) const {
  if (!proxy_) return nullptr;
  if (fromEnvironment_) {
    if (!target.tls || isThisMachine(target.host)) return nullptr;
    for (const auto& entry : exceptions_) {
      if (covers(entry, target)) return nullptr;
    }
  }
  return &*proxy_;
}

std::optional<std::string> processEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::optional<std::string>{value} : std::nullopt;
}

}  // namespace openapi::http
