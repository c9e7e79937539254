#pragma once

#include <openapi/token_store.hpp>

#include <cli/config.hpp>

#include <memory>

namespace openapi::cli {

/// The store that the member `redis` describes (`RedisOptions`, with `passwordFile` too), so that calls of the command
/// line share their tokens; null without that member, which is taken out of `file`. Throws `Error` with `Errc::config`.
[[nodiscard]] std::shared_ptr<TokenStore> takeTokenStore(ConfigFile& file);

}  // namespace openapi::cli
