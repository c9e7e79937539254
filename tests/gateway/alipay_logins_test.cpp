// Login codes and refresh tokens of the local Alipay.
#include "alipay_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace alipay_bench;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(alipay_logins)

BOOST_AUTO_TEST_CASE(login_codes_are_good_once) {
  Bench bench;
  const auto login = [&](const std::string& code) {
    return bench.call("alipay.system.oauth.token", "", {{"grant_type", "authorization_code"}, {"code", code}});
  };
  const auto token = login("auth-alice-1");
  BOOST_TEST(token.root == "alipay_system_oauth_token_response");
  BOOST_TEST(token.verified);
  BOOST_TEST(!token.has("code"));
  BOOST_TEST(token["user_id"] == alipay::userIdFor("alice"));
  BOOST_TEST(token["expires_in"] == "1296000");
  BOOST_TEST(login("auth-alice-2")["user_id"] == token["user_id"]);
  BOOST_TEST(login("auth-bob-1")["user_id"] != token["user_id"]);
  BOOST_TEST(login("authABC")["user_id"] == alipay::defaultBuyer);
  const auto issued = bench.platform.extra("/authcode", Fields{{"openid", "2088000000000009"}});
  BOOST_TEST(login(*member(issued, "code").string())["user_id"] == "2088000000000009");
  for (const auto code : {"auth-alice-1", "4b203fe6c11548bcabd8da5bb087a83b", "authexpired1"}) {
    const auto bad = login(code);
    refused(bad, "40002", "isv.code-invalid");
    BOOST_TEST(bad.root == "error_response");
    BOOST_TEST(bad["sub_msg"] == "授权码code无效");
    BOOST_TEST(bad.verified);
  }
  bench.platform.knobs().openIds = true;
  bench.platform.knobs().numbers = true;
  const auto open = login("auth-alice-3");
  BOOST_TEST(!open.has("user_id"));
  BOOST_TEST(!open["open_id"].empty());
  BOOST_TEST(*member(open.node, "expires_in").integer() == 1296000);
}

BOOST_AUTO_TEST_CASE(refresh_tokens) {
  Bench bench;
  const auto ask = [&](const Params& more) { return bench.call("alipay.system.oauth.token", "", more); };
  const auto first = ask({{"grant_type", "authorization_code"}, {"code", "auth1"}});
  const auto second = ask({{"grant_type", "refresh_token"}, {"refresh_token", first["refresh_token"]}});
  BOOST_TEST(second["user_id"] == first["user_id"]);
  BOOST_TEST(second["access_token"] != first["access_token"]);
  refused(ask({{"grant_type", "refresh_token"}, {"refresh_token", first["refresh_token"]}}), "40002",
          "isv.refresh-token-invalid");
  refused(ask({{"grant_type", "refresh_token"}}), "40002", "isv.refresh-token-invalid");
  refused(ask({{"grant_type", "password"}}), "40002", "isv.grant-type-invalid");
  bench.advance(31 * 24h);
  refused(ask({{"grant_type", "refresh_token"}, {"refresh_token", second["refresh_token"]}}), "40002",
          "isv.refresh-token-time-out");
}

BOOST_AUTO_TEST_SUITE_END()
