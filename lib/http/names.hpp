#pragma once

#include "http/pool.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace openapi::http {

using Addresses = std::vector<boost::asio::ip::address>;

struct NameAnswer {
  boost::system::error_code failure{};
  Addresses addresses{};
};

/// Looks `host` up and calls `done` once, from any thread, late or never.
using Resolve = std::function<void(const std::string& host, std::function<void(NameAnswer)> done)>;

/// The system's resolver, on a thread of its own for each lookup: `getaddrinfo` cannot be cancelled, and on
/// Asio's one resolver thread a slow name would hold up all others.
[[nodiscard]] Resolve systemResolver();

/// Looks host names up, remembers the answers for a while, and asks only once for callers of the same time.
class Names : public std::enable_shared_from_this<Names> {
 public:
  class Lookup;

  Names(Resolve resolve, std::chrono::milliseconds cacheTime) : resolve_{std::move(resolve)}, cacheTime_{cacheTime} {}

  [[nodiscard]] std::optional<Addresses> cached(const std::string& host);
  /// Starts a lookup or joins the one under way; `bell` rings when there is an answer.
  [[nodiscard]] std::shared_ptr<Lookup> lookUp(const std::string& host, const std::shared_ptr<Pool::Bell>& bell);
  /// The addresses did not work: ask again next time.
  void forget(const std::string& host);

 private:
  struct Known {
    Addresses addresses;
    std::chrono::steady_clock::time_point until;
  };

  void finish(const std::string& host, const std::shared_ptr<Lookup>& lookup, NameAnswer answer);

  const Resolve resolve_;
  const std::chrono::milliseconds cacheTime_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;
  std::map<std::string, std::shared_ptr<Lookup>> running_;
};

class Names::Lookup {
 public:
  [[nodiscard]] std::optional<NameAnswer> answer() const;

 private:
  friend class Names;
  mutable std::mutex mutex_;
  std::optional<NameAnswer> answer_;
  std::vector<std::weak_ptr<Pool::Bell>> bells_;
};

}  // namespace openapi::http
