#include "bill/entry_hash.hpp"

#include <openapi/error.hpp>

#include <unistd.h>

#include <bit>
#include <cstring>

namespace openapi::bill {
namespace {

class SipState {
 public:
  SipState(std::uint64_t first, std::uint64_t second)
      : a_{first ^ 0x736F6D6570736575U},
        b_{second ^ 0x646F72616E646F6DU},
        c_{first ^ 0x6C7967656E657261U},
        d_{second ^ 0x7465646279746573U} {}

  void add(std::uint64_t word) {
    d_ ^= word;
    mix();
    a_ ^= word;
  }

  /// The text, filled up with zeros; its length goes elsewhere.
  void add(std::string_view text) {
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
      add(wordOf(text.substr(0, sizeof(std::uint64_t))));
    }
    if (!text.empty()) add(wordOf(text));
  }

  [[nodiscard]] std::uint64_t finish() {
    c_ ^= 0xFFU;
    mix();
    mix();
    mix();
    return a_ ^ b_ ^ c_ ^ d_;
  }

 private:
  static std::uint64_t wordOf(std::string_view bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), bytes.size());
    return word;
  }

  void mix() {
    a_ += b_;
    b_ = std::rotl(b_, 13) ^ a_;
    a_ = std::rotl(a_, 32);
    c_ += d_;
    d_ = std::rotl(d_, 16) ^ c_;
    a_ += d_;
    d_ = std::rotl(d_, 21) ^ a_;
    c_ += b_;
    b_ = std::rotl(b_, 17) ^ c_;
    c_ = std::rotl(c_, 32);
  }

  std::uint64_t a_;
  std::uint64_t b_;
  std::uint64_t c_;
  std::uint64_t d_;
};

}  // namespace

EntryHash::EntryHash() {
  if (::getentropy(key_.data(), sizeof key_) != 0) throw Error{Errc::config, "the system gives no random numbers"};
}

std::uint64_t EntryHash::operator()(const Entry& entry) const {
  SipState state{key_[0], key_[1]};
  // The lengths keep "a" + "bc" and "ab" + "c" apart.
  state.add(static_cast<std::uint64_t>(entry.kind) | entry.outTradeNo.size() << 8U | entry.outRefundNo.size() << 32U);
  state.add(entry.outTradeNo);
  state.add(entry.outRefundNo);
  return state.finish();
}

}  // namespace openapi::bill
