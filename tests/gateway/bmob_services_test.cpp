#include "bmob_bench.hpp"

using namespace bmob_bench;

namespace {

Json control(const Bench& bench, std::string_view route, const Json& input = Fields{}) {
  return bench.platform->extra(route, input);
}

std::string body(const Answer& answer) { return answer.reply.body; }

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_services)

BOOST_AUTO_TEST_CASE(the_function_of_the_document) {
  const Bench bench;
  BOOST_TEST(body(bench.post("/1/functions/hello", R"({"name":"bmob"})")) == R"({"result":"欢迎使用Bmob"})");
  BOOST_TEST(body(bench.post("/1/functions/hello", R"({"name":"other"})")) == R"({"result":"输入错误，请重新输入"})");
  BOOST_TEST(body(bench.post("/1/functions/hello", R"({"name":7})")) == R"({"result":"输入错误，请重新输入"})");
  BOOST_TEST(body(bench.post("/1/functions/hello", "{}")) == R"({"result":"输入错误，请重新输入"})");
  BOOST_TEST(body(bench.post("/1/functions/hello", "")) == R"({"result":"输入错误，请重新输入"})");
  BOOST_TEST(bench.post("/1/functions/hello", "[]").code() == 107);
}

BOOST_AUTO_TEST_CASE(functions_that_are_not_there) {
  const Bench bench;
  BOOST_TEST(body(bench.post("/1/functions/nothing", "{}")) == R"({"code":314,"error":"cloudcode nothing not exists."})");
  BOOST_TEST(body(bench.post("/1/functions/1st", "{}")) == R"({"code":311,"error":"invalid cloudcode name: 1st."})");
  BOOST_TEST(bench.post("/1/functions/%2e%2e", "{}").code() == 311);
  BOOST_TEST(bench.post("/1/functions/a'%20OR%201", "{}").code() == 311);
  BOOST_TEST(bench.post("/1/functions/a%00", "{}").code() == 311);
  BOOST_TEST(bench.post("/1/functions/" + std::string(200, 'a'), "{}").code() == 311);
  BOOST_TEST(bench.post("/1/functions", "{}").reply.status == 404);
}

BOOST_AUTO_TEST_CASE(functions_of_the_control_route) {
  const Bench bench;
  control(bench, "/function", Fields{{"name", "sum"}, {"result", R"({"a":1})"}});
  control(bench, "/function", Fields{{"name", "broken"}, {"error", "ReferenceError: x is not defined"}});
  BOOST_TEST(bench.post("/1/functions/sum", "{}").text("result") == R"({"a":1})");
  BOOST_TEST(body(bench.post("/1/functions/broken", "{}")) ==
             R"({"code":310,"error":"call cloudcode error:ReferenceError: x is not defined"})");
  BOOST_CHECK_THROW(control(bench, "/function", Fields{{"name", "a b"}}), ControlError);
  BOOST_CHECK_THROW(control(bench, "/function"), ControlError);
}

BOOST_AUTO_TEST_CASE(functions_behind_the_secret_key) {
  const Bench bench;
  const auto call = [&](Request request) { return bench.platform->handle(request); };
  const std::string path = "/0123456789abcdef/hello";
  const auto got = call({.method = "GET", .path = path, .query = "name=bmob"});
  BOOST_TEST(got.status == 200);
  BOOST_TEST(got.contentType == "text/plain; charset=utf-8");
  BOOST_TEST(got.body == "欢迎使用Bmob");
  BOOST_TEST(call({.method = "POST", .path = path, .body = "name=bmob"}).body == "欢迎使用Bmob");
  BOOST_TEST(
      call({.method = "POST", .path = path, .headers = {{"Content-Type", "application/json"}}, .body = R"({"name":"bmob"})"})
          .body == "欢迎使用Bmob");
  BOOST_TEST(call({.method = "GET", .path = "/0123456789abcdee/hello"}).status == 404);
  BOOST_TEST(call({.method = "GET", .path = "/0123456789abcdef/nothing"}).status == 400);
}

BOOST_AUTO_TEST_CASE(pushes_are_kept) {
  const Bench bench;
  const std::string sent = R"({"data":{"alert":"Hello From Bmob."},"where":{"deviceType":"ios"},"channels":["a"],)"
                           R"("push_time":"2024-01-02 11:04:09","expiration_interval":3600})";
  BOOST_TEST(body(bench.post("/1/push", sent)) == R"({"msg":"ok"})");
  BOOST_TEST(body(bench.post("/1/push", R"({"data":{"alert":"two"}})")) == R"({"msg":"ok"})");
  const auto pushes = control(bench, "/pushes");
  BOOST_TEST_REQUIRE(pushes.array()->size() == 2U);
  BOOST_TEST(pushes.array()->at(1).json() ==
             R"({"pushId":1,"created":"2024-01-02 11:04:08","body":)" + sent + R"(,"matched":0,"installations":[]})");
}

