#pragma once

#include <openapi/fen.hpp>
#include <openapi/json.hpp>

#include <gateways/alipay/wire.hpp>
#include <gateways/clock.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace openapi::gateway::alipay {

// Readers of biz_content. Each refuses with ACQ.INVALID_PARAMETER.

/// `参数无效：` and what is wrong.
[[nodiscard]] Refusal invalidParameter(const std::string& what);
/// The text of `name`, empty when it is absent or null; whole numbers count as text.
[[nodiscard]] std::string textOf(const Json& biz, std::string_view name, std::size_t maxLength);
[[nodiscard]] std::string requiredText(const Json& biz, std::string_view name, std::size_t maxLength);
/// A positive amount of yuan as text or number, at most two decimals; `label` begins the text of a refusal.
[[nodiscard]] Fen requiredAmount(const Json& biz, std::string_view name, const std::string& label);
/// Whether `query_options` asks for `name`.
[[nodiscard]] bool queryOption(const Json& biz, std::string_view name);

/// How the product behind a method treats its orders.
enum class Product { create, precreate, app, page, wap, pay };

/// What an order says, checked.
struct OrderParams {
  Product product = Product::create;
  std::string outTradeNo{};
  Fen total{};
  std::string subject{};
  std::string body{};
  std::string buyerId{};
  std::string buyerOpenId{};
  std::string productCode{};
  std::string passbackParams{};
  std::string storeId{};
  std::string operatorId{};
  std::string terminalId{};
  std::string authCode{};
  Time expires{};

  /// What must not change when an order is sent again.
  [[nodiscard]] std::string fingerprint() const;
};

struct OrderRules {
  Product product = Product::create;
  std::string sellerId{};
  bool subjectCharacters = false;  ///< refuse `/`, `=` and `&` in subjects
};

/// A stable user number for a login name.
[[nodiscard]] std::string userIdFor(std::string_view name);
[[nodiscard]] bool isUserId(std::string_view text);

[[nodiscard]] OrderParams readOrder(const Json& biz, const OrderRules& rules, Time now);

}  // namespace openapi::gateway::alipay
