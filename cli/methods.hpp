#pragma once

#include <openapi/json.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cli/shape.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::cli {

/// A configured provider: the objects whose methods can be called. Those that the provider lacks are null.
class Client;

class SharedTransports;

/// How a provider is opened.
struct OpenOptions {
  std::optional<std::int64_t> timeout{};   ///< replaces the file's, in milliseconds
  std::optional<int> attempts{};           ///< of one call at most, fewer than usual; 1: each request is sent once
  SharedTransports* transports = nullptr;  ///< connections that several configurations share; null: its own
  bool certificate = true;                 ///< false: what is called needs no client certificate, so that none is read
};

/// One method of a provider, from JSON to JSON.
struct Method {
  std::string_view name;
  Shape (*input)();
  Shape (*output)();
  /// Reads the input at once (throws `invalidArgument`), and gives the call to await.
  boost::asio::awaitable<Json> (*call)(Client& client, const Json& input);
};

struct ProviderEntry {
  std::string_view name;
  std::vector<Method> methods;
  Shape (*config)();
  /// Throws `Error` with `Errc::config` that names the file.
  std::shared_ptr<Client> (*open)(boost::asio::any_io_executor executor, const std::string& configPath,
                                  const OpenOptions& options);
};

/// Everything that can be called.
[[nodiscard]] std::vector<ProviderEntry> providers();

// Both throw `UsageError` that lists what there is.
[[nodiscard]] ProviderEntry findProvider(std::string_view name);
[[nodiscard]] Method findMethod(const ProviderEntry& provider, std::string_view name);

}  // namespace openapi::cli
