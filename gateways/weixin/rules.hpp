#pragma once

#include <codec/xml.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace openapi::gateway::weixin {

/// A failure before the signature was accepted: `return_code=FAIL`, unsigned.
struct NotAccepted {
  std::string message;
};

/// A business failure: `result_code=FAIL`, signed.
struct Refused {
  std::string code;
  std::string description;
};

enum class Shape { text, amount, orderNumber, refundNumber, time, date, address, orderUrl, refundUrl, count };

/// What the platform's document says about one element.
struct Rule {
  std::string_view name;
  std::size_t most;  ///< characters
  bool required;
  Shape shape;
};

/// Checks the elements one by one. Throws `NotAccepted` that names the first bad one.
void check(const codec::FlatXml& xml, std::span<const Rule> rules);

/// The rules of each request beyond the common elements.
[[nodiscard]] std::span<const Rule> unifiedOrderRules();
[[nodiscard]] std::span<const Rule> orderQueryRules();
[[nodiscard]] std::span<const Rule> closeOrderRules();
[[nodiscard]] std::span<const Rule> refundRules();
[[nodiscard]] std::span<const Rule> refundQueryRules();
[[nodiscard]] std::span<const Rule> commonRules();
/// The conditions between elements of an order: `openid`, `product_id`, `scene_info`.
void checkTradeType(const codec::FlatXml& xml);

}  // namespace openapi::gateway::weixin
