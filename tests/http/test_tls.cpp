// Certificates, client certificates, versions and sessions, through sockets.
#include "support.hpp"

#include "crypto/client_identity.hpp"

#include <boost/test/unit_test.hpp>

using namespace testing;

namespace {

Script greeting() {
  return answering([](const std::string&) { return ok("hello"); });
}

bool mentions(const openapi::Error& error, const std::string& text) {
  return std::string(error.what()).find(text) != std::string::npos;
}

std::shared_ptr<const openapi::ClientIdentity> identityOf(const Certified& certified) {
  return openapi::ClientIdentity::fromPem(certified.certificatePem(), certified.keyPem());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(bad_certificates) {
  const auto stranger = makeCertificate({.name = "Other root", .alternatives = "", .authority = true});
  const struct {
    Certified certificate;
    const char* says;
  } cases[] = {
      {makeCertificate({.validFrom = -7200, .validTo = -3600}, &identities().authority), "expired"},
      {makeCertificate({.validFrom = 3600}, &identities().authority), "not valid yet"},
      {makeCertificate({.name = "elsewhere.test", .alternatives = "DNS:elsewhere.test,IP:127.0.0.2"}, &identities().authority),
       "another host"},
      {makeCertificate({.name = "127.0.0.1", .alternatives = "DNS:127.0.0.1"}, &identities().authority), "another host"},
      {makeCertificate({}), "self-signed"},
      {makeCertificate({}, &stranger), "unknown authority"},
  };
  for (const auto& one : cases) {
    Server server{{.identity = one.certificate}, greeting()};
    const auto failure = failureOf(makeClient(), post(server.url()));
    CHECK_FAILURE(failure, connect, notSent);
    BOOST_TEST(mentions(failure, one.says), failure.what());
    BOOST_TEST(mentions(failure, "127.0.0.1:" + std::to_string(server.port())), failure.what());
    BOOST_TEST(!failure.retryable());
  }
}

BOOST_AUTO_TEST_CASE(the_name_is_checked_and_sent) {
  Server server{answering([](const std::string&) { return ok("by name"); })};
  const auto client = openapi::http::makeClient(trusting(), localNames());
  BOOST_TEST(fetch(client, post(server.url("/", "localhost"))).body == "by name");
  BOOST_TEST(fetch(client, post(server.url("/", "SHOP.test"))).body == "by name");
  CHECK_FAILURE(failureOf(client, post(server.url("/", "evil.test"))), connect, notSent);

  std::vector<std::string> names;
  Server curious{[&](Peer& peer) {
    names.push_back(peer.sni());
    (void)peer.readRequest();
    peer.send(ok("", "Connection: close\r\n"));
  }};
  (void)fetch(client, post(curious.url("/", "shop.test")));
  (void)fetch(client, post(curious.url()));
  BOOST_TEST(names == (std::vector<std::string>{"shop.test", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(roots_of_the_system_do_not_know_the_test_authority) {
  Server server{greeting()};
  openapi::HttpOptions options;
  options.proxy = "";
  CHECK_FAILURE(failureOf(makeClient(options), post(server.url())), connect, notSent);
}

BOOST_AUTO_TEST_CASE(unreadable_roots) {
  const TemporaryFile junk{"no certificate"};
  for (const std::string& path : {std::string("/nowhere/ca.pem"), junk.path()}) {
    auto options = trusting();
    options.caFile = path;
    BOOST_CHECK_EXCEPTION((void)makeClient(options), openapi::Error, [&](const openapi::Error& error) {
      return error.errc() == openapi::Errc::config && mentions(error, path);
    });
  }
}

BOOST_AUTO_TEST_CASE(old_versions_are_refused) {
  Server old{{.newestTls = TLS1_1_VERSION}, greeting()};
  CHECK_FAILURE(failureOf(makeClient(), post(old.url())), connect, notSent);
  Server good{{.newestTls = TLS1_2_VERSION}, greeting()};
  BOOST_TEST(fetch(makeClient(), post(good.url())).status == 200);
}

BOOST_AUTO_TEST_CASE(a_server_without_tls) {
  Server server{{.tls = false}, [](Peer& peer) {
                  (void)peer.readSome();
                  peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                }};
  auto url = server.url();
  url.replace(0, 4, "https");
  CHECK_FAILURE(failureOf(makeClient(), post(url)), connect, notSent);
}

BOOST_AUTO_TEST_CASE(client_certificates) {
  const auto stranger = makeCertificate({.name = "Other root", .alternatives = "", .authority = true});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Server server{{.wantClientCertificate = true, .newestTls = version}, greeting()};
    auto request = post(server.url());
    const auto client = makeClient();
    CHECK_FAILURE(failureOf(client, request), connect, notSent);
    request.identity = identityOf(identities().client);
    BOOST_TEST(fetch(client, request).body == "hello");
    request.identity = identityOf(makeCertificate({.name = "stranger", .alternatives = ""}, &stranger));
    const auto failure = failureOf(client, request);
    CHECK_FAILURE(failure, connect, notSent);
    BOOST_TEST(mentions(failure, "client certificate"), failure.what());
  }
}

BOOST_AUTO_TEST_CASE(identities_do_not_share_connections) {
  Server server{greeting()};
  auto with = post(server.url());
  with.identity = identityOf(identities().client);
  const auto responses = fetchAll(makeClient(), {post(server.url()), with, post(server.url()), with});
  BOOST_TEST(responses.size() == 4U);
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    std::vector<bool> resumed;
    Server server{{.newestTls = version}, [&](Peer& peer) {
                    resumed.push_back(peer.resumed());
                    (void)peer.readRequest();
                    peer.send(ok("", "Connection: close\r\n"));
                    peer.awaitEnd();
                  }};
    const auto client = makeClient();
    for (int i = 0; i < 3; ++i) (void)fetch(client, post(server.url()));  // each on an event loop of its own
    BOOST_TEST(resumed == (std::vector<bool>{false, true, true}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()
