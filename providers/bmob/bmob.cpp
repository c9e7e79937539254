#include <openapi/bmob.hpp>

#include <bmob/services.hpp>
#include <http/client.hpp>

#include <utility>

namespace openapi {

class Bmob::Impl {
 public:
  Impl(boost::asio::any_io_executor executor, const BmobConfig& config, const HttpOptions& options)
      : executor_{std::move(executor)},
        services{std::make_shared<const bmob::Services>(
            bmob::settingsFrom(config), options.transport ? options.transport : http::makeClient(options), options)} {}

 private:
  boost::asio::any_io_executor executor_;  // of the work that is no call's own

 public:
  bmob::SharedServices services;
};

Bmob::Bmob(boost::asio::any_io_executor executor, BmobConfig config, HttpOptions options)
    : impl_{std::make_shared<Impl>(std::move(executor), config, options)},
      user{impl_->services},
      rows{impl_->services},
      file{impl_->services},
      push{impl_->services},
      weapp{impl_->services},
      sms{impl_->services},
      functions{impl_->services},
      payment{impl_->services},
      server{impl_->services} {}

Bmob::Bmob(Bmob&&) noexcept = default;
Bmob::~Bmob() = default;

}  // namespace openapi
