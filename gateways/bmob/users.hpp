#pragma once

#include <gateways/bmob/rows.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

struct Registration {
  int status = 201;
  Json json{};  ///< `{createdAt,objectId,sessionToken}`, or of a status of 200 the whole user
};

/// Registers by name and password, by phone and code, or by the account of another platform (`authData`). The last two log in who
/// is there already. Refuses with 107, 108, 202, 203, 207 to 209 and 301.
[[nodiscard]] Registration registerUser(Context& context, const Fields& body);
/// Refuses with 101, 202, 203, 206, 208, 209 and 211.
[[nodiscard]] Json updateUser(Context& context, const Actor& actor, const std::string& id, const Fields& body);
[[nodiscard]] Json deleteUser(Context& context, const Actor& actor, const std::string& id);

/// The user itself or the master. Refuses with 206 without a session, with 211 when it is over or somebody else's.
void requireOwner(const Actor& actor, const std::string& user);
/// Refuses with 101.
[[nodiscard]] StoredRow userRow(Context& context, const std::string& id);
/// The user whose `username`, `email` or `mobilePhoneNumber` this is.
[[nodiscard]] std::optional<StoredRow> userWith(Context& context, std::string_view column, const std::string& value);
/// Logs in or registers by phone. The code is used up.
[[nodiscard]] Json phoneLogin(Context& context, const Fields& body);
/// A user as others see it: without what opens accounts on other platforms.
[[nodiscard]] Fields publicUser(Fields user);
/// A user as it sees itself, with a new session.
[[nodiscard]] Json loggedIn(Context& context, const StoredRow& user);

/// Writes a new user that is complete; gives it. Refuses with 202, 203, 209 and 301.
[[nodiscard]] StoredRow insertUser(Context& context, Fields body);

// POST `/1/users` and `/1/usersv1`; PUT and DELETE `/1/users/ID`
[[nodiscard]] Reply createUser(Context& context, const Call& call);
[[nodiscard]] Reply changeUser(Context& context, const Call& call);
[[nodiscard]] Reply removeUser(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
