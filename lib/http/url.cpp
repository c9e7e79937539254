#include "http/url.hpp"

#include <openapi/error.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "codec/ascii.hpp"
#include "codec/whole_number.hpp"

namespace openapi::http {

namespace {

[[noreturn]] void refuse(const char* reason) {
  throw Error(Errc::invalidArgument, std::string("url: ") + reason + "; give an absolute URL such as https://host/path");
}

std::string_view view(boost::urls::string_view text) { return {text.data(), text.size()}; }

std::string hostOf(const boost::urls::url_view& url) {
  if (url.host_type() == boost::urls::host_type::ipvfuture) refuse("the host is of an unknown kind");
  auto host = codec::lowerCase(view(url.encoded_host_address()));
  if (host.empty()) refuse("it has no host");
  if (host.find('%') != std::string::npos) refuse("the host holds percent signs");
  return host;
}

std::string portOf(const boost::urls::url_view& url, bool tls) {
  if (!url.has_port() || url.port().empty()) return tls ? "443" : "80";
  const auto number = portNumber(view(url.port()));
  if (number == 0) refuse("the port is out of range");
  return std::to_string(number);
}

}  // namespace

std::uint16_t portNumber(std::string_view digits) { return codec::wholeNumber<std::uint16_t>(digits).value_or(0); }

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : '[' + host + ']'; }

std::string Target::address() const { return bracketed(host) + ':' + port; }

Target splitUrl(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view{text.data(), text.size()});
  if (!parsed) refuse("it cannot be read");
  const auto& url = *parsed;
  const bool tls = url.scheme_id() == boost::urls::scheme::https;
  if (!tls && url.scheme_id() != boost::urls::scheme::http) refuse("the scheme is neither https nor http");
  if (url.has_userinfo()) refuse("it holds a user name");
  Target target;
  target.tls = tls;
  target.host = hostOf(url);
  target.port = portOf(url, tls);
  target.authority = bracketed(target.host);
  target.shown = (tls ? "https://" : "http://") + target.authority;
  if (target.port != (tls ? "443" : "80")) target.authority += ':' + target.port;
  target.path = view(url.encoded_path());
  if (target.path.empty()) target.path = "/";
  target.shown += target.path;
  if (url.has_query()) {
    target.path += '?';
    target.path += view(url.encoded_query());
  }
  return target;
}

}  // namespace openapi::http
