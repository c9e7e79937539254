// Control routes refuse what they do not know: a misspelt member would be ignored without a word.
#include <boost/test/unit_test.hpp>

#include <gateways/faults.hpp>
#include <gateways/sandbox.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace openapi;
using namespace openapi::gateway;

namespace {

/// Which member of `input` is refused, and what is said of it.
std::string refusal(Sandbox& sandbox, const char* route, const Fields& input) {
  try {
    sandbox.control("POST", route, input);
  } catch (const ControlError& error) {
    BOOST_TEST(error.status() == (std::string_view{error.what()}.find("no such field") != std::string_view::npos ? 400 : 404));
    return error.field() + ": " + error.what();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_fields)

BOOST_AUTO_TEST_CASE(unknown_members_are_named) {
  Sandbox sandbox{{}};
  const Fields fault{{"path", "/pay/orderquery"}, {"fault", "status"}};
  const auto with = [](Fields fields, const char* name, Json value) {
    fields.set(name, std::move(value));
    return fields;
  };
  BOOST_TEST(refusal(sandbox, "/fault", with(fault, "time", 2)) == "time: time: no such field; did you mean times?");
  BOOST_TEST(refusal(sandbox, "/fault", with(fault, "state", 502)).starts_with("state: state: no such field; there are path, "));
  BOOST_TEST(refusal(sandbox, "/fault", Fields{{"path", "/x"}, {"times", 0}, {"err_code", "1"}}) ==
             "err_code: err_code: no such field; did you mean errCode?");
  const Fields bill{{"provider", "weixin"}};
  BOOST_TEST(refusal(sandbox, "/bill", with(bill, "row", 5)).starts_with("row: row: no such field; there are "));
  BOOST_TEST(refusal(sandbox, "/bill", with(bill, "billtype", "ALL")) ==
             "billtype: billtype: no such field; did you mean billType?");
  BOOST_TEST(refusal(sandbox, "/bill", Fields{{"provider", "alipay"}, {"byClok", true}}) ==
             "byClok: byClok: no such field; did you mean byClock?");
  BOOST_TEST(refusal(sandbox, "/settings", Fields{{"provider", "weixinApi"}, {"pushmode", "safe"}}) ==
             "pushmode: pushmode: no such field; did you mean pushMode?");
}

BOOST_AUTO_TEST_CASE(every_route_has_the_same_rule) {
  Sandbox sandbox{{}};
  const std::pair<const char*, std::vector<const char*>> routes[] = {
      {"weixin", {"/pay", "/withdraw", "/deposit", "/bill", "/refundresult"}},
      {"weixinApi",
       {"/code", "/phonecode", "/user", "/tokens", "/usermessage", "/entersession", "/outbox", "/subscribe", "/push",
        "/pushcheck", "/orderstate", "/image", "/quota", "/settings"}},
      {"alipay", {"/pay", "/open", "/authcode", "/paycode", "/bill", "/answers"}},
      {"bmob",
       {"/pay", "/settings", "/sms", "/captchas", "/mails", "/openmail", "/function", "/pushes", "/files", "/code", "/outbox"}},
  };
  for (const auto& [provider, paths] : routes) {
    for (const auto* path : paths) {
      BOOST_TEST_CONTEXT(provider << " " << path) {
        const auto said = refusal(sandbox, path, Fields{{"provider", provider}, {"nosuch", 1}});
        BOOST_TEST(said.starts_with("nosuch: nosuch: no such field"), said);
      }
    }
  }
  BOOST_TEST(refusal(sandbox, "/pay", Fields{{"provider", "weixinApi"}, {"bankType", "X"}}) ==
             "provider: orders are paid at the provider weixin");
  BOOST_TEST(refusal(sandbox, "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", "1"}, {"openId", "o"}}) ==
             "openId: openId: no such field; did you mean openid?");
  BOOST_TEST(refusal(sandbox, "/clock", Fields{{"advanceSeconds", 1}, {"advanceDays", 1}}) ==
             "advanceDays: advanceDays: no such field; there are advanceSeconds, provider");
  BOOST_TEST(refusal(sandbox, "/notify", Fields{{"hold", true}, {"reversed", true}}) ==
             "reversed: reversed: no such field; did you mean reverse?");
  BOOST_TEST(refusal(sandbox, "/settings", Fields{{"provider", "bmob"}, {"emailverify", true}}) ==
             "emailverify: emailverify: no such field; did you mean emailVerify?");
}

BOOST_AUTO_TEST_CASE(all_that_is_documented_is_taken) {
  Sandbox sandbox{{}};
  const Fields fault{{"provider", "weixin"},
                     {"path", "/pay/orderquery"},
                     {"fault", "errorCode"},
                     {"times", 1},
                     {"ms", 5},
                     {"status", 500},
                     {"errCode", "X"},
                     {"errMsg", "x"}};
  BOOST_TEST(refusal(sandbox, "/fault", fault) == "accepted");
  const Fields bill{{"provider", "weixin"}, {"date", "20261120"}, {"rows", 1},       {"billType", "ALL"},
                    {"changed", true},      {"columns", "old"},   {"byClock", false}};
  BOOST_TEST(refusal(sandbox, "/bill", bill) == "accepted");
  BOOST_TEST(refusal(sandbox, "/bill", Fields{{"provider", "alipay"}, {"bytes", 1000}}) == "accepted");
  BOOST_TEST(refusal(sandbox, "/settings", Fields{{"provider", "weixinApi"}, {"appId", "wx1"}, {"pushMode", "plain"}}) ==
             "accepted");
  BOOST_TEST(refusal(sandbox, "/settings", Fields{{"provider", "bmob"}, {"regex", true}, {"captcha", false}}) == "accepted");
  BOOST_TEST(refusal(sandbox, "/clock", Fields{{"provider", "weixin"}, {"advanceSeconds", 1}}) == "accepted");
  BOOST_TEST(refusal(sandbox, "/notify", Fields{{"provider", "weixin"}, {"hold", true}}) == "accepted");
  BOOST_TEST(refusal(sandbox, "/notify", Fields{{"release", true}, {"reverse", true}}) == "accepted");
  const Fields notify{{"outTradeNo", "1"}, {"kind", "payment"}, {"notifyTimes", 1}, {"notifyDelayMs", 1}};
  BOOST_TEST(refusal(sandbox, "/notify", notify) == "outTradeNo: there is no notification for this outTradeNo");
  for (const auto* provider : {"weixin", "alipay", "bmob"}) {
    const auto said = refusal(sandbox, "/pay", Fields{{"provider", provider}, {"outTradeNo", "1"}, {"openid", "o1"}});
    BOOST_TEST(said.starts_with("outTradeNo: "), said);
  }
}

BOOST_AUTO_TEST_SUITE_END()