BOOST_AUTO_TEST_CASE(pushes_say_whom_they_reach) {
  const Bench bench;
  const auto device = [&](const std::string& type, const std::string& token, const std::string& channels) {
    return bench
        .post("/1/installations",
              R"({"deviceType":")" + type + R"(","deviceToken":")" + token + R"(","channels":)" + channels + "}")
        .text("objectId");
  };
  const auto phone = device("ios", "a", R"(["news","sport"])");
  const auto tablet = device("ios", "b", "[]");
  const auto other = device("android", "c", R"(["sport"])");
  const auto reached = [&](const std::string& audience) {
    BOOST_TEST(body(bench.post("/1/push", R"({"data":{"alert":"x"})" + audience + "}")) == R"({"msg":"ok"})");
    const auto push = control(bench, "/pushes").array()->at(0);
    std::string ids;
    for (const auto& id : *push.find("installations")->array()) ids += *id.string() + " ";
    return push.find("matched")->json() + " " + ids;
  };
  BOOST_TEST(reached("") == "3 " + phone + " " + tablet + " " + other + " ");
  BOOST_TEST(reached(R"(,"where":{"deviceType":"ios"})") == "2 " + phone + " " + tablet + " ");
  BOOST_TEST(reached(R"(,"channels":["sport","none"])") == "2 " + phone + " " + other + " ");
  BOOST_TEST(reached(R"(,"where":{"deviceType":"ios"},"channels":["sport"])") == "1 " + phone + " ");
  BOOST_TEST(reached(R"(,"where":{"deviceToken":{"$in":["x"]}})") == "0 ");
  for (int i = 0; i < 100; ++i) device("android", "d" + std::to_string(i), "[]");
  BOOST_TEST(reached("").starts_with("103 "));
  BOOST_TEST(control(bench, "/pushes").array()->at(0).find("installations")->array()->size() == 100U);
  BOOST_TEST(bench.post("/1/push", R"({"data":{"alert":"x"},"where":{"a":{"$explode":1}}})").code() == 102);
  BOOST_TEST(control(bench, "/pushes").array()->size() == 6U);
}

BOOST_AUTO_TEST_CASE(pushes_that_are_refused) {
  const Bench bench;
  const std::string missing = R"({"code":141,"error":"Missing the push data."})";
  for (const auto* sent : {"", "{}", R"({"where":{}})", R"({"data":{}})", R"({"data":"x"})", R"({"data":null})"})
    BOOST_TEST(body(bench.post("/1/push", sent)) == missing, sent);
  const auto refusal = [&](const std::string& member) {
    return body(bench.post("/1/push", R"({"data":{"alert":"x"},)" + member + "}"));
  };
  BOOST_TEST(refusal(R"("push_time":"tomorrow")") == R"({"code":142,"error":"push_time shoule be like: 2013-12-04 00:51:13"})");
  BOOST_TEST(refusal(R"("expiration_time":1386089473)") ==
             R"({"code":142,"error":"expiration_time shoule be like: 2013-12-04 00:51:13"})");
  BOOST_TEST(refusal(R"("push_time":"99999999-01-01 00:00:00")") ==
             R"({"code":142,"error":"push_time shoule be like: 2013-12-04 00:51:13"})");
  BOOST_TEST(refusal(R"("expiration_interval":"3600")") == R"({"code":143,"error":"expiration_interval must be a number"})");
  BOOST_TEST(refusal(R"("push_time":"2024-01-02 11:04:07")") == R"({"code":144,"error":"push_time cannot before now"})");
  BOOST_TEST(refusal(R"("expiration_time":"2013-12-04 00:51:13")") ==
             R"({"code":144,"error":"expiration_time cannot before now"})");
  BOOST_TEST(refusal(R"("where":[])") == R"({"code":102,"error":"Invalid value for key 'where'."})");
  BOOST_TEST(refusal(R"("channels":[1])") == R"({"code":102,"error":"Invalid value for key 'channels'."})");
  BOOST_TEST(control(bench, "/pushes").array()->empty());
}

BOOST_AUTO_TEST_CASE(faults_on_the_paths_of_bmob) {
  const Bench bench;
  Faults faults;
  const auto send = [&](const std::string& path) {
    return gateway::answer(*bench.platform, faults, bench.plain("POST", path, R"({"data":{"alert":"x"}})"));
  };
  const auto add = [&](Fields fault) {
    fault.set("path", "/1/push");
    faults.add(fault);
  };
  const auto pushes = [&] { return control(bench, "/pushes").array()->size(); };
  add({{"fault", "errorCode"}, {"errCode", "10076"}, {"errMsg", "Qps beyond the limit: 1,1,1"}});
  const auto busy = send("/1/push");
  BOOST_TEST(busy.status == 400);
  BOOST_TEST(busy.body == R"({"code":10076,"error":"Qps beyond the limit: 1,1,1"})");
  add({{"fault", "status"}, {"status", 500}});
  BOOST_TEST(send("/1/push/").status == 500);  // the slash that SDKs add
  add({{"fault", "dropBeforeCommit"}});
  BOOST_TEST((send("//1/push").fault == TransportFault::dropConnection));
  BOOST_TEST(pushes() == 0U);
  add({{"fault", "dropAfterCommit"}});
  BOOST_TEST((send("/1/push").fault == TransportFault::dropConnection));
  BOOST_TEST(pushes() == 1U);
  add({{"fault", "truncate"}});
  BOOST_TEST((send("/1/push").fault == TransportFault::truncate));
  add({{"fault", "delay"}, {"ms", 20}});
  BOOST_TEST((send("/1/push").delay == std::chrono::milliseconds{20}));
  add({{"fault", "badSignature"}});
  BOOST_TEST(send("/1/push").body == R"({"msg":"ok"})");
  BOOST_TEST(send("/1/push").body == R"({"msg":"ok"})");
}

BOOST_AUTO_TEST_SUITE_END()
