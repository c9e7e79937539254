#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::weixin {

struct Coupon {
  std::string id{};
  std::string type{};  ///< CASH, NO_CASH
  std::int64_t fee = 0;
};

[[nodiscard]] std::int64_t sumOf(const std::vector<Coupon>& coupons);
/// The sum of those of one type.
[[nodiscard]] std::int64_t sumOf(const std::vector<Coupon>& coupons, std::string_view type);

/// As the database keeps them.
[[nodiscard]] std::string storedCoupons(const std::vector<Coupon>& coupons);
[[nodiscard]] std::vector<Coupon> couponsFromStored(const std::string& text);

/// Digits of fixed width from a running number.
[[nodiscard]] std::string digits(std::int64_t number, std::size_t width);

}  // namespace openapi::gateway::weixin
