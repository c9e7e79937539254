// Requests and answers over real sockets: what a good and a hostile server can send.
#include "support.hpp"

#include "codec/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace testing;
using openapi::Errc;

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(keeps_the_connection) {
  Server server{
      answering([](const std::string& request) { return ok(request.substr(0, request.find(' ')) + " seen", "X-Tag: v1\r\n"); })};
  auto get = post(server.url("/a?b=c"), "");
  get.method = "GET";
  const auto responses = fetchAll(makeClient(), {post(server.url()), get, post(server.url("/2"), std::string(300000, 'x'))});
  BOOST_REQUIRE(responses.size() == 3U);
  BOOST_TEST(responses[0].status == 200);
  BOOST_TEST(responses[0].body == "POST seen");
  BOOST_TEST(responses[0].headers.get("x-tag") == "v1");
  BOOST_TEST(responses[1].body == "GET seen");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(sends_what_was_asked) {
  std::string seen;
  Server server{answering([&](const std::string& request) { return seen = request, ok(""); })};
  auto request = post(server.url("/pay?x=1"), "<xml/>");
  request.headers.add("Content-Type", "text/xml");
  (void)fetch(makeClient(), request);
  BOOST_TEST(seen.starts_with("POST /pay?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                              "\r\nUser-Agent: openapi-cpp/"));
  BOOST_TEST(seen.ends_with("\r\nContent-Type: text/xml\r\nContent-Length: 6\r\n\r\n<xml/>"));
}

BOOST_AUTO_TEST_CASE(plain_http) {
  Server server{{.tls = false}, answering([](const std::string&) { return ok("plain"); })};
  const auto responses = fetchAll(makeClient(), {post(server.url()), post(server.url())});
  BOOST_TEST(responses[1].body == "plain");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(statuses_are_not_failures) {
  for (const int status : {201, 302, 404, 500, 503}) {
    Server server{answering([&](const std::string&) {
      return "HTTP/1.1 " + std::to_string(status) +
             " Whatever\r\nLocation: https://elsewhere.test/\r\nContent-Length: 2\r\n\r\nhm";
    })};
    const auto response = fetch(makeClient(), post(server.url()));
    BOOST_TEST(response.status == status);
    BOOST_TEST(response.body == "hm");
    BOOST_TEST(server.connections() == 1);  // and the redirection is not followed
  }
}

BOOST_AUTO_TEST_CASE(answers_without_body) {
  Server server{answering([](const std::string& request) -> std::string {
    if (request.starts_with("HEAD")) return "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
    return "HTTP/1.1 204 No Content\r\n\r\n";
  })};
  auto head = post(server.url(), "");
  head.method = "HEAD";
  const auto responses = fetchAll(makeClient(), {head, post(server.url()), head});
  BOOST_TEST(responses[0].body == "");
  BOOST_TEST(responses[1].status == 204);
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(split_at_every_byte) {
  const std::string answers[] = {
      ok("<xml>1</xml>", "Content-Type: text/xml\r\n"),
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<xml>\r\n7;ext=1\r\n1</xml>\r\n0\r\nX: y\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("<xml>1</xml>")};
  for (const bool tls : {true, false}) {
    for (const auto& answer : answers) {
      std::size_t at = 0;
      Server server{{.tls = tls}, [&](Peer& peer) {
                      while (!peer.readRequest().empty()) {
                        peer.send(answer.substr(0, at));
                        peer.send(answer.substr(at));
                        ++at;
                      }
                    }};
      const auto responses = fetchAll(makeClient(), std::vector(answer.size() + 1, post(server.url())));
      for (const auto& response : responses) BOOST_REQUIRE(response.body == "<xml>1</xml>");
      BOOST_TEST(server.connections() == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(one_byte_at_a_time) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    for (const char c : ok("slow but sure")) peer.send({&c, 1});
    peer.awaitEnd();
  }};
  BOOST_TEST(fetch(makeClient(), post(server.url())).body == "slow but sure");
}

BOOST_AUTO_TEST_CASE(limits) {
  Server server{answering([](const std::string& request) -> std::string {
    if (request.starts_with("POST /header ")) return ok("", "X: " + std::string(20000, 'x') + "\r\n");
    if (request.starts_with("POST /endless ")) return "HTTP/1.1 200 OK\r\nX: " + std::string(200000, 'x');
    if (request.starts_with("POST /length ")) return "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    if (request.starts_with("POST /chunks ")) {
      std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
      for (int i = 0; i < 200; ++i) answer += "64\r\n" + std::string(100, 'x') + "\r\n";
      return answer;
    }
    if (request.starts_with("POST /extension ")) {
      return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200000, 'x');
    }
    if (request.starts_with("POST /trailer ")) {
      return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(200000, 'x');
    }
    return ok(std::string(10000, 'y'));
  })};
  auto options = trusting();
  options.maxResponseBytes = 10000;
  const auto client = makeClient(options);
  BOOST_TEST(fetch(client, post(server.url("/fits"))).body.size() == 10000U);
  for (const char* path : {"/header", "/endless", "/length", "/chunks", "/extension", "/trailer"}) {
    BOOST_TEST_CONTEXT(path) { CHECK_FAILURE(failureOf(client, post(server.url(path))), badResponse, unknown); }
  }
  auto small = post(server.url("/fits"));
  small.maxResponseBytes = 9999;
  CHECK_FAILURE(failureOf(client, small), badResponse, unknown);
  small.maxResponseBytes = 10000;
  BOOST_TEST(fetch(client, small).status == 200);
}

BOOST_AUTO_TEST_CASE(malformed_answers) {
  const std::string bad[] = {
      "<html>not http</html>\r\n\r\n",
      "HTTP/2.0 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 abc OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX\x01: x\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: 0\n\n\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
      std::string("\0\0\0\0\r\n\r\n", 8),
      ok("abc", "Content-Encoding: br\r\n"),
      ok("abc", "Content-Encoding: gzip\r\n"),
      ok(openapi::codec::gzip("abc"), "Content-Encoding: gzip, gzip\r\n"),
      ok(openapi::codec::gzip(openapi::codec::gzip("abc")), "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"),
  };
  for (const auto& answer : bad) {
    BOOST_TEST_CONTEXT(answer) {
      Server server{answering([&](const std::string&) { return answer; })};
      CHECK_FAILURE(failureOf(makeClient(), post(server.url())), badResponse, unknown);
    }
  }
  std::string many;
  for (int i = 0; i < 50; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  Server server{answering([&](const std::string&) { return many; })};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url())), badResponse, unknown);
}

BOOST_AUTO_TEST_CASE(gzip) {
  const std::string text(50000, 'z');
  Server server{answering([&](const std::string& request) -> std::string {
    const auto packed = openapi::codec::gzip(request.starts_with("POST /bomb ") ? std::string(1000000, '0') : text);
    return ok(packed, "Content-Encoding: gzip\r\n");
  })};
  auto options = trusting();
  options.maxResponseBytes = 60000;
  BOOST_TEST(fetch(makeClient(options), post(server.url())).body == text);
  CHECK_FAILURE(failureOf(makeClient(options), post(server.url("/bomb"))), badResponse, unknown);
}

BOOST_AUTO_TEST_CASE(body_until_the_end) {
  for (const bool tls : {true, false}) {
    Server server{{.tls = tls}, [](Peer& peer) {
                    (void)peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\n\r\nas long ");
                    peer.send("as it takes");
                    peer.close();
                  }};
    const auto responses = fetchAll(makeClient(), {post(server.url()), post(server.url())});
    BOOST_TEST(responses[1].body == "as long as it takes");
    BOOST_TEST(server.connections() == 2);
  }
}

BOOST_AUTO_TEST_CASE(end_that_was_not_announced) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\n\r\npart of it");
    peer.cut();  // no close_notify: an attacker may have done it
  }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url())), connectionLost, unknown);
}

