// Bodies that go to a sink piece by piece, over real sockets.
#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace testing;
using openapi::Errc;

namespace {

/// Keeps what comes, or fails when it has enough.
class Collector : public openapi::BodySink {
 public:
  explicit Collector(std::size_t enough = SIZE_MAX) : enough_{enough} {}
  void begin(const openapi::HttpResponse& head) override {
    ++begun;
    status = head.status;
    tag = head.headers.get("X-Tag");
    text.clear();
  }
  void take(std::string_view bytes) override {
    ++pieces;
    largest = std::max(largest, bytes.size());
    text += bytes;
    if (text.size() >= enough_) throw openapi::Error{Errc::config, "enough"};
  }

  int begun = 0;
  int status = 0;
  int pieces = 0;
  std::size_t largest = 0;
  std::string tag;
  std::string text;

 private:
  std::size_t enough_;
};

openapi::HttpRequest into(const std::shared_ptr<Collector>& sink, const std::string& url) {
  auto request = post(url);
  request.sink = sink;
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(streaming)

BOOST_AUTO_TEST_CASE(body_goes_to_the_sink) {
  const std::string large(3'000'000, 'b');
  auto options = trusting();
  options.maxResponseBytes = 1000;  // of answers that are kept
  for (const bool tls : {true, false}) {
    Server server{{.tls = tls}, answering([&](const std::string&) { return ok(large, "X-Tag: v1\r\n"); })};
    const auto sink = std::make_shared<Collector>();
    const auto client = makeClient(options);
    const auto responses = fetchAll(client, {into(sink, server.url()), into(sink, server.url())});
    BOOST_TEST(responses[1].body.empty());
    BOOST_TEST(responses[1].status == 200);
    BOOST_TEST(responses[1].headers.get("X-Tag") == "v1");
    BOOST_TEST(sink->begun == 2);
    BOOST_TEST(sink->tag == "v1");
    BOOST_TEST((sink->text == large));
    BOOST_TEST(sink->largest <= 256U * 1024);
    BOOST_TEST(server.connections() == 1);
  }
}

BOOST_AUTO_TEST_CASE(split_at_every_byte) {
  const std::string answers[] = {
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<xml>\r\n7;ext=1\r\n1</xml>\r\n0\r\nX: y\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("<xml>1</xml>")};
  for (const auto& answer : answers) {
    std::size_t at = 0;
    Server server{{.tls = false}, [&](Peer& peer) {
                    while (!peer.readRequest().empty()) {
                      peer.send(answer.substr(0, at));
                      peer.send(answer.substr(at));
                      ++at;
                    }
                  }};
    const auto client = makeClient();
    for (std::size_t i = 0; i <= answer.size(); ++i) {
      const auto sink = std::make_shared<Collector>();
      (void)fetch(client, into(sink, server.url()));
      BOOST_REQUIRE(sink->text == "<xml>1</xml>");
      BOOST_REQUIRE(sink->begun == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(empty_body_and_other_statuses) {
  Server server{answering([](const std::string&) { return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"; })};
  const auto sink = std::make_shared<Collector>();
  BOOST_TEST(fetch(makeClient(), into(sink, server.url())).status == 404);
  BOOST_TEST(sink->begun == 1);
  BOOST_TEST(sink->status == 404);
  BOOST_TEST(sink->pieces == 0);
}

BOOST_AUTO_TEST_CASE(failing_sink_ends_the_request) {
  Server server{{.tls = false}, [](Peer& peer) {
                  (void)peer.readRequest();
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  while (peer.send("5\r\nhello\r\n")) {
                  }
                }};
  const auto failure = failureOf(makeClient(), into(std::make_shared<Collector>(10), server.url()));
  BOOST_TEST(failure.errc() == Errc::config);
  BOOST_TEST(std::string{failure.what()} == "enough");
}

BOOST_AUTO_TEST_CASE(cut_body) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    peer.cut();
  }};
  CHECK_FAILURE(failureOf(makeClient(), into(std::make_shared<Collector>(), server.url())), connectionLost, unknown);
}

BOOST_AUTO_TEST_CASE(long_body_outlives_the_deadline_of_its_head) {
  Event half;
  Server server{{.tls = false}, [&](Peer& peer) {
                  (void)peer.readRequest();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
                  half.wait();
                  peer.send("full");
                  peer.awaitEnd();
                }};
  const auto sink = std::make_shared<Collector>();
  auto request = into(sink, server.url());
  request.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{300};
  request.longestPause = patience;
  std::thread later{[&] {
    std::this_thread::sleep_until(request.deadline + std::chrono::milliseconds{50});  // past the deadline: the point of the test
    half.set();
  }};
  (void)fetch(makeClient(), request);
  later.join();
  BOOST_TEST(sink->text == "halffull");
}

// The socket is never empty: nobody but the client itself makes room for the cancellation.
BOOST_AUTO_TEST_CASE(cancelled_while_bytes_keep_coming) {
  class Slow : public Collector {
   public:
    void take(std::string_view bytes) override {
      for (int round = 0; round < 500; ++round) text = bytes;
      taken += bytes.size();
      if (taken > 4'000'000) reached.set();
    }
    std::size_t taken = 0;
    Event reached;
  };
  for (const bool tls : {true, false}) {
    Server server{{.tls = tls}, [](Peer& peer) {
                    const std::string piece(64 * 1024, 'b');
                    if (peer.readRequest().empty()) return;
                    bool listens = peer.send("HTTP/1.1 200 OK\r\n\r\n");
                    while (listens) listens = peer.send(piece);
                  }};
    const auto sink = std::make_shared<Slow>();
    CHECK_FAILURE(failureOfCancelled(makeClient(), into(sink, server.url()), sink->reached), cancelled, unknown);
  }
}

BOOST_AUTO_TEST_CASE(pause_that_is_too_long) {
  Server server{{.tls = false}, [](Peer& peer) {
                  (void)peer.readRequest();
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
                  peer.awaitEnd();
                }};
  auto request = into(std::make_shared<Collector>(), server.url());
  request.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{100};
  request.longestPause = std::chrono::milliseconds{200};
  CHECK_FAILURE(failureOf(makeClient(), request), timeout, unknown);
}

BOOST_AUTO_TEST_CASE(progress_of_a_body_that_goes_out) {
  const std::string large(1'000'000, 'u');
  for (const bool tls : {true, false}) {
    Server server{{.tls = tls}, answering([&](const std::string& request) { return ok(std::to_string(request.size())); })};
    const auto client = makeClient();
    for (const auto& body : {large, std::string{"x"}, std::string{}}) {
      std::vector<std::size_t> seen;
      auto request = post(server.url(), body);
      request.progress = [&seen](std::size_t written) { seen.push_back(written); };
      const auto response = fetch(client, request);
      BOOST_TEST(std::stoul(response.body) > body.size());  // head and body
      BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
      BOOST_TEST((seen.empty() ? 0 : seen.back()) == body.size());
      BOOST_TEST((seen.size() > 2) == (body.size() > 1));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_progress_that_throws_ends_the_request) {
  Server server{{.tls = false}, answering([](const std::string&) { return ok("done"); })};
  const auto client = makeClient();
  auto request = post(server.url(), std::string(1'000'000, 'u'));
  request.progress = [](std::size_t) { throw openapi::Error{Errc::cancelled, "enough"}; };
  const auto failure = failureOf(client, request);
  BOOST_TEST(std::string{failure.what()} == "enough");
  BOOST_TEST(fetch(client, post(server.url())).body == "done");
}

BOOST_AUTO_TEST_SUITE_END()
