#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

[[nodiscard]] Reply clearQuota(Context& context, const Call& call);          ///< `/cgi-bin/clear_quota`: 10 a month
[[nodiscard]] Reply clearQuotaBySecret(Context& context, const Call& call);  ///< `/cgi-bin/clear_quota/v2`: the same 10
[[nodiscard]] Reply clearPathQuota(Context& context, const Call& call);      ///< `/cgi-bin/openapi/quota/clear`: 50 a month
[[nodiscard]] Reply getQuota(Context& context, const Call& call);            ///< `/cgi-bin/openapi/quota/get`
[[nodiscard]] Reply ipList(Context& context, const Call& call);  ///< `/cgi-bin/get_api_domain_ip`, `/cgi-bin/getcallbackip`

/// Whether the platform serves `path` at all.
[[nodiscard]] bool isServedPath(std::string_view path);

}  // namespace openapi::gateway::weixin_api
