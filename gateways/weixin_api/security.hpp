#pragma once

#include <gateways/weixin_api/context.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::weixin_api {

/// `/wxa/msg_sec_check`: risky when the text holds a word of the setting `riskyWords`, to be reviewed with one of `reviewWords`.
[[nodiscard]] Reply checkMessage(Context& context, const Call& call);
/// `/wxa/media_check_async`: the same with the address of the file; the result is pushed.
[[nodiscard]] Reply checkMedia(Context& context, const Call& call);

[[nodiscard]] bool holdsAny(const std::vector<std::string>& words, std::string_view text);

}  // namespace openapi::gateway::weixin_api
