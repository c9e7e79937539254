// HTTP proxies: tunnels for https, absolute URLs for http.
#include "support.hpp"

#include "http/client.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

using namespace testing;

namespace {

// Connects to a port of this machine and carries bytes both ways until one side ends.
void tunnel(Peer& peer, int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  std::thread back{[&] {
    char bytes[4096];
    for (ssize_t count = ::recv(socket, bytes, sizeof bytes, 0); count > 0; count = ::recv(socket, bytes, sizeof bytes, 0)) {
      peer.send({bytes, static_cast<std::size_t>(count)});
    }
    ::shutdown(peer.socket(), SHUT_RDWR);
  }};
  for (auto bytes = peer.readSome(); !bytes.empty(); bytes = peer.readSome()) {
    (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  ::shutdown(socket, SHUT_RDWR);
  back.join();
  ::close(socket);
}

std::string proxyUrl(const Server& proxy, const std::string& user = "") {
  return "http://" + user + "127.0.0.1:" + std::to_string(proxy.port());
}

bool mentions(const openapi::Error& error, const std::string& text) {
  return std::string(error.what()).find(text) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(proxies)

BOOST_AUTO_TEST_CASE(https_through_a_tunnel) {
  Server target{answering([](const std::string& request) { return ok(request.substr(0, request.find("\r\n"))); })};
  std::string asked;
  Server proxy{{.tls = false}, [&](Peer& peer) {
                 asked = peer.readRequest();
                 peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
                 tunnel(peer, target.port());
               }};
  auto options = trusting();
  options.proxy = proxyUrl(proxy, "user:pass%20word@");
  const auto responses = fetchAll(makeClient(options), {post(target.url("/a")), post(target.url("/b"))});
  BOOST_TEST(responses[0].body == "POST /a HTTP/1.1");
  BOOST_TEST(responses[1].body == "POST /b HTTP/1.1");
  BOOST_TEST(proxy.connections() == 1);
  const auto address = "127.0.0.1:" + std::to_string(target.port());
  BOOST_TEST(asked.starts_with("CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"));
  BOOST_TEST(asked.find("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_certificate_is_the_targets) {
  Server target{{.identity = makeCertificate({.alternatives = "DNS:elsewhere.test"}, &identities().authority)},
                answering([](const std::string&) { return ok(""); })};
  Server proxy{{.tls = false}, [&](Peer& peer) {
                 (void)peer.readRequest();
                 peer.send("HTTP/1.1 200 OK\r\n\r\n");
                 tunnel(peer, target.port());
               }};
  auto options = trusting();
  options.proxy = proxyUrl(proxy);
  CHECK_FAILURE(failureOf(makeClient(options), post("https://shop.test/")), connect, notSent);
}

BOOST_AUTO_TEST_CASE(http_in_absolute_form) {
  std::string asked;
  Server proxy{{.tls = false}, answering([&](const std::string& request) { return asked = request, ok("via proxy"); })};
  auto options = trusting();
  options.proxy = proxyUrl(proxy, "user:secret@");
  BOOST_TEST(fetch(makeClient(options), post("http://shop.test:81/x?y=z")).body == "via proxy");
  BOOST_TEST(asked.starts_with("POST http://shop.test:81/x?y=z HTTP/1.1\r\nHost: shop.test:81\r\n"));
  BOOST_TEST(asked.find("Proxy-Authorization: Basic ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(proxies_that_refuse) {
  const std::string answers[] = {"HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\ndenied",
                                 "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
                                 "HTTP/1.1 302 Found\r\nLocation: http://login.test/\r\n\r\n",
                                 "nonsense\r\n\r\n",
                                 "",
                                 "HTTP/1.1 200 OK\r\n\r\nbytes of nobody"};
  for (const auto& answer : answers) {
    BOOST_TEST_CONTEXT(answer) {
      Server proxy{{.tls = false}, [&](Peer& peer) {
                     (void)peer.readRequest();
                     peer.send(answer);
                   }};
      auto options = trusting();
      options.proxy = proxyUrl(proxy, "user:secret@");
      const auto failure = failureOf(makeClient(options), post("https://shop.test/"));
      CHECK_FAILURE(failure, connect, notSent);
      BOOST_TEST(mentions(failure, "127.0.0.1:" + std::to_string(proxy.port())), failure.what());
      BOOST_TEST(!mentions(failure, "secret"));
      BOOST_TEST(!mentions(failure, "c2Vjc"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_stalls) {
  Event reached;
  Server proxy{{.tls = false}, [&](Peer& peer) {
                 (void)peer.readRequest();
                 reached.set();
                 peer.awaitEnd();
               }};
  auto options = trusting();
  options.proxy = proxyUrl(proxy);
  CHECK_FAILURE(failureOf(makeClient(options), post("https://shop.test/", "", std::chrono::milliseconds{150})), timeout, notSent);
  CHECK_FAILURE(failureOfCancelled(makeClient(options), post("https://shop.test/"), reached), cancelled, notSent);
}

BOOST_AUTO_TEST_CASE(the_environment) {
  Server target{answering([](const std::string&) { return ok("direct or not"); })};
  Server proxy{{.tls = false}, [&](Peer& peer) {
                 (void)peer.readRequest();
                 peer.send("HTTP/1.1 200 OK\r\n\r\n");
                 tunnel(peer, target.port());
               }};
  auto options = trusting();
  options.proxy.reset();
  const auto client =
      openapi::http::makeClient(options, localNames({{"HTTPS_PROXY", proxyUrl(proxy)}, {"NO_PROXY", "direct.test"}}));
  BOOST_TEST(fetch(client, post(target.url("/", "shop.test"))).status == 200);
  BOOST_TEST(proxy.connections() == 1);
  CHECK_FAILURE(failureOf(client, post(target.url("/", "direct.test"))), connect, notSent);  // the certificate has no such name
  BOOST_TEST(fetch(client, post(target.url())).status == 200);                               // this machine itself
  BOOST_TEST(proxy.connections() == 1);
  options.proxy = "";
  const auto none = openapi::http::makeClient(options, localNames({{"HTTPS_PROXY", proxyUrl(proxy)}}));
  BOOST_TEST(fetch(none, post(target.url("/", "shop.test"))).status == 200);
  BOOST_TEST(proxy.connections() == 1);
  options.proxy.reset();
  BOOST_CHECK_EXCEPTION(
      (void)openapi::http::makeClient(options, localNames({{"HTTPS_PROXY", "socks5://u:secret@p"}})), openapi::Error,
      [](const openapi::Error& error) { return error.errc() == openapi::Errc::config && !mentions(error, "secret"); });
}

BOOST_AUTO_TEST_SUITE_END()
