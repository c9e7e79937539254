#include <gateways/bmob/nonces.hpp>

#include <crypto/digest.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace openapi::gateway::bmob {

std::size_t Nonces::FirstBytes::operator()(const Digest& digest) const {
  std::size_t bytes = 0;
  std::memcpy(&bytes, digest.data(), sizeof bytes);
  return bytes;
}

bool Nonces::add(std::string_view key, Time now, Time until) {
  if (older_.end < now) {
    std::swap(older_, newer_);
    newer_.known.clear();  // which keeps its memory
    newer_.end = {};
  }
  Digest digest;
  std::copy_n(crypto::sha256(key).begin(), digest.size(), digest.begin());
  if (older_.known.contains(digest) || !newer_.known.insert(digest).second) return false;
  newer_.end = std::max(newer_.end, until);
  return true;
}

}  // namespace openapi::gateway::bmob
