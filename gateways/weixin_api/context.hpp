#pragma once

#include <gateways/platform.hpp>
#include <gateways/weixin_api/media_shelf.hpp>
#include <gateways/weixin_api/quotas.hpp>
#include <gateways/weixin_api/refused.hpp>
#include <gateways/weixin_api/settings.hpp>

#include <codec/form.hpp>
#include <openapi/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::gateway::weixin_api {

/// What all endpoints work with. An endpoint is a free function `Reply name(Context&, const Call&)` that runs in a transaction.
/// It refuses by throwing `Refused`; what it had written by then stays.
struct Context {
  WeixinIdentity identity;
  Services services;
  Settings settings;
  Quotas quotas;
  MediaShelf media;

  [[nodiscard]] Time now() const { return services.clock.now(); }
  [[nodiscard]] Database& database() const { return services.database; }
  /// Whether the merchant has an app of this id.
  [[nodiscard]] bool hasApp(std::string_view appId) const;
};

/// One request that passed the checks which its endpoint asked for.
struct Call {
  const Request& http;
  std::string appId{};        ///< whose token it is
  codec::FormFields query{};  ///< decoded
  Json body = Fields{};       ///< of endpoints that take JSON: an object

  /// A parameter of the query, empty when it is absent.
  [[nodiscard]] std::string parameter(std::string_view name) const;
};

// Readers of JSON members. They are lenient as the platform is: a number for a text and a numeric text for a number will do.
// Anything else throws `Refused` 47001.
[[nodiscard]] std::string textOf(const Json& object, std::string_view name);  ///< empty when it is absent
[[nodiscard]] std::optional<std::int64_t> integerOf(const Json& object, std::string_view name);
[[nodiscard]] std::optional<bool> flagOf(const Json& object, std::string_view name);
/// The object `name`, or null.
[[nodiscard]] const Json* objectOf(const Json& object, std::string_view name);

/// `fields` as the platform's JSON answer.
[[nodiscard]] Reply answer(const Fields& fields);
/// `fields` after `errcode` 0 and `errmsg` "ok".
[[nodiscard]] Reply success(const Fields& fields = {});

/// `count` random bytes.
[[nodiscard]] std::string randomBytes(std::size_t count);
/// `count` random characters that need no encoding in a URL.
[[nodiscard]] std::string randomUrlText(std::size_t count);

}  // namespace openapi::gateway::weixin_api
