#include "world.hpp"

#include <thread>

// HTTP itself: what clients may say, what they may take, and how the service ends.
using namespace admin_test;

namespace {

constexpr auto user = R"({"objectId":"c0b4c10053","username":"kokp"})";
constexpr auto loggedIn = R"({"objectId":"c0b4c10053","sessionToken":"t0","username":"kokp"})";

/// Nothing is ever to reach this Bmob.
struct Closed {
  FakeBmob bmob{"{}", 500};
  Admin admin;

  explicit Closed(Setup setup = {}) : admin{bmob.url(), std::move(setup)} {}
  ~Closed() { BOOST_TEST(bmob.requests().empty()); }
  Closed(const Closed&) = delete;
  Closed& operator=(const Closed&) = delete;
};

Setup withLimits(const bmob_admin::Limits& limits) {
  Setup setup;
  setup.limits = limits;
  return setup;
}

/// A Bmob that answers when the test lets it.
struct SlowBmob {
  Event arrived{};
  Event release{};
  FakeBmob bmob{[this](const gateway::Request&) {
    arrived.set();
    release.wait();
    return gateway::Reply{.contentType = "application/json", .body = user};
  }};
};

std::string chunked(std::size_t bytes) {
  std::string out =
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t sent = 0; sent < bytes; sent += 4096) out += "1000\r\n" + std::string(4096, ' ') + "\r\n";
  return out + "0\r\n\r\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_http)

BOOST_AUTO_TEST_CASE(unknown_paths_and_methods) {
  const Closed closed;
  for (const auto* path :
       {"/x", "/login/x", "/users/a/b", "/users//a", "/signup", "/1/users", "/admin.js/x", "/../etc/passwd", "//", "//users"}) {
    requireError(ask(closed.admin, message("GET", path)), 404, 404, "no such");
  }
  const std::vector<std::array<const char*, 3>> cases{{"GET", "/login", "POST"},
                                                      {"DELETE", "/signUp", "POST"},
                                                      {"POST", "/users", "GET, HEAD"},
                                                      {"POST", "/users/abc", "GET, HEAD, PUT, DELETE"},
                                                      {"PATCH", "/users/abc", "GET, HEAD, PUT, DELETE"},
                                                      {"OPTIONS", "/users", "GET, HEAD"},
                                                      {"TRACE", "/", "GET, HEAD"}};
  for (const auto& [method, path, allowed] : cases) {
    const auto response = ask(closed.admin, message(method, path));
    requireError(response, 405, 405, allowed);
    BOOST_TEST(response.headers.get("Allow") == allowed);
  }
}

BOOST_AUTO_TEST_CASE(paths_that_are_none) {
  const Closed closed;
  for (const auto* id : {"%", "%4", "%zz", "a%0d%0aX-Evil:%201", "a%00b", "%ff%fe", "%7f"}) {
    requireError(ask(closed.admin, message("GET", std::string{"/users/"} + id)), 400, 400, "the path");
  }
  for (const auto* id : {"a%2Fb", "..%2f..", "%252e", "a%20b", "a'b", "%3Cimg%3E", "\xE5\xBC\xA0", ".", ".."}) {
    requireError(ask(closed.admin, message("GET", std::string{"/users/"} + id)), 400, 400, "");
  }
  requireError(ask(closed.admin, message("GET", "/users/" + std::string(65, 'a'))), 400, 400, "objectId");
  requireError(ask(closed.admin, message("GET", "http://127.0.0.1/users")), 400, 400, "path of this service");
  requireError(ask(closed.admin, message("GET", "/users#x")), 400, 400, "path of this service");
  requireError(ask(closed.admin, message("OPTIONS", "*")), 400, 400, "path of this service");
}

BOOST_AUTO_TEST_CASE(bodies_that_are_none) {
  const Closed closed;
  const auto post = [&](std::string_view type, std::string_view body) {
    return ask(closed.admin, message("POST", "/login", "Content-Type: " + std::string{type} + "\r\n", body));
  };
  for (const auto* body : {"{", "[]", "\"a\"", "null", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "\xFF", "{'a':1}"}) {
    BOOST_TEST_CONTEXT(body) { requireError(post("application/json", body), 400, 400, ""); }
  }
  requireError(post("application/json", std::string(200, '[')), 400, 400, "");
  for (const auto* body :
       {"username=%", "username=%4g", "=a", "username=a&username=b&password=c", "username=%FF&password=x", "&&"}) {
    BOOST_TEST_CONTEXT(body) { requireError(post("application/x-www-form-urlencoded", body), 400, 400, "form"); }
  }
  for (const auto* type : {"text/plain", "multipart/form-data; boundary=x", "application/jsonp", "", "application/xml"}) {
    BOOST_TEST_CONTEXT(type) { requireError(post(type, "username=a&password=b"), 415, 415, "application/json"); }
  }
}

BOOST_AUTO_TEST_CASE(session_tokens_that_are_none) {
  const Closed closed;
  const auto remove = [&](const std::string& headers) { return ask(closed.admin, message("DELETE", "/users/abc", headers)); };
  requireError(remove("sessiontoken: a\r\nX-Bmob-Session-Token: b\r\n"), 400, 400, "two different");
  requireError(remove("sessiontoken: a\r\nsessiontoken: b\r\n"), 400, 400, "two different");
  requireError(remove("sessiontoken: a b\r\n"), 400, 400, "session token");
  requireError(remove("sessiontoken: \xE5\xBC\xA0\r\n"), 400, 400, "session token");
  requireError(remove("sessiontoken: " + std::string(257, 'a') + "\r\n"), 400, 400, "session token");
  requireError(remove("sessiontoken:\r\n"), 200, 206, "sessionToken");
}

BOOST_AUTO_TEST_CASE(headers_cannot_be_smuggled) {
  const Closed closed;
  const std::vector<std::string> requests{
      "DELETE /users/abc HTTP/1.1\r\nHost: 127.0.0.1\r\nsessiontoken: a\rX-Bmob-Master-Key: b\r\n\r\n",
      "DELETE /users/abc HTTP/1.1\r\nHost: 127.0.0.1\r\nsessiontoken : a\r\n\r\n",
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
      "GET /users HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
      "GET /users HTTP/1.1\r\n\r\n",
      "GET /us\x01"
      "ers HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
      "GET /users HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
      "hello\r\n\r\n"};
  for (const auto& request : requests) {
    BOOST_TEST_CONTEXT(request.substr(0, 120)) {
      Client client{closed.admin.port()};
      client.send(request);
      client.finish();
      BOOST_TEST(client.readToEnd().starts_with("HTTP/1.1 400 "));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_answer_is_guarded) {
  const Closed closed;
  for (const auto* target : {"/", "/admin.js", "/x"}) {
    const auto response = ask(closed.admin, message("GET", target));
    const auto policy = std::string{response.headers.get("Content-Security-Policy")};
    BOOST_TEST(policy.find("default-src 'none'") != std::string::npos);
    BOOST_TEST(policy.find("script-src 'self';") != std::string::npos);
    BOOST_TEST(policy.find("unsafe") == std::string::npos);
    BOOST_TEST(response.headers.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(response.headers.get("Cache-Control") == "no-store");
    BOOST_TEST(response.headers.get("X-Frame-Options") == "DENY");
    BOOST_TEST(response.headers.get("Access-Control-Allow-Origin") == "");
  }
  Client client{closed.admin.port()};
  client.send(std::string(64 * 1024, 'x'));
  BOOST_TEST(client.read().headers.get("X-Content-Type-Options") == "nosniff");
}

BOOST_AUTO_TEST_CASE(the_page_is_there_and_has_nothing_inline) {
  const Closed closed;
  const auto page = ask(closed.admin, message("GET", "/"));
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.headers.get("Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(page.body.starts_with("<!doctype html>"));
  for (const auto* inlined : {" onclick=", " onload=", " onerror=", "style=", "javascript:", "<style", "http://", "https://"}) {
    BOOST_TEST(page.body.find(inlined) == std::string::npos, inlined);
  }
  const auto script = ask(closed.admin, message("GET", "/admin.js"));
  BOOST_TEST(script.headers.get("Content-Type") == "text/javascript; charset=utf-8");
  for (const auto* dangerous :
       {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"}) {
    BOOST_TEST(script.body.find(dangerous) == std::string::npos, dangerous);
  }
  BOOST_TEST(ask(closed.admin, message("GET", "/admin.css")).headers.get("Content-Type") == "text/css; charset=utf-8");
  const auto head = ask(closed.admin, message("HEAD", "/"));
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.headers.get("Content-Length") == std::to_string(page.body.size()));
}

BOOST_AUTO_TEST_CASE(other_names_and_web_sites_are_refused) {
  Setup setup;
  setup.origins.names = {"admin.example"};
  const Closed closed{setup};
  const auto get = [&](const std::string& headers) { return ask(closed.admin, "GET / HTTP/1.1\r\n" + headers + "\r\n"); };
  for (const auto* host : {"evil.example", "127.0.0.1.evil.example", "", "[::1", "localhost.evil.example:8080"}) {
    requireError(get("Host: " + std::string{host} + "\r\n"), 421, 421, "--name");
  }
  for (const auto* host : {"127.0.0.1:8080", "[::1]:8080", "LocalHost", "10.0.0.1", "admin.example:443"}) {
    BOOST_TEST(get("Host: " + std::string{host} + "\r\n").status == 200);
    BOOST_TEST(get("Host: " + std::string{host} + "\r\nOrigin: http://evil.example\r\n").status == 403);
  }
  BOOST_TEST(get("Host: 127.0.0.1:8080\r\nOrigin: http://127.0.0.1:8080\r\n").status == 200);
  BOOST_TEST(get("Host: admin.example\r\nOrigin: https://admin.example\r\n").status == 200);
  for (const auto* origin : {"null", "http://127.0.0.1", "http://127.0.0.1:8081", "http://127.0.0.1:8080.evil.example"}) {
    requireError(get("Host: 127.0.0.1:8080\r\nOrigin: " + std::string{origin} + "\r\n"), 403, 403, "web sites");
  }
  requireError(ask(closed.admin, form("POST", "/signUp", "username=a&password=b", "Origin: http://evil.example\r\n")), 403, 403,
               "web");
}

BOOST_AUTO_TEST_CASE(another_web_site_may_be_allowed) {
  Setup setup;
  setup.origins.allowed = {"https://shop.example"};
  const FakeBmob bmob{user};
  const Admin admin{bmob.url(), setup};
  const auto asked =
      ask(admin, message("OPTIONS", "/users/abc", "Origin: https://shop.example\r\nAccess-Control-Request-Method: PUT\r\n"));
  BOOST_TEST(asked.status == 204);
  BOOST_TEST(asked.headers.get("Access-Control-Allow-Origin") == "https://shop.example");
  BOOST_TEST(asked.headers.get("Access-Control-Allow-Headers").find("sessiontoken") != std::string_view::npos);
  const auto got = ask(admin, message("GET", "/users/abc", "Origin: https://shop.example\r\n"));
  BOOST_TEST(got.status == 200);
  BOOST_TEST(got.headers.get("Access-Control-Allow-Origin") == "https://shop.example");
  BOOST_TEST(ask(admin, message("GET", "/users/abc", "Origin: https://other.example\r\n")).status == 403);
  BOOST_TEST(ask(admin, message("GET", "/users/abc")).headers.get("Access-Control-Allow-Origin") == "");
}

BOOST_AUTO_TEST_CASE(requests_on_one_connection_keep_their_own_session) {
  const FakeBmob bmob{user};
  const Admin admin{bmob.url()};
  Client client{admin.port()};
  const std::vector<std::string> tokens{"aaaa", "bbbb", "", "cccc"};
  std::string all;
  for (const auto& token : tokens) all += message("GET", "/users/abc", token.empty() ? "" : "sessiontoken: " + token + "\r\n");
  client.send(all);  // pipelined
  for (std::size_t at = 0; at < tokens.size(); ++at) BOOST_TEST(client.read().status == 200);
  const auto requests = bmob.requests();
  BOOST_REQUIRE_EQUAL(requests.size(), tokens.size());
  for (std::size_t at = 0; at < tokens.size(); ++at) BOOST_TEST(requests[at].headers.get("X-Bmob-Session-Token") == tokens[at]);
}

BOOST_AUTO_TEST_CASE(clients_at_the_same_time_keep_their_own_session) {
  // Bmob says back who asked.
  const FakeBmob bmob{[](const gateway::Request& request) {
    const Json body = openapi::Fields{{"objectId", "abc"}, {"who", std::string{request.headers.get("X-Bmob-Session-Token")}}};
    return gateway::Reply{.contentType = "application/json", .body = body.json()};
  }};
  const Admin admin{bmob.url()};
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int who = 0; who < 8; ++who) {
    threads.emplace_back([&, token = "token" + std::to_string(who)] {
      Client client{admin.port()};
      for (int round = 0; round < 20; ++round) {
        client.send(message("GET", "/users/abc", "sessiontoken: " + token + "\r\n"));
        if (*client.read().json().find("who")->string() == token) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(right == 160);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  const FakeBmob bmob{loggedIn};
  const Admin admin{bmob.url()};
  Client client{admin.port()};
  client.send(message("GET", "/x") + form("POST", "/login", "username=a&password=b") + message("HEAD", "/users/abc") +
              message("GET", "/users/%zz") + message("GET", "/users/abc", "Connection: close\r\n") + message("GET", "/never"));
  BOOST_TEST(client.read().status == 404);
  BOOST_TEST(client.read().status == 200);
  BOOST_TEST(client.read(true).status == 200);
  BOOST_TEST(client.read().status == 400);
  const auto last = client.read();
  BOOST_TEST(last.status == 200);
  BOOST_TEST(last.headers.get("Connection") == "close");
  BOOST_TEST(client.readToEnd() == "");
}

BOOST_AUTO_TEST_CASE(a_connection_has_so_many_requests) {
  bmob_admin::Limits limits;
  limits.requestsPerConnection = 2;
  const Closed closed{withLimits(limits)};
  Client client{closed.admin.port()};
  client.send(message("GET", "/") + message("GET", "/") + message("GET", "/"));
  BOOST_TEST(client.read().headers.get("Connection") == "");
  BOOST_TEST(client.read().headers.get("Connection") == "close");
  client.finish();
  BOOST_TEST(client.readToEnd() == "");
}

BOOST_AUTO_TEST_CASE(headers_have_a_size) {
  const Closed closed;
  Client client{closed.admin.port()};
  client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + std::string(64 * 1024, 'x'));
  requireError(client.read(), 431, 431, "too large");
  BOOST_TEST(ask(closed.admin, message("GET", "/" + std::string(64 * 1024, 'x'))).status == 431);
  std::string many;
  for (int at = 0; at < 2000; ++at) many += "X-" + std::to_string(at) + ": x\r\n";
  BOOST_TEST(ask(closed.admin, message("GET", "/", many)).status == 431);
}

BOOST_AUTO_TEST_CASE(bodies_have_a_size) {
  const Closed closed;
  Client client{closed.admin.port()};
  client.send("POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n");
  requireError(client.read(), 413, 413, "too large");  // without a byte of it
  requireError(ask(closed.admin, chunked(256 * 1024)), 413, 413, "too large");
  requireError(ask(closed.admin, form("DELETE", "/users/abc", std::string(128 * 1024, 'x'))), 413, 413, "too large");
}

BOOST_AUTO_TEST_CASE(a_body_in_chunks_is_a_body) {
  const FakeBmob bmob{loggedIn};
  const Admin admin{bmob.url()};
  requireJson(
      ask(admin,
          "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
          "e\r\n{\"username\":\"a\r\n11\r\n\",\"password\":\"b\"}\r\n0\r\n\r\n"),
      200, loggedIn);
}

BOOST_AUTO_TEST_CASE(a_client_that_asks_first_is_told_to_go_on) {
  const FakeBmob bmob{loggedIn};
  const Admin admin{bmob.url()};
  Client client{admin.port()};
  client.send(
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
      "31\r\n\r\n");
  BOOST_TEST(client.read(true).status == 100);
  client.send(R"({"username":"a","password":"b"})");
  requireJson(client.read(), 200, loggedIn);
}

BOOST_AUTO_TEST_CASE(slow_clients_run_out_of_time) {
  bmob_admin::Limits limits;
  limits.readTime = std::chrono::milliseconds{300};
  const Closed closed{withLimits(limits)};
  const auto dribble = [&](std::string_view bytes) {
    Client client{closed.admin.port()};
    // One byte at a time, for as long as the service takes them: what is sent does not renew the time.
    try {
      for (;;) {
        for (const char byte : bytes) {
          client.send({&byte, 1});
          std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
      }
    } catch (const std::runtime_error&) {
      return true;
    }
  };
  BOOST_TEST(dribble("X: x\r\n"));
  Client silent{closed.admin.port()};
  Client half{closed.admin.port()};
  half.send("POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nuser");
  Client idle{closed.admin.port()};
  idle.send(message("GET", "/"));
  BOOST_TEST(idle.read().status == 200);
  BOOST_TEST(silent.readToEnd() == "");
  BOOST_TEST(half.readToEnd() == "");
  BOOST_TEST(idle.readToEnd() == "");
}

BOOST_AUTO_TEST_CASE(there_are_so_many_connections) {
  bmob_admin::Limits limits;
  limits.connections = 2;
  const Closed closed{withLimits(limits)};
  auto first = std::make_unique<Client>(closed.admin.port());
  first->send(message("GET", "/"));
  BOOST_TEST(first->read().status == 200);
  Client second{closed.admin.port()};
  second.send(message("GET", "/"));
  BOOST_TEST(second.read().status == 200);
  Client third{closed.admin.port()};
  const auto refused = third.readToEnd();
  BOOST_TEST(refused.starts_with("HTTP/1.1 503 "));
  BOOST_TEST(Json::parse(refused.substr(refused.find("\r\n\r\n") + 4)).find("code")->integer() != nullptr);
  second.send(message("GET", "/", "Connection: close\r\n"));
  BOOST_TEST(second.read().status == 200);
  second.finish();
  BOOST_TEST(second.readToEnd() == "");
  // There is room again once the service has seen that the second has gone. A refusal may be lost: nobody read the request.
  const auto served = [&] {
    try {
      return ask(closed.admin, message("GET", "/")).status == 200;
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  while (!served()) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(bmob_is_down) {
  std::string url;
  {
    const FakeBmob gone{"{}"};
    url = gone.url();
  }
  const Admin admin{url};
  requireError(ask(admin, form("POST", "/login", "username=yjy&password=secret")), 502, 502, "cannot be reached");
  requireError(ask(admin, message("GET", "/users")), 502, 502, "cannot be reached");
  requireError(ask(admin, message("DELETE", "/users/abc", "sessiontoken: a\r\n")), 502, 502, "cannot be reached");
  BOOST_TEST(ask(admin, message("GET", "/")).status == 200);
}

BOOST_AUTO_TEST_CASE(bmob_answers_garbage) {
  for (const auto* garbage : {"", "<html>", "[]", "null", "{", "{\"results\":5}", "{\"results\":[1]}", "\xFF\xFE"}) {
    BOOST_TEST_CONTEXT(garbage) {
      const FakeBmob bmob{garbage};
      const Admin admin{bmob.url()};
      requireError(ask(admin, message("GET", "/users")), 502, 502, "cannot be understood");
    }
  }
  const FakeBmob busy{R"({"error":"It is busy...Try it later!"})", 500};
  const Admin admin{busy.url()};
  const auto change = ask(admin, form("PUT", "/users/abc", "a=b", "sessiontoken: a\r\n"));
  BOOST_TEST(change.status == 502);
}

BOOST_AUTO_TEST_CASE(bmob_refuses_the_keys) {
  const FakeBmob bmob{R"({"error":"unauthorized"})", 401};
  const Admin admin{bmob.url()};
  requireError(ask(admin, message("GET", "/users")), 502, 502, "keys of this service");
}

BOOST_AUTO_TEST_CASE(bmob_hangs_up) {
  const FakeBmob bmob{[](const gateway::Request&) { return gateway::Reply{.fault = gateway::TransportFault::dropConnection}; }};
  const Admin admin{bmob.url()};
  requireError(ask(admin, message("DELETE", "/users/abc", "sessiontoken: a\r\n")), 502, 502, "look before you repeat");
}

BOOST_AUTO_TEST_CASE(bmob_takes_too_long) {
  SlowBmob slow;
  Setup setup;
  setup.bmobTimeout = 200;
  const Admin admin{slow.bmob.url(), setup};
  requireError(ask(admin, message("DELETE", "/users/abc", "sessiontoken: a\r\n")), 502, 502, "in time");
  slow.release.set();
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_is_under_way) {
  SlowBmob slow;
  Admin admin{slow.bmob.url()};
  Client idle{admin.port()};
  idle.send(message("GET", "/"));
  BOOST_TEST(idle.read().status == 200);
  Client working{admin.port()};
  working.send(message("GET", "/users/c0b4c10053") + message("GET", "/never"));
  slow.arrived.wait();
  admin.stop();
  BOOST_TEST(idle.readToEnd() == "");
  BOOST_CHECK_THROW(Client{admin.port()}, std::runtime_error);
  slow.release.set();
  const auto response = working.read();
  requireJson(response, 200, user);
  BOOST_TEST(response.headers.get("Connection") == "close");
  working.finish();
  BOOST_TEST(working.readToEnd() == "");
  admin.awaitEnd();
}

BOOST_AUTO_TEST_CASE(stopping_has_an_end) {
  SlowBmob slow;
  bmob_admin::Limits limits;
  limits.drainTime = std::chrono::milliseconds{100};
  Admin admin{slow.bmob.url(), withLimits(limits)};
  Client working{admin.port()};
  working.send(message("GET", "/users/abc"));
  slow.arrived.wait();
  Client half{admin.port()};
  half.send(message("GET", "/", "Connection: keep-alive\r\n"));
  BOOST_TEST(half.read().status == 200);
  half.send("GET / HT");
  admin.stop();
  BOOST_TEST(working.readToEnd() == "");
  BOOST_TEST(half.readToEnd() == "");
  slow.release.set();
  admin.awaitEnd();
}

BOOST_AUTO_TEST_CASE(stopping_twice_ends_at_once) {
  SlowBmob slow;
  bmob_admin::Limits limits;
  limits.drainTime = std::chrono::hours{1};
  Admin admin{slow.bmob.url(), withLimits(limits)};
  Client working{admin.port()};
  working.send(message("GET", "/users/abc"));
  slow.arrived.wait();
  admin.stop();
  admin.stop();
  BOOST_TEST(working.readToEnd() == "");
  slow.release.set();
}

BOOST_AUTO_TEST_CASE(the_log_has_no_secrets) {
  const FakeBmob bmob{R"({"code":101,"error":"username or password incorrect."})", 400};
  const Admin admin{bmob.url()};
  ask(admin, form("POST", "/login?password=hunter2", "username=yjy&password=hunter2"));
  ask(admin, form("PUT", "/users/abc", "password=hunter2", "sessiontoken: hunter2\r\n"));
  ask(admin, message("GET", "/\x7F" + std::string(5000, 'x')));
  const auto log = admin.log();
  BOOST_REQUIRE_EQUAL(log.size(), 2u);
  for (const auto& line : log) {
    BOOST_TEST(line.find("hunter2") == std::string::npos);
    BOOST_TEST(line.size() < 400u);
    BOOST_TEST(Json::parse(line).object() != nullptr);
  }
  BOOST_TEST(*Json::parse(log[0]).find("path")->string() == "/login");
}

BOOST_AUTO_TEST_SUITE_END()
