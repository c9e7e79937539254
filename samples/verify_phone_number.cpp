// A phone number, verified through Bmob: a code goes out by SMS, the user types it, and each code works once. What a wrong one
// looks like, and what a text costs before it is sent.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace bmob = openapi::bmob;

/// Whether the code is the one that was sent. A code that is wrong or used up is no failure of the program.
asio::awaitable<bool> isRight(const bmob::Sms& sms, std::string phone, std::string typed) {
  bmob::VerifySmsCodeRequest attempt{.mobilePhoneNumber = phone, .smsCode = typed};
  try {
    auto done = co_await sms.verifySmsCode(attempt);
    co_return done.msg == "ok";
  } catch (const openapi::Error& error) {
    if (error.errCode() != "207") throw;
    std::cout << typed << ": " << error.errMsg() << '\n';
  }
  co_return false;
}

asio::awaitable<void> verify(openapi::Bmob& cloud, bool& verified) {
  const std::string phone = "18600000000";
  bmob::RequestSmsCodeRequest request{.mobilePhoneNumber = phone};
  auto sent = co_await cloud.sms.requestSmsCode(request);
  bmob::QuerySmsRequest query{sent.smsId};
  auto status = co_await cloud.sms.querySms(query);
  std::cout << "message " << sent.smsId << ": " << status.smsState << '\n';

  const bool wrong = co_await isRight(cloud.sms, phone, "000000");
  const bool right = co_await isRight(cloud.sms, phone, "123456");
  const bool again = co_await isRight(cloud.sms, phone, "123456");
  verified = !wrong && right && !again;
}

int main() try {
  std::cout << bmob::smsMessageCount("您的验证码是123456，有效期为5分钟。") << " message\n";
  samples::LocalPlatforms platforms;
  asio::io_context context;
  openapi::Bmob cloud{context.get_executor(), platforms.bmob, platforms.http};
  bool verified = false;
  asio::co_spawn(context, verify(cloud, verified), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  samples::require(verified, "the code works once");
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
