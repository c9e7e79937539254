#pragma once

#include <openapi/bmob/changes.hpp>
#include <openapi/bmob/file.hpp>
#include <openapi/bmob/functions.hpp>
#include <openapi/bmob/payment.hpp>
#include <openapi/bmob/push.hpp>
#include <openapi/bmob/query.hpp>
#include <openapi/bmob/rows.hpp>
#include <openapi/bmob/server.hpp>
#include <openapi/bmob/sms.hpp>
#include <openapi/bmob/user.hpp>
#include <openapi/bmob/values.hpp>
#include <openapi/bmob/weapp.hpp>
#include <openapi/http_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace openapi {

/// Who calls Bmob, and with which keys. Two ways: `applicationId` with `restApiKey`, which travel with each request; or
/// `secretKey`, which travels, with `safeCode`, which signs each request and never travels.
struct BmobConfig {
  std::string baseUrl{};                        ///< of the application, from Bmob's console: `https://api.example.com`
  std::optional<std::string> applicationId{};   ///< Application ID
  std::optional<std::string> restApiKey{};      ///< REST API Key
  std::optional<std::string> secretKey{};       ///< Secret Key
  std::optional<std::string> safeCode{};        ///< the API safety code that you set in the console
  std::optional<std::string> authentication{};  ///< `signed` or `simple`; default `signed` with `secretKey` and `safeCode`
  std::optional<std::string> masterKey{};       ///< Master Key; goes out only with a request that has `useMasterKey`
  std::optional<std::string> sessionToken{};    ///< of the user who calls, where the request names none
  std::optional<std::string> loginMethod{};     ///< `GET` (default), as all of Bmob's SDKs log in, or `POST`
  std::int64_t timeout = 5000;                  ///< milliseconds, over all attempts of one call
};
BOOST_DESCRIBE_STRUCT(BmobConfig, (),
                      (baseUrl, applicationId, restApiKey, secretKey, safeCode, authentication, masterKey, sessionToken,
                       loginMethod, timeout))

/// The Bmob backend cloud. Cheap to move; keep it as long as you like, calls under way do not need it.
class Bmob {
 public:
  /// Throws `Error` with `Errc::config` when something is missing.
  Bmob(boost::asio::any_io_executor executor, BmobConfig config, HttpOptions options = {});
  Bmob(Bmob&&) noexcept;
  ~Bmob();

  /// Questions to the table `className` (`_User`: the users), and writes to it. Throws `invalidArgument` for what cannot be a
  /// table's name.
  [[nodiscard]] bmob::Query query(std::string className) const { return {rows, std::move(className)}; }

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;

 public:
  bmob::User user;
  bmob::Rows rows;
  bmob::Files file;
  bmob::Push push;
  bmob::Weapp weapp;
  bmob::Sms sms;
  bmob::Functions functions;
  bmob::Payment payment;
  bmob::Server server;
};

}  // namespace openapi
