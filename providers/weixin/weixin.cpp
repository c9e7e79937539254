#include <openapi/weixin.hpp>

#include <http/client.hpp>
#include <weixin/payment.hpp>

#include <utility>

namespace openapi {

class Weixin::Impl {
 public:
  Impl(boost::asio::any_io_executor executor, const WeixinConfig& config, const HttpOptions& options)
      : executor_{std::move(executor)},
        payment{weixin::makePayment(config, options.transport ? options.transport : http::makeClient(options), options)} {}

 private:
  boost::asio::any_io_executor executor_;  // of the work that is no call's own

 public:
  std::unique_ptr<Payment> payment;
};

Weixin::Weixin(boost::asio::any_io_executor executor, WeixinConfig config, HttpOptions options)
    : impl_{std::make_shared<Impl>(std::move(executor), config, options)}, payment{*impl_->payment} {}

Weixin::Weixin(Weixin&&) noexcept = default;
Weixin::~Weixin() = default;

}  // namespace openapi
