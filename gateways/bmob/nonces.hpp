#pragma once

#include <gateways/clock.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace openapi::gateway::bmob {

/// The nonces of signed requests, for at least as long as their timestamps are good. They are not kept over a restart.
class Nonces {
 public:
  /// False when `key` was there before. `until`: when a request with this key is refused for its age.
  bool add(std::string_view key, Time now, Time until);

 private:
  using Digest = std::array<unsigned char, 16>;  ///< of a key: a gateway under load keeps a million of them
  struct FirstBytes {
    std::size_t operator()(const Digest& digest) const;
  };
  struct Generation {
    boost::unordered_flat_set<Digest, FirstBytes> known{};
    Time end{};  ///< the latest `until`: later than that all of it can go
  };

  Generation older_{};
  Generation newer_{};
};

}  // namespace openapi::gateway::bmob
