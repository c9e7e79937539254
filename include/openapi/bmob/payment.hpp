#pragma once

#include <openapi/bmob/service.hpp>
#include <openapi/fen.hpp>

namespace openapi::bmob {

struct RefundRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string orderNo{};  ///< Bmob's number of the order
  Fen refundFee{};        ///< how much, in fen; goes out as yuan
  std::string desc{};     ///< why
};
BOOST_DESCRIBE_STRUCT(RefundRequest, (), (sessionToken, useMasterKey, orderNo, refundFee, desc))

/// The platform does not document its answer to success.
struct RefundResult {
  using KeepsNames = void;
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundResult, (), (extra))

/// Money. Only what Bmob's documents have: refunds of WeChat payments that were made through Bmob.
class Payment {
 public:
  explicit Payment(SharedServices services) : services_{std::move(services)} {}

  /// Gives money back. Never repeated, for Bmob has no refund number: when the outcome is `unknown`, look at the order in the
  /// console before you do it again.
  Awaitable<RefundResult> refund(const RefundRequest& request) const;

  OPENAPI_NAMED_REQUEST(refund, RefundRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
