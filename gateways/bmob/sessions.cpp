#include <gateways/bmob/sessions.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::chrono::days lifetime{7};
constexpr std::string_view nobody = "bmob";

}  // namespace

std::string openSession(Context& context, const std::string& user) {
  auto& database = context.database();
  database.execute("DELETE FROM bmob_sessions WHERE expires <= ?", {toMillis(context.now())});
  auto token = randomHex(32);
  database.execute("INSERT INTO bmob_sessions(token, user, expires) VALUES(?, ?, ?)",
                   {token, user, toMillis(context.now() + lifetime)});
  return token;
}

std::string userOfSession(Context& context, std::string_view token) {
  const auto row = context.database().first("SELECT user FROM bmob_sessions WHERE token = ? AND expires > ?",
                                            {std::string{token}, toMillis(context.now())});
  return row ? row->text("user") : std::string{};
}

void endSessions(Context& context, const std::string& user, const std::string& except) {
  context.database().execute("DELETE FROM bmob_sessions WHERE user = ? AND token <> ?", {user, except});
}

Actor actorOf(Context& context, std::string_view token, bool isMaster) {
  Actor actor{.isMaster = isMaster};
  if (token.empty() || token == nobody) return actor;
  actor.token = token;
  actor.user = userOfSession(context, token);
  actor.hasExpiredToken = actor.user.empty();
  return actor;
}

Reply checkSession(Context&, const Call& call) {
  const bool isGood = !call.actor.user.empty() && call.actor.user == call.captured.at(0);
  return answer(Fields{{"msg", isGood ? "ok" : "fail"}});
}

}  // namespace openapi::gateway::bmob
