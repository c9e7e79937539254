#pragma once

#include <gateways/bmob/context.hpp>

#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

/// A new session of seven days; gives its token.
[[nodiscard]] std::string openSession(Context& context, const std::string& user);
/// The user of a session that has not ended, or an empty text.
[[nodiscard]] std::string userOfSession(Context& context, std::string_view token);
/// Ends the user's sessions but `except`.
void endSessions(Context& context, const std::string& user, const std::string& except = {});

/// The actor that a token stands for. The literal `bmob`, which SDKs send when nobody is logged in, stands for nobody.
[[nodiscard]] Actor actorOf(Context& context, std::string_view token, bool isMaster);

/// GET `/1/checkSession/ID`
[[nodiscard]] Reply checkSession(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
