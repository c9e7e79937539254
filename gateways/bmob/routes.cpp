#include <gateways/bmob/routes.hpp>

#include <gateways/bmob/captchas.hpp>
#include <gateways/bmob/server_time.hpp>
#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/sms.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr Route all[] = {
    {"GET", "/1/timestamp", Access::keys, Content::json, serverTime},
    {"GET", "/1/checkSession/:", Access::keys, Content::json, checkSession},
    {"POST", "/1/requestSmsCode", Access::keys, Content::json, requestSmsCode},
    {"POST", "/1/verifySmsCode", Access::keys, Content::json, verifySmsCode},
    {"POST", "/1/verifySmsCode/:", Access::keys, Content::json, verifySmsCode},
    {"POST", "/1/requestSms", Access::keys, Content::json, requestSms},
    {"GET", "/1/querySms/:", Access::keys, Content::json, querySms},
    {"POST", "/1/requestCaptcha", Access::keys, Content::json, requestCaptcha},
    {"GET", "/1/captchaImage", Access::open, Content::json, captchaImage},
    {"POST", "/1/verifyCaptcha", Access::keys, Content::json, verifyCaptcha},
};

bool matches(std::string_view pattern, const std::vector<std::string>& path, std::vector<std::string>& captured) {
  captured.clear();
  std::size_t part = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the slash
    const auto name = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(name.size());
    if (part == path.size()) return false;
    if (name == "*") {
      std::string rest = path[part];
      for (auto i = part + 1; i < path.size(); ++i) rest += '/' + path[i];
      captured.push_back(std::move(rest));
      return true;
    }
    if (name == ":") {
      captured.push_back(path[part]);
    } else if (name != path[part]) {
      return false;
    }
    ++part;
  }
  return part == path.size();
}

}  // namespace

std::span<const Route> routes() { return all; }

const Route* routeOf(std::string_view method, const std::vector<std::string>& path, std::vector<std::string>& captured) {
  const auto list = routes();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Route& route) {
    return route.method == method && matches(route.pattern, path, captured);
  });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace openapi::gateway::bmob
