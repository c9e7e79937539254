#pragma once

#include <gateways/weixin_api/context.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace openapi::gateway::weixin_api {

/// The platform's own text for a code.
[[nodiscard]] std::string_view baseText(std::int64_t code);

/// What goes out for a refusal, in the style of the path. The request is kept under its rid for seven days.
[[nodiscard]] Reply errorAnswer(Context& context, const Request& request, const std::string& appId, const Refused& refused);

/// `/cgi-bin/openapi/rid/get`: the request that an error's rid stands for.
[[nodiscard]] Reply findRid(Context& context, const Call& call);

}  // namespace openapi::gateway::weixin_api
