// The gateways' HTTP server byte by byte: what clients may send, what they must not, and what the server cuts on purpose.
#include <gateways/http_server.hpp>
#include <gateways/keys.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace openapi;
using namespace openapi::gateway;

namespace {

constexpr int patience = 30;  // seconds until a server that never answers fails a test

/// Ten blocks of 1,000 bytes.
class Blocks : public BodySource {
 public:
  std::string next() override { return ++given_ > 10 ? std::string{} : std::string(1000, static_cast<char>('a' + given_)); }
  [[nodiscard]] bool halfway() const override { return given_ >= 5; }

 private:
  int given_ = 0;
};

/// Gives back what it got; `/stream` gives blocks, `/cut…` loses half, `/drop` says nothing.
Reply mirror(const Request& request) {
  Reply reply{.contentType = "text/plain",
              .body = request.method + " " + request.path + "?" + request.query + " " + request.body};
  reply.headers.add("X-One", "1");
  if (request.path.ends_with("stream")) reply.source = std::make_shared<Blocks>();
  if (request.path.starts_with("/cut")) reply.fault = TransportFault::truncate;
  if (request.path == "/drop") reply.fault = TransportFault::dropConnection;
  if (request.path == "/fail") throw std::runtime_error{"no luck"};
  return reply;
}

class Server {
 public:
  explicit Server(const std::optional<ServerTls>& tls = {})
      : server_{std::make_unique<HttpServer>(context_.get_executor(), std::uint16_t{0}, tls, mirror)},
        thread_{[this] { context_.run(); }} {}
  ~Server() {
    context_.stop();
    thread_.join();
    server_.reset();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  [[nodiscard]] tcp::endpoint endpoint() const { return {asio::ip::address_v4::loopback(), server_->port()}; }

 private:
  asio::io_context context_{1};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

tcp::socket connected(asio::io_context& context, const Server& server) {
  tcp::socket socket{context};
  socket.connect(server.endpoint());
  const timeval time{.tv_sec = patience, .tv_usec = 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  return socket;
}

/// Everything until the server closes. `clean`, when given: whether it said goodbye rather than hung up.
template <class Stream>
std::string rest(Stream& stream, bool* clean = nullptr) {
  std::string text;
  error_code error;
  asio::read(stream, asio::dynamic_buffer(text), error);
  BOOST_TEST((error != asio::error::try_again), "the server keeps the connection open");
  if (clean != nullptr) *clean = error == asio::error::eof;
  return text;
}

std::string answerTo(const Server& server, const std::string& request) {
  asio::io_context context;
  auto socket = connected(context, server);
  error_code ignored;  // the server may refuse before it has read everything
  asio::write(socket, asio::buffer(request), ignored);
  return rest(socket);
}

std::size_t countOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string bodyOf(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string{} : answer.substr(end + 4);
}

std::string statusLineOf(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

const std::string closing = "Host: x\r\nConnection: close\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(an_answer_is_exact) {
  const Server server;
  BOOST_TEST(answerTo(server, "GET /a?b=c%20d HTTP/1.1\r\n" + closing + "\r\n") ==
             "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/plain\r\nX-One: 1\r\nConnection: close\r\nContent-Length: "
             "15\r\n\r\nGET /a?b=c%20d ");
}

BOOST_AUTO_TEST_CASE(requests_one_after_another_and_ahead_of_their_answers) {
  const Server server;
  const std::string one = "POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  const auto answers = answerTo(server, one + one + one + "GET /last HTTP/1.1\r\n" + closing + "\r\n");
  BOOST_TEST(countOf(answers, "HTTP/1.1 200 OK\r\n") == 4U);
  BOOST_TEST(countOf(answers, "POST /one? abc") == 3U);
  BOOST_TEST(answers.ends_with("GET /last? "));
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
  const Server server;
  asio::io_context context;
  auto socket = connected(context, server);
  socket.set_option(tcp::no_delay{true});
  const auto request =
      "POST /slow HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + closing + "\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
  for (const char byte : request) asio::write(socket, asio::buffer(&byte, 1));
  BOOST_TEST(bodyOf(rest(socket)) == "POST /slow? abcde");
}

BOOST_AUTO_TEST_CASE(a_head_has_no_body_and_the_connection_goes_on) {
  const Server server;
  for (const std::string path : {"/sized", "/stream"}) {
    const auto answers =
        answerTo(server, "HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\n" + closing + "\r\n");
    BOOST_TEST(statusLineOf(answers) == "HTTP/1.1 200 OK");
    BOOST_TEST(bodyOf(answers).starts_with("HTTP/1.1 200 OK\r\n"), answers);
    BOOST_TEST(answers.ends_with("GET /next? "));
  }
}

BOOST_AUTO_TEST_CASE(old_clients_get_their_answer_and_the_end) {
  const Server server;
  BOOST_TEST(answerTo(server, "GET /old HTTP/1.0\r\n\r\n").ends_with("GET /old? "));
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused) {
  const Server server;
  const auto check = [&](const std::string& request, const std::string& status) {
    const auto answer = answerTo(server, request);
    BOOST_TEST(statusLineOf(answer) == status, request.substr(0, 200));
    BOOST_TEST(countOf(answer, "HTTP/1.1 ") == 1U);
    BOOST_TEST(countOf(answer, "Connection: close\r\n") == 1U);
  };
  const std::string bad = "HTTP/1.1 400 Bad Request";
  check("\x16\x03\x01 garbage\r\n\r\n", bad);
  check("GET / HTTP/2.5\r\n\r\n", bad);
  check("GET  / HTTP/1.1\r\n\r\n", bad);
  check("GET / HTTP/1.1\r\nNo colon\r\n\r\n", bad);
  check("GET / HTTP/1.1\r\nA b: c\r\n\r\n", bad);
  check("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", bad);
  check("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", bad);
  check("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", bad);
  check("POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n", bad);
  check("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", bad);
  check("GET / HTTP/1.1\r\nX: " + std::string(HttpServer::maxHeaderBytes, 'x') + "\r\n\r\n",
        "HTTP/1.1 431 Request Header Fields Too Large");
  check("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(HttpServer::maxBodyBytes + 1) + "\r\n\r\n",
        "HTTP/1.1 413 Payload Too Large");
  check("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", bad);
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_in_the_middle_harms_nobody) {
  const Server server;
  const std::string request = "POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345";
  for (std::size_t size = 0; size <= request.size(); ++size) {
    asio::io_context context;
    auto socket = connected(context, server);
    asio::write(socket, asio::buffer(request.data(), size));
    if (size % 2 == 0) socket.shutdown(tcp::socket::shutdown_send);
    if (size % 2 == 0) BOOST_TEST(rest(socket).empty());
  }
  BOOST_TEST(answerTo(server, "GET /still HTTP/1.1\r\n" + closing + "\r\n").ends_with("GET /still? "));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_made_comes_in_chunks) {
  const Server server;
  const auto answer = answerTo(server, "GET /stream HTTP/1.1\r\n" + closing + "\r\n");
  BOOST_TEST(countOf(answer, "Transfer-Encoding: chunked\r\n") == 1U);
  BOOST_TEST(countOf(answer, "Content-Length") == 0U);
  std::string expected;
  for (char letter = 'b'; letter < 'l'; ++letter) expected += "3e8\r\n" + std::string(1000, letter) + "\r\n";
  BOOST_TEST(bodyOf(answer) == expected + "0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_cut_answer_ends_in_its_middle) {
  const Server server;
  const auto sized = answerTo(server, "GET /cut HTTP/1.1\r\n" + closing + "\r\n");
  BOOST_TEST(countOf(sized, "Content-Length: 10\r\n") == 1U);
  BOOST_TEST(bodyOf(sized) == "GET /");
  const auto streamed = bodyOf(answerTo(server, "GET /cut/stream HTTP/1.1\r\n" + closing + "\r\n"));
  BOOST_TEST(streamed.size() > 4000U);
  BOOST_TEST(streamed.size() < 5100U);
  BOOST_TEST(!streamed.ends_with("0\r\n\r\n"));
  BOOST_TEST(answerTo(server, "GET /drop HTTP/1.1\r\n" + closing + "\r\n").empty());
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_an_answer) {
  const Server server;
  const auto answer = answerTo(server, "GET /fail HTTP/1.1\r\n" + closing + "\r\n");
  BOOST_TEST(statusLineOf(answer) == "HTTP/1.1 500 Internal Server Error");
  BOOST_TEST(bodyOf(answer) == "the local gateway failed: no luck\n");
}

BOOST_AUTO_TEST_CASE(with_tls_only_a_whole_answer_has_an_orderly_end) {
  const auto keys = makeTlsKeys("10000100");
  const Server server{std::optional<ServerTls>{ServerTls{keys.serverCertificate, keys.serverKey, {}}}};
  for (const std::size_t size : {1U, 5U, 6U, 11U}) {  // what is no handshake ends that connection alone
    asio::io_context context;
    auto socket = connected(context, server);
    asio::write(socket, asio::buffer("\x16\x03\x01\x02\x00\x01 rubbish", size));
  }
  const auto check = [&](const std::string& path, const std::string& body, bool orderly) {
    asio::io_context context;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    asio::ssl::stream<tcp::socket> stream{connected(context, server), tls};
    stream.handshake(asio::ssl::stream_base::client);
    asio::write(stream, asio::buffer("GET " + path + " HTTP/1.1\r\n" + closing + "\r\n"));
    bool clean = false;
    BOOST_TEST(bodyOf(rest(stream, &clean)) == body);
    BOOST_TEST(clean == orderly, path);
  };
  check("/whole", "GET /whole? ", true);
  check("/cut", "GET /", false);
  check("/drop", "", false);
}

BOOST_AUTO_TEST_SUITE_END()