BOOST_AUTO_TEST_CASE(cut_after_a_whole_answer) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send(ok("whole"));
    peer.cut();
  }};
  BOOST_TEST(fetch(makeClient(), post(server.url())).body == "whole");
}

BOOST_AUTO_TEST_CASE(cut_answers) {
  const std::string answers[] = {ok("0123456789"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"};
  for (const auto& answer : answers) {
    for (std::size_t at = 0; at < answer.size(); ++at) {
      Server server{{.tls = at % 2 == 0}, [&](Peer& peer) {
                      (void)peer.readRequest();
                      peer.send(answer.substr(0, at));
                      peer.close();
                    }};
      CHECK_FAILURE(failureOf(makeClient(), post(server.url())), connectionLost, unknown);
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_after_the_answer) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send(ok("good") + ok("forged"));
    peer.awaitEnd();
  }};
  const auto responses = fetchAll(makeClient(), {post(server.url()), post(server.url())});
  BOOST_TEST(responses[0].body == "good");
  BOOST_TEST(responses[1].body == "good");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(server_that_wants_to_close) {
  Server server{answering([](const std::string&) { return ok("bye", "Connection: close\r\n"); })};
  const auto responses = fetchAll(makeClient(), {post(server.url()), post(server.url())});
  BOOST_TEST(responses[1].body == "bye");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(refused_before_anything_is_sent) {
  Server server{answering([](const std::string&) { return ok(""); })};
  const auto client = makeClient();
  auto request = post(server.url());
  request.headers.add("X-Evil", "a\r\nContent-Length: 0");
  CHECK_FAILURE(failureOf(client, request), invalidArgument, notSent);
  CHECK_FAILURE(failureOf(client, post("ftp://127.0.0.1/")), invalidArgument, notSent);
  CHECK_FAILURE(failureOf(client, post("nonsense")), invalidArgument, notSent);
  BOOST_TEST(server.connections() == 0);
}

namespace {

struct Notes : openapi::Observer {
  void started(const Started& event) override {
    lines.push_back("started " + std::string(event.label) + " " + std::string(event.target) + " " +
                    std::to_string(event.requestBytes) + " " + std::to_string(event.attempt));
  }
  void finished(const Finished& event) override {
    lines.push_back("finished " + std::string(event.label) + " " + std::string(event.target) + " " +
                    std::to_string(event.attempt) + " " + std::to_string(event.httpStatus) + " " +
                    std::string(event.failure ? toString(*event.failure) : "fine") + " " + std::to_string(event.responseBytes));
    slow = slow || event.latency < std::chrono::microseconds{0};
  }
  std::vector<std::string> lines;
  bool slow = false;
};

}  // namespace

BOOST_AUTO_TEST_CASE(observers_see_no_secrets) {
  Server server{answering([](const std::string& request) -> std::string {
    return request.starts_with("POST /pay?") ? "HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nabc" : "junk\r\n\r\n";
  })};
  const auto notes = std::make_shared<Notes>();
  auto options = trusting();
  options.observer = notes;
  const auto client = makeClient(options);
  auto request = post(server.url("/pay?access_token=secret"), "1234");
  request.label = "weixin payment.refund";
  request.attempt = 2;
  request.headers.add("Authorization", "secret");
  (void)fetch(client, request);
  request.url = server.url("/junk");
  (void)failureOf(client, request);
  const std::vector<std::string> expected{"started weixin payment.refund https://127.0.0.1/pay 4 2",
                                          "finished weixin payment.refund https://127.0.0.1/pay 2 503 fine 3",
                                          "started weixin payment.refund https://127.0.0.1/junk 4 2",
                                          "finished weixin payment.refund https://127.0.0.1/junk 2 0 badResponse 0"};
  BOOST_TEST(notes->lines == expected, boost::test_tools::per_element());
  BOOST_TEST(!notes->slow);
}

BOOST_AUTO_TEST_SUITE_END()
