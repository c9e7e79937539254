// A Beast server for WeChat's message push, in safe mode: it answers the check of its address, verifies and decrypts messages,
// answers each once however often it is delivered, and refuses what is not WeChat's.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <exception>
#include <iostream>
#include <set>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace wx = openapi::weixin;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

struct Desk {
  openapi::Weixin& weixin;
  asio::ip::tcp::acceptor acceptor;
  std::set<std::string> seen{};  ///< ids of messages; a real server forgets them after some minutes
  int answered = 0;
  int repeated = 0;
  int refused = 0;
};

struct Answer {
  std::string contentType = "text/plain";
  std::string body = "success";
};

wx::PushRequest pushOf(const Request& request) {
  const std::string target{request.target()};
  const auto mark = target.find('?');
  return {.query = mark == std::string::npos ? "" : target.substr(mark + 1), .body = request.body()};
}

/// Hands the user over to the customer service, once.
asio::awaitable<Answer> reply(Desk& desk, wx::PushMessage message) {
  if (!desk.seen.insert(message.id).second) {
    ++desk.repeated;
    co_return Answer{};
  }
  ++desk.answered;
  std::cout << message.fromUserName << ": " << message.content.value_or(message.msgType) << '\n';
  wx::PushReplyRequest request{.message = openapi::Fields{{"ToUserName", message.fromUserName},
                                                          {"FromUserName", message.toUserName},
                                                          {"CreateTime", message.createTime},
                                                          {"MsgType", "transfer_customer_service"}},
                               .format = message.format};
  auto sealed = co_await desk.weixin.messagePush.reply(request);
  co_return Answer{sealed.contentType, sealed.body};
}

asio::awaitable<Answer> answer(Desk& desk, Request request) {
  const auto push = pushOf(request);
  if (request.method() == http::verb::get) {
    auto check = co_await desk.weixin.messagePush.verifyUrl(push);
    co_return Answer{"text/plain", check.echostr};
  }
  auto message = co_await desk.weixin.messagePush.receive(push);
  auto made = co_await reply(desk, message);
  co_return made;
}

asio::awaitable<Response> respond(Desk& desk, Request request) {
  Response response{http::status::ok, request.version()};
  try {
    auto made = co_await answer(desk, request);
    response.set(http::field::content_type, made.contentType);
    response.body() = made.body;
  } catch (const openapi::Error& error) {
    ++desk.refused;
    std::cout << "refused, " << toString(error.errc()) << '\n';
    response.result(http::status::forbidden);
  }
  response.prepare_payload();
  co_return response;
}

asio::awaitable<void> serve(Desk& desk, asio::ip::tcp::socket socket) {
  beast::tcp_stream stream{std::move(socket)};
  stream.expires_after(std::chrono::seconds{10});
  beast::flat_buffer buffer;
  http::request_parser<http::string_body> parser;
  parser.body_limit(64 * 1024);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  auto response = co_await respond(desk, parser.get());
  co_await http::async_write(stream, response, asio::use_awaitable);
  if (desk.answered == 1 && desk.repeated == 1 && desk.refused == 1) desk.acceptor.close();  // all that this sample expects
}

asio::awaitable<void> listen(Desk& desk) {
  while (desk.acceptor.is_open()) {
    auto socket = co_await desk.acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(desk.acceptor.get_executor(), serve(desk, std::move(socket)), [](std::exception_ptr) {});
  }
}

/// What comes back for a request from outside.
asio::awaitable<std::string> ask(Desk& desk, Request request) {
  beast::tcp_stream stream{desk.acceptor.get_executor()};
  stream.expires_after(std::chrono::seconds{10});
  co_await stream.async_connect(desk.acceptor.local_endpoint(), asio::use_awaitable);
  request.set(http::field::host, "shop.example");
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  Response response;
  co_await http::async_read(stream, buffer, response, asio::use_awaitable);
  co_return response.body();
}

asio::awaitable<void> visitors(Desk& desk, samples::LocalPlatforms& platforms) {
  const auto url = "http://127.0.0.1:" + std::to_string(desk.acceptor.local_endpoint().port()) + "/push";
  const auto check = platforms.control("POST", "/pushcheck", openapi::Fields{{"provider", "weixinApi"}, {"url", url}});
  Request asked{http::verb::get, "/push?" + *check.find("query")->string(), 11};
  auto echo = co_await ask(desk, asked);
  samples::require(echo == *check.find("echostr")->string(), "the check of the address is answered");

  Request forged{http::verb::post, "/push?signature=0&timestamp=1&nonce=2&encrypt_type=aes&msg_signature=0", 11};
  forged.body() = R"({"ToUserName":"gh_1","Encrypt":"AAAA"})";
  co_await ask(desk, forged);

  platforms.control("POST", "/push",
                    openapi::Fields{{"provider", "weixinApi"},
                                    {"url", url},
                                    {"notifyTimes", 2},
                                    {"message", openapi::Fields{{"MsgType", "text"}, {"Content", "在吗？"}}}});
}

int main() try {
  samples::LocalPlatforms platforms;
  asio::io_context context;
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};
  Desk desk{weixin, {context, {asio::ip::address_v4::loopback(), 0}}};

  asio::co_spawn(context, listen(desk), [](std::exception_ptr) {});  // ends when the acceptor is closed
  asio::co_spawn(context, visitors(desk, platforms), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run_for(std::chrono::seconds{30});
  samples::require(desk.answered == 1 && desk.repeated == 1, "the message came twice and is answered once");
  samples::require(desk.refused == 1, "the forged message is refused");
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
