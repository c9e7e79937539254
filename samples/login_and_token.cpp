// Login of a mini program: the client's code becomes the user's openid and a session key, which stays on the server. The
// phone number comes by a code of its own. Codes work once; nobody asks for an access token, the library keeps one.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <map>

namespace asio = boost::asio;
namespace wx = openapi::weixin;

struct Session {
  std::string key{};  ///< secret: never hand it to the client
  std::string phone{};
};

/// By openid. A real server gives the client a random number that stands for the session.
using Sessions = std::map<std::string, Session>;

asio::awaitable<std::string> login(const wx::Auth& auth, std::string code, Sessions& sessions) {
  auto user = co_await auth.code2Session(code);
  sessions[user.openid].key = user.sessionKey;
  co_return user.openid;
}

asio::awaitable<void> keepPhone(const wx::Phonenumber& phonenumber, std::string code, Session& session) {
  wx::GetPhoneNumberRequest request{.code = code};
  auto answer = co_await phonenumber.getPhoneNumber(request);
  session.phone = answer.phoneInfo.purePhoneNumber;
}

/// What the server tells the client when a login fails.
asio::awaitable<std::string> refusal(const wx::Auth& auth, std::string code, Sessions& sessions) {
  try {
    co_await login(auth, code, sessions);
    co_return "";
  } catch (const openapi::Error& error) {
    if (error.errCode() == "40029" || error.errCode() == "40163") co_return "log in again";
    co_return error.retryable() ? "try again later" : "not possible";
  }
}

asio::awaitable<void> visit(openapi::Weixin& weixin, std::string code, std::string phoneCode, Sessions& sessions) {
  auto openid = co_await login(weixin.auth, code, sessions);
  co_await keepPhone(weixin.phonenumber, phoneCode, sessions[openid]);
  std::cout << openid << ": " << sessions[openid].phone << '\n';
  auto again = co_await refusal(weixin.auth, code, sessions);
  std::cout << "the same code once more: " << again << '\n';
  samples::require(again == "log in again", "a code works once");
}

int main() try {
  samples::LocalPlatforms platforms;
  asio::io_context context;
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};
  Sessions sessions;

  const auto code = platforms.codeOf("/code", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");            // wx.login of the client
  const auto phoneCode = platforms.codeOf("/phonecode", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");  // its phone number button
  asio::co_spawn(context, visit(weixin, code, phoneCode, sessions), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  samples::require(sessions.size() == 1 && sessions.begin()->second.phone == "13580006666", "one user with a phone number");
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
