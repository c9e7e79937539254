#pragma once

#include "ledger.hpp"

#include <string>
#include <vector>

namespace demo {

/// A notification that no platform sent.
struct Forgery {
  std::string kind{};  ///< English, with the Chinese beside it
  std::string path{};  ///< at the shop
  std::string contentType{};
  std::string body{};
  openapi::Errc reason{};  ///< why it must be refused
};

/// What the forger works with: genuine notifications he has seen, and unpaid orders that he wants to be paid.
struct ForgersView {
  std::string weixinPayment{};  ///< bodies of genuine notifications
  std::string weixinRefund{};
  std::string alipayPayment{};
  Sale weixinVictim{};
  Sale alipayVictim{};
  /// For messages that the platform did sign, but for somebody else: the keys of both.
  std::string weixinKey{};
  std::string alipayPrivateKey{};
};

/// Twenty forged notifications.
[[nodiscard]] std::vector<Forgery> forge(const ForgersView& view);
/// The same claims with the right keys: what would verify. They show that it is the keys which the forger lacks.
[[nodiscard]] std::vector<Forgery> withRightKeys(const ForgersView& view);

}  // namespace demo
