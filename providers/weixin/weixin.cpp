#include <openapi/weixin.hpp>

#include <http/client.hpp>
#include <weixin/payment.hpp>
#include <weixin/services/services.hpp>

#include <utility>

namespace openapi {

class Weixin::Impl {
 public:
  Impl(boost::asio::any_io_executor executor, const WeixinConfig& config, const HttpOptions& options)
      : executor_{std::move(executor)},
        transport_{options.transport ? options.transport : http::makeClient(options)},
        payment{weixin::makePayment(config, transport_, options)},
        services{std::make_shared<const weixin::Services>(config, transport_, options)} {}

 private:
  boost::asio::any_io_executor executor_;  // of the work that is no call's own
  std::shared_ptr<Transport> transport_;

 public:
  std::unique_ptr<Payment> payment;
  weixin::SharedServices services;
};

Weixin::Weixin(boost::asio::any_io_executor executor, WeixinConfig config, HttpOptions options)
    : impl_{std::make_shared<Impl>(std::move(executor), config, options)},
      auth{impl_->services},
      analysis{impl_->services},
      customerServiceMessage{impl_->services},
      wxacode{impl_->services},
      img{impl_->services},
      subscribeMessage{impl_->services},
      phonenumber{impl_->services},
      security{impl_->services},
      urlscheme{impl_->services},
      urllink{impl_->services},
      order{impl_->services},
      openData{impl_->services},
      messagePush{impl_->services},
      payment{*impl_->payment} {}

Weixin::Weixin(Weixin&&) noexcept = default;
Weixin::~Weixin() = default;

}  // namespace openapi
