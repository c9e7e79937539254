// The client's rules, without sockets.
#include "support.hpp"

#include "http/head.hpp"
#include "http/pool.hpp"
#include "http/proxy.hpp"
#include "http/response_reader.hpp"
#include "http/retry.hpp"
#include "http/url.hpp"

#include <openapi/wait.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <limits>

using namespace testing;
using namespace openapi::http;
using openapi::Errc;

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(urls) {
  const auto plain = splitUrl("https://API.mch.weixin.qq.com/pay/unifiedorder");
  BOOST_TEST(plain.tls);
  BOOST_TEST(plain.host == "api.mch.weixin.qq.com");
  BOOST_TEST(plain.port == "443");
  BOOST_TEST(plain.authority == "api.mch.weixin.qq.com");
  BOOST_TEST(plain.path == "/pay/unifiedorder");
  const auto full = splitUrl("http://[::1]:8080?a=%20b&sign=1#top");
  BOOST_TEST(!full.tls);
  BOOST_TEST(full.host == "::1");
  BOOST_TEST(full.authority == "[::1]:8080");
  BOOST_TEST(full.path == "/?a=%20b&sign=1");
  BOOST_TEST(full.shown == "http://[::1]/");
  BOOST_TEST(full.address() == "[::1]:8080");
  for (const char* bad :
       {"", "/pay", "ftp://host/", "https:///path", "https://user:secret@host/", "https://host:99999/", "https://host:0/",
        "https://ho st/", "https://host/\r\nX: y", "https://h%41/", "https:host", "javascript:alert(1)"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_CHECK_EXCEPTION((void)splitUrl(bad), openapi::Error, [](const openapi::Error& error) {
        return error.errc() == Errc::invalidArgument && std::string(error.what()).find("secret") == std::string::npos;
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(heads) {
  auto request = post("https://shop.test:8443/a?b=c", "12345");
  request.headers.add("Content-Type", "text/xml");
  std::string head = "left over";
  writeHead(head, request, splitUrl(request.url), nullptr);
  BOOST_TEST(head.starts_with("POST /a?b=c HTTP/1.1\r\nHost: shop.test:8443\r\nUser-Agent: openapi-cpp/"));
  BOOST_TEST(head.ends_with("\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\n"));
  request.method = "GET";
  request.body.clear();
  request.headers = {{"User-Agent", "mine"}};
  writeHead(head, request, splitUrl(request.url), nullptr);
  BOOST_TEST(head == "GET /a?b=c HTTP/1.1\r\nHost: shop.test:8443\r\nUser-Agent: mine\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(headers_that_must_not_go_out) {
  const auto refused = [](const std::string& name, const std::string& value) {
    auto request = post("https://shop.test/");
    request.headers.add(name, value);
    BOOST_CHECK_EXCEPTION(checkRequest(request), openapi::Error,
                          [](const openapi::Error& e) { return e.errc() == Errc::invalidArgument; });
  };
  refused("X", "a\r\nY: b");
  refused("X", "a\nb");
  refused("X", std::string("a\0b", 3));
  refused("X: y", "z");
  refused("", "z");
  refused("content-LENGTH", "5");
  refused("Host", "other");
  refused("Transfer-Encoding", "chunked");
  auto request = post("https://shop.test/");
  request.method = "GET / HTTP/1.1\r\nX:";
  BOOST_CHECK_THROW(checkRequest(request), openapi::Error);
  request.method = "PUT";
  request.headers.add("X-Text", "\xe5\xad\xa3 tab\tand more");
  BOOST_CHECK_NO_THROW(checkRequest(request));
}

BOOST_AUTO_TEST_CASE(proxies_are_read) {
  const auto plain = parseProxy("http://proxy.test:3128", "proxy");
  BOOST_TEST(plain.host == "proxy.test");
  BOOST_TEST(plain.port == "3128");
  BOOST_TEST(plain.credentials == "");
  const auto bare = parseProxy("10.0.0.1:8080/", "proxy");
  BOOST_TEST(bare.host == "10.0.0.1");
  BOOST_TEST(bare.port == "8080");
  BOOST_TEST(parseProxy("http://us%40er:pa%3Ass@p", "proxy").credentials == "Basic dXNAZXI6cGE6c3M=");
  for (const char* bad :
       {"https://p:1", "socks5://hunter2@p", "http://", "http://p/path", "http://p:0", "http://p:65536", "::::"}) {
    BOOST_TEST_CONTEXT(bad) {
      BOOST_CHECK_EXCEPTION((void)parseProxy(bad, "proxy"), openapi::Error, [](const openapi::Error& error) {
        return error.errc() == Errc::config && std::string(error.what()).find("hunter2") == std::string::npos;
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(no_proxy_entries) {
  const auto target = splitUrl("https://api.shop.test:8443/");
  for (const char* entry : {"*", "api.shop.test", "shop.test", ".shop.test", "*.shop.test", "TEST", "api.shop.test:8443"}) {
    BOOST_TEST(covers(entry, target), entry);
  }
  for (const char* entry : {"hop.test", "api.shop.test:443", "", "other", "10.0.0.0/8", "."})
    BOOST_TEST(!covers(entry, target), entry);
  const auto address = splitUrl("https://10.1.2.3/");
  BOOST_TEST(covers("10.0.0.0/8", address));
  BOOST_TEST(covers("10.1.2.3", address));
  BOOST_TEST(!covers("10.2.0.0/16", address));
  BOOST_TEST(!covers("fe80::/10", address));
  BOOST_TEST(covers("fd00::/8", splitUrl("https://[fd00::1]/")));
  BOOST_TEST(covers("[fd00::1]", splitUrl("https://[fd00::1]/")));
  BOOST_TEST(covers("[fd00::1]:443", splitUrl("https://[fd00::1]/")));
  BOOST_TEST(covers("fd00::1", splitUrl("https://[fd00::1]/")));
}

BOOST_AUTO_TEST_CASE(proxies_are_chosen) {
  const auto environment = localNames({{"HTTPS_PROXY", "http://p:1"}, {"no_proxy", "inner.test, other.test"}}).environment;
  const ProxyRules rules{std::nullopt, environment};
  BOOST_REQUIRE(rules.choose(splitUrl("https://shop.test/")) != nullptr);
  BOOST_TEST(rules.choose(splitUrl("https://shop.test/"))->host == "p");
  for (const char* direct : {"https://a.inner.test/", "https://other.test/", "http://shop.test/", "https://127.0.0.1/",
                             "https://localhost/", "https://[::1]/"}) {
    BOOST_TEST((rules.choose(splitUrl(direct)) == nullptr), direct);
  }
  BOOST_TEST((ProxyRules{"", environment}.choose(splitUrl("https://shop.test/")) == nullptr));
  const ProxyRules fixed{"http://q:2", environment};
  BOOST_REQUIRE(fixed.choose(splitUrl("http://a.inner.test/")) != nullptr);
  BOOST_TEST(fixed.choose(splitUrl("http://a.inner.test/"))->host == "q");
  const auto lower = localNames({{"https_proxy", "low:1"}, {"HTTPS_PROXY", "up:1"}}).environment;
  BOOST_TEST((ProxyRules{std::nullopt, lower}.choose(splitUrl("https://shop.test/"))->host == "low"));
}

BOOST_AUTO_TEST_CASE(pauses_between_attempts) {
  const RetryPolicy policy{5, std::chrono::milliseconds{200}};
  BOOST_TEST(backoffBefore(1, policy, 0.5).count() == 0);
  BOOST_TEST(backoffBefore(2, policy, 0).count() == 100);
  BOOST_TEST(backoffBefore(2, policy, 1).count() == 200);
  BOOST_TEST(backoffBefore(4, policy, 0.5).count() == 600);
  BOOST_TEST(backoffBefore(20, policy, 1).count() == 5000);
  BOOST_TEST(backoffBefore(std::numeric_limits<int>::max(), policy, 0).count() == 2500);
}

BOOST_AUTO_TEST_CASE(sleep_keeps_to_the_deadline) {
  using namespace std::chrono;
  const auto now = steady_clock::now();
  BOOST_TEST(!openapi::wait(sleepWithin(hours{1}, now + minutes{1})));
  BOOST_TEST(!openapi::wait(sleepWithin(milliseconds{0}, now - seconds{1})));
  BOOST_TEST(openapi::wait(sleepWithin(milliseconds{1}, now + minutes{1})));
  BOOST_TEST(openapi::wait(sleepWithin(milliseconds{1}, steady_clock::time_point::max())));
}

namespace {

struct FakeConnection : PooledConnection {
  explicit FakeConnection(bool works = true) : good{works} {}
  bool usable() override { return good; }
  bool good;
};

struct FakeSleeper : Sleeper {
  void wake() override { ++woken; }
  int woken = 0;
};

std::shared_ptr<Pool> makePool(std::size_t most, std::chrono::milliseconds idle = std::chrono::hours{1}) {
  return std::make_shared<Pool>(Pool::Limits{most, idle});
}

}  // namespace

BOOST_AUTO_TEST_CASE(pool_reuses_the_newest) {
  const auto pool = makePool(2);
  FakeSleeper sleeper;
  const auto first = std::make_shared<FakeConnection>();
  const auto second = std::make_shared<FakeConnection>();
  {
    Pool::Place a{pool, "k", sleeper};
    Pool::Place b{pool, "k", sleeper};
    BOOST_TEST(a.enter());
    BOOST_TEST(b.enter());
    BOOST_TEST(!a.takeIdle());
    b.keep(first);
    a.keep(second);
  }
  BOOST_TEST(pool->idleConnections() == 2U);
  Pool::Place next{pool, "k", sleeper};
  BOOST_TEST(next.enter());
  BOOST_TEST((next.takeIdle() == second));  // b is destroyed first
  Pool::Place other{pool, "other", sleeper};
  BOOST_TEST(other.enter());
  BOOST_TEST(!other.takeIdle());
}

BOOST_AUTO_TEST_CASE(pool_drops_what_does_not_work) {
  const auto pool = makePool(2);
  FakeSleeper sleeper;
  const auto good = std::make_shared<FakeConnection>();
  const auto bad = std::make_shared<FakeConnection>(false);
  {
    Pool::Place a{pool, "k", sleeper};
    Pool::Place b{pool, "k", sleeper};
    BOOST_REQUIRE((a.enter() && b.enter()));
    b.keep(good);
    a.keep(bad);
  }
  Pool::Place one{pool, "k", sleeper};
  Pool::Place two{pool, "k", sleeper};
  Pool::Place three{pool, "k", sleeper};
  BOOST_TEST(one.enter());
  BOOST_TEST((one.takeIdle() == good));
  BOOST_TEST(two.enter());  // the place of the bad one is free again
  BOOST_TEST(!two.takeIdle());
  BOOST_TEST(!three.enter());
}

BOOST_AUTO_TEST_CASE(pool_serves_in_order) {
  const auto pool = makePool(1);
  FakeSleeper sleepers[4];
  std::optional<Pool::Place> first{std::in_place, pool, "k", sleepers[0]};
  std::optional<Pool::Place> second{std::in_place, pool, "k", sleepers[1]};
  std::optional<Pool::Place> third{std::in_place, pool, "k", sleepers[2]};
  std::optional<Pool::Place> fourth{std::in_place, pool, "k", sleepers[3]};
  BOOST_TEST(first->enter());
  BOOST_TEST(!second->enter());
  BOOST_TEST(!third->enter());
  BOOST_TEST(!fourth->enter());
  third.reset();  // leaves the queue
  const auto connection = std::make_shared<FakeConnection>();
  first->keep(connection);
  first.reset();
  BOOST_TEST(second->granted());
  BOOST_TEST(sleepers[1].woken == 1);
  BOOST_TEST(!fourth->granted());
  BOOST_TEST((second->takeIdle() == connection));
  second.reset();  // without a connection: the next opens one
  BOOST_TEST(fourth->granted());
  BOOST_TEST(!fourth->takeIdle());
  BOOST_TEST(sleepers[2].woken == 0);
}

BOOST_AUTO_TEST_CASE(pool_forgets_old_connections) {
  const auto pool = makePool(1, std::chrono::milliseconds{0});
  FakeSleeper sleeper;
  {
    Pool::Place place{pool, "k", sleeper};
    BOOST_REQUIRE(place.enter());
    place.keep(std::make_shared<FakeConnection>());
  }
  Pool::Place place{pool, "k", sleeper};
  BOOST_TEST(place.enter());
  BOOST_TEST(!place.takeIdle());
}

BOOST_AUTO_TEST_CASE(pool_closes_once_and_for_all) {
  const auto pool = makePool(1);
  FakeSleeper sleepers[2];
  const auto connection = std::make_shared<FakeConnection>();
  std::optional<Pool::Place> place{std::in_place, pool, "k", sleepers[0]};
  BOOST_REQUIRE(place->enter());
  Pool::Place waiting{pool, "k", sleepers[1]};
  BOOST_TEST(!waiting.enter());
  pool->close();
  place->keep(connection);
  place.reset();
  BOOST_TEST(waiting.granted());
  BOOST_TEST(!waiting.takeIdle());  // it opens one of its own
  BOOST_TEST(connection.use_count() == 1);
  const auto bell = std::make_shared<Pool::Bell>(pool, sleepers[1]);
  bell->ring();
  pool->shutdown();
  bell->ring();
  BOOST_TEST(sleepers[1].woken == 2);
  BOOST_TEST(pool->idleConnections() == 0U);
}

BOOST_AUTO_TEST_CASE(answers_in_pieces_of_every_size) {
  const std::string answers[] = {ok("<xml/>", "X-A: b\r\n"),
                                 "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                 "chunked\r\n\r\n3;x=y\r\n<xm\r\n3\r\nl/>\r\n0\r\nTrailer: t\r\n\r\n"};
  for (const auto& answer : answers) {
    for (std::size_t piece = 1; piece <= answer.size(); ++piece) {
      boost::beast::flat_buffer buffer;
      ResponseReader reader{buffer, {1024, 1024}, false};
      bool complete = false;
      for (std::size_t at = 0; at < answer.size(); at += piece) {
        BOOST_REQUIRE(!complete);
        const auto count = std::min(piece, answer.size() - at);
        const auto space = reader.space();
        BOOST_REQUIRE(space.size() >= count);
        std::memcpy(space.data(), answer.data() + at, count);
        complete = reader.take(count);
      }
      BOOST_REQUIRE(complete);
      BOOST_TEST(reader.reusable());
      BOOST_TEST(reader.result().body == "<xml/>");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
