#pragma once

#include <gateways/bmob/catalog.hpp>
#include <gateways/bmob/file_store.hpp>
#include <gateways/bmob/nonces.hpp>
#include <gateways/bmob/refused.hpp>
#include <gateways/bmob/settings.hpp>
#include <gateways/bmob/wrong_codes.hpp>
#include <gateways/platform.hpp>

#include <codec/form.hpp>
#include <openapi/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// What all operations work with. An operation is a free function `Reply name(Context&, const Call&)` that runs in a transaction
/// and refuses by throwing `Refused`: then nothing of what it wrote stays.
struct Context {
  BmobIdentity identity;
  Services services;
  Settings settings;
  Catalog catalog;
  FileStore files;
  Nonces nonces{};
  WrongCodes wrongCodes{};

  [[nodiscard]] Time now() const { return services.clock.now(); }
  [[nodiscard]] Database& database() const { return services.database; }
};

/// Who sends a request.
struct Actor {
  bool isMaster = false;         ///< the master key: no ACL, no session is needed
  std::string user{};            ///< whose session it is; empty without one
  std::string token{};           ///< of the session, as it was sent
  bool hasExpiredToken = false;  ///< a session was named that is unknown or over
};

/// One request that passed authentication.
struct Call {
  const Request& http;
  std::string method{};                 ///< in a tunnelled request, the one that it names
  std::vector<std::string> path{};      ///< the parts between the slashes, decoded; empty parts are gone
  std::vector<std::string> captured{};  ///< what stands for `:` and `*` in the route's pattern
  codec::FormFields query{};            ///< decoded
  Json body{};                          ///< an object, or null when there is no body or the route takes bytes (`http.body`)
  Actor actor{};
  bool isTunnelled = false;

  /// A parameter of the query, empty when it is absent.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

/// The members of a call's body; none when there is no body.
[[nodiscard]] Fields membersOf(const Call& call);
/// The body of a call that needs one. Refuses with 107 where there is none or an empty object.
[[nodiscard]] const Fields& contentOf(const Call& call);

// Readers of members. A number will do for a text, as with old clients; anything else refuses with 102.
[[nodiscard]] std::string textOf(const Fields& object, std::string_view name);      ///< empty when it is absent
[[nodiscard]] std::string neededText(const Fields& object, std::string_view name);  ///< refuses with 118 when it is absent
[[nodiscard]] std::optional<std::int64_t> integerOf(const Fields& object, std::string_view name);
/// The whole of `text` as a decimal number.
[[nodiscard]] std::optional<std::int64_t> numberIn(std::string_view text);

[[nodiscard]] Reply answer(const Json& json, int status = 200);
/// The answer with `Location`: `path` such as `/1/users/ID`.
[[nodiscard]] Reply created(const Call& call, const std::string& path, const Json& json, int status = 201);
/// `{"msg":"ok"}`
[[nodiscard]] Reply done();
[[nodiscard]] Json okMessage();
/// The address of this gateway as the client wrote it, such as `https://127.0.0.1:8443`.
[[nodiscard]] std::string baseUrlOf(const Call& call);

/// `length` lower-case hex digits.
[[nodiscard]] std::string randomHex(std::size_t length);

}  // namespace openapi::gateway::bmob
