#include <cli/platform_needs.hpp>

#include <algorithm>
#include <array>

namespace openapi::cli {
namespace {

struct Row {
  std::string_view provider;
  std::string_view method;
  std::string_view members;  ///< empty: the platform has no such operation
};

constexpr std::string_view number = "outTradeNo or transactionId";

// What providers refuse to send without; tests/reference/needs_test.cpp holds the two together. Alipay itself also wants to know
// the buyer of an order: openid, or one of its other names in extra.
constexpr std::array rows{
    Row{"weixin", "payment.getOrderInfo", "body; openid for mp-weixin and jsapi; sceneInfo for h5"},
    Row{"weixin", "payment.unifiedOrder", "body; openid for JSAPI; productId for NATIVE; sceneInfo for MWEB"},
    Row{"weixin", "payment.orderQuery", number},
    Row{"weixin", "payment.closeOrder", "outTradeNo"},
    Row{"weixin", "payment.cancelOrder", {}},
    Row{"weixin", "payment.refund", "outTradeNo or transactionId; outRefundNo; totalFee; the merchant's certificate"},
    Row{"weixin", "payment.refundQuery", "outTradeNo, transactionId, outRefundNo or refundId"},
    Row{"weixin", "payment.downloadFundflow", "the merchant's certificate"},
    Row{"alipay", "payment.getOrderInfo", "subject; openid for mp-alipay"},
    Row{"alipay", "payment.unifiedOrder", "subject"},
    Row{"alipay", "payment.orderQuery", number},
    Row{"alipay", "payment.closeOrder", number},
    Row{"alipay", "payment.cancelOrder", number},
    Row{"alipay", "payment.refund", "outTradeNo or transactionId; outRefundNo unless the whole order is refunded at once"},
    Row{"alipay", "payment.refundQuery", "outRefundNo; outTradeNo or transactionId"},
    Row{"alipay", "payment.verifyRefundNotify", {}},
    Row{"bmob", "query.unset", "columns"},
    Row{"bmob", "query.statistics", "sum, average, maximum, minimum, groupBy or groupCount"},
    Row{"bmob", "query.batch", "requests; objectId for PUT and DELETE"},
    Row{"bmob", "file.destroyAll", "urls"},
};

}  // namespace

PlatformNeeds platformNeeds(std::string_view provider, std::string_view method) {
  const auto isIt = [&](const Row& row) { return row.provider == provider && row.method == method; };
  const auto* row = std::find_if(rows.begin(), rows.end(), isIt);
  if (row == rows.end()) return {};
  return {row->members.empty(), row->members};
}

}  // namespace openapi::cli
