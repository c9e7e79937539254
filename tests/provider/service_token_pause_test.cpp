// A token that WeChat refuses for ever costs one request for a token in a while, not one for each call.
#include <boost/test/unit_test.hpp>

#include <support/weixin_services.hpp>

#include <string>

using namespace openapi;
using namespace openapi::test;

namespace {

using Step = ScriptedTransport::Step;

Step tokenStep(const std::string& token) {
  return answerOf(R"({"access_token":")" + token + R"(","expires_in":7200})", "application/json");
}

Step refusal(const std::string& code) {
  return answerOf(R"({"errcode":)" + code + R"(,"errmsg":"invalid"})", "application/json");
}

const Json scene = Fields{{"scene", "a=1"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(service_token_pause)

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_for_ever) {
  for (const bool stable : {true, false}) {
    auto config = ownTokenConfig();
    config.stableToken = stable;
    ServiceFixture fixture{config};
    fixture.script({tokenStep("T1"), refusal("40001"), tokenStep("T2"), refusal("40001")});
    BOOST_TEST(serviceError(fixture, "wxacode.getUnlimited", scene).errCode() == "40001");
    BOOST_TEST(fixture.sent().size() == 4u);
    for (int i = 0; i < 5; ++i) {
      fixture.script({refusal("40001")});
      const auto error = serviceError(fixture, "wxacode.getUnlimited", scene);
      BOOST_TEST(toString(error.errc()) == "rejected");
      BOOST_TEST(error.errCode() == "40001");
      BOOST_TEST(fixture.sent().size() == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_platform_that_gives_no_token) {
  ServiceFixture fixture{ownTokenConfig()};
  fixture.script({refusal("40164")});
  for (int i = 0; i < 3; ++i) {
    const auto error = serviceError(fixture, "wxacode.getUnlimited", scene);
    BOOST_TEST(error.errCode() == "40164");
  }
  BOOST_TEST(fixture.sent().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
