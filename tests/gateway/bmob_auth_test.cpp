#include <gateways/bmob/request.hpp>
#include <gateways/bmob/routes.hpp>
#include <gateways/bmob/signature.hpp>

#include "bmob_bench.hpp"

using namespace bmob_bench;
using bmob::safeSign;
using bmob::SignedParts;

namespace {

const std::string timestampPath = "/1/timestamp";

struct Signed {
  std::string method = "GET";
  std::string path = timestampPath;
  std::string timestamp = "1704164648";  // the clock of the bench
  std::string nonce = crypto::randomText(16);
  std::string body{};
  std::string version = "10";
  std::string signedPath{};  ///< empty: the path
  std::string signedBody{};
  std::string secretKey = "0123456789abcdef";
  std::string safeCode = "123456";
};

Request request(const Signed& what) {
  const auto sign = safeSign({.path = what.signedPath.empty() ? what.path : what.signedPath,
                              .timestamp = what.timestamp,
                              .safeCode = what.safeCode,
                              .nonce = what.nonce,
                              .body = what.signedBody,
                              .version = what.version});
  Request made{.method = what.method, .path = what.path, .body = what.body};
  made.headers = {
      {"x-bmob-secret-key", what.secretKey}, {"X-Bmob-SDK-Type", "wechatApp"}, {"X-Bmob-Safe-Timestamp", what.timestamp},
      {"X-Bmob-Noncestr-Key", what.nonce},   {"X-Bmob-Safe-Sign", sign},       {"Content-Type", "application/json"}};
  if (!what.version.empty()) made.headers.add("X-Bmob-SDK-Version", what.version);
  return made;
}

void isRefused(const Answer& answer) {
  BOOST_TEST(answer.reply.status == 400);
  BOOST_TEST(answer.reply.body == R"({"code":400,"error":"签名安全验证错误"})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_auth)

BOOST_AUTO_TEST_CASE(the_vectors_of_the_signature) {
  const std::string row = "/1/classes/GameScore/e1kXT22L";
  const std::string body = R"({"score":1337,"playerName":"Sean Plott"})";
  const auto sign = [](const std::string& path, const std::string& text, const std::string& version,
                       const std::string& time = "1583920308") {
    return safeSign(
        {.path = path, .timestamp = time, .safeCode = "123456", .nonce = "mI7dRHI4gbai0KaU", .body = text, .version = version});
  };
  BOOST_TEST(sign(row, "", "10") == "51ef48317f325ac10e6d98a2e4e3cf60");
  BOOST_TEST(sign(row, "", "") == "9c8e659cac1d52c5a75c8422f3429a3f");
  BOOST_TEST(sign(row, "", "10", "1583920308000") == "edf66cb599c234324430d6f96ebff012");
  BOOST_TEST(sign("/1/classes/GameScore", body, "10") == "22546ea4dae91ae50c6339d5f03cde0c");
  BOOST_TEST(sign("/1/classes/GameScore/", body, "10") == "feded98603e5766e5d6e455823fc9a75");
  BOOST_TEST(sign(row, R"({"nickName":"Bmob后端云"})", "10") == "40bfd85183fdde0e29bcb0a80563c357");
}

BOOST_AUTO_TEST_CASE(the_time_of_the_server) {
  Bench bench;
  const auto answer = bench.get("/1/timestamp");
  BOOST_TEST(answer.reply.body == R"({"timestamp":1704164648,"datetime":"2024-01-02 11:04:08"})");
  BOOST_TEST(answer.reply.headers.get("Date") == "Tue, 02 Jan 2024 03:04:08 GMT");
  BOOST_TEST(answer.reply.contentType == "application/json");
}

BOOST_AUTO_TEST_CASE(plain_keys) {
  Bench bench;
  const auto status = [&](const Headers& headers) {
    const auto answer = bench.handle({.method = "GET", .path = timestampPath, .headers = headers});
    if (answer.reply.status == 401) BOOST_TEST(answer.reply.body == R"({"error":"unauthorized"})");
    return answer.reply.status;
  };
  const auto& app = bench.identity.applicationId;
  const auto& key = bench.identity.restApiKey;
  BOOST_TEST(status({{"X-BMOB-APPLICATION-ID", app}, {"x-bmob-rest-api-key", key}}) == 200);
  BOOST_TEST(status({}) == 401);
  BOOST_TEST(status({{"X-Bmob-Application-Id", app}}) == 401);
  BOOST_TEST(status({{"X-Bmob-Application-Id", app}, {"X-Bmob-REST-API-Key", key + "x"}}) == 401);
  BOOST_TEST(status({{"X-Bmob-Application-Id", key}, {"X-Bmob-REST-API-Key", key}}) == 401);
  BOOST_TEST(status({{"X-Bmob-Application-Id", app}, {"X-Bmob-Master-Key", bench.identity.masterKey}}) == 200);
  const auto wrong =
      bench.handle({.method = "GET",
                    .path = timestampPath,
                    .headers = {{"X-Bmob-Application-Id", app}, {"X-Bmob-REST-API-Key", key}, {"X-Bmob-Master-Key", "guessed"}}});
  BOOST_TEST(wrong.reply.body == R"({"code":10061,"error":"master key Err"})");
}

BOOST_AUTO_TEST_CASE(both_formulas_and_both_units_of_time) {
  Bench bench;
  BOOST_TEST(bench.handle(request({})).reply.status == 200);
  BOOST_TEST(bench.handle(request({.version = ""})).reply.status == 200);
  BOOST_TEST(bench.handle(request({.timestamp = "1704164648000"})).reply.status == 200);
  BOOST_TEST(bench.handle(request({.path = "/1/timestamp/"})).reply.status == 200);
  BOOST_TEST(bench.handle(request({.path = "//1//timestamp"})).reply.status == 200);
  BOOST_TEST(bench.handle(request({.path = "/1/%74imestamp"})).reply.status == 200);
  BOOST_TEST(bench.handle(request({.path = "/1/%74imestamp", .signedPath = timestampPath})).reply.status == 200);
}

BOOST_AUTO_TEST_CASE(wrong_signatures) {
  Bench bench;
  isRefused(bench.handle(request({.signedPath = "/1/other"})));
  isRefused(bench.handle(request({.safeCode = "654321"})));
  isRefused(bench.handle(request({.signedBody = "{}"})));
  isRefused(bench.handle(request({.nonce = ""})));
  isRefused(bench.handle(request({.nonce = std::string(65, 'a')})));
  for (const auto* time : {"", "now", "170416464", "17041646480", "-704164648", "1704164648.0"}) {
    isRefused(bench.handle(request({.timestamp = time})));
  }
  auto unsignedOne = request({});
  unsignedOne.headers = {{"X-Bmob-Secret-Key", bench.identity.secretKey}};
  isRefused(bench.handle(unsignedOne));
  BOOST_TEST(bench.handle(request({.secretKey = "fedcba9876543210"})).reply.body == R"({"error":"unauthorized"})");
}

BOOST_AUTO_TEST_CASE(wrong_clocks) {
  Bench bench;
  const auto status = [&](std::int64_t seconds) {
    return bench.handle(request({.timestamp = std::to_string(1704164648 + seconds)})).reply.status;
  };
  BOOST_TEST(status(10) == 200);
  BOOST_TEST(status(-10) == 200);
  isRefused(bench.handle(request({.timestamp = "1704164659"})));
  isRefused(bench.handle(request({.timestamp = "1704164637"})));
  bench.advance(std::chrono::hours{1});
  isRefused(bench.handle(request({})));
}

BOOST_AUTO_TEST_CASE(a_signed_request_is_good_once) {
  Bench bench;
  const auto sent = request({});
  BOOST_TEST(bench.handle(sent).reply.status == 200);
  isRefused(bench.handle(sent));
  bench.advance(std::chrono::seconds{5});
  isRefused(bench.handle(sent));
  auto options = bench.identity;
  options.refuseReplays = false;
  const auto lenient = makeBmobPlatform(options, {bench.clock, bench.database, bench.notifier});
  BOOST_TEST(lenient->handle(sent).status == 200);
  BOOST_TEST(lenient->handle(sent).status == 200);
}

// What is signed has no marks between its parts: a signature of formula B is right for formula A with a longer nonce.
BOOST_AUTO_TEST_CASE(a_signature_is_good_once_however_it_is_cut) {
  Bench bench;
  const auto id = bench.row("T", R"({"a":1})");
  const auto path = "/1/classes/T/" + id;
  auto read = request({.path = path});
  BOOST_TEST(bench.handle(read).reply.status == 200);
  const auto changed = [](Request sent, const std::string& more) {
    auto headers = sent.headers;
    sent.headers = {};
    for (const auto& [name, value] : headers) {
      if (name != "X-Bmob-SDK-Version" && name != "X-Bmob-Noncestr-Key") sent.headers.add(name, value);
    }
    sent.headers.add("X-Bmob-Noncestr-Key", std::string{headers.get("X-Bmob-Noncestr-Key")} + more);
    sent.method = "PUT";
    sent.body = R"({"a":666})";
    return sent;
  };
  isRefused(bench.handle(changed(read, "10")));
  const std::string body = R"({"a":2})";
  isRefused(bench.handle(changed(request({.method = "PUT", .path = path, .body = body, .signedBody = body}), body + "10")));
  BOOST_TEST(bench.get(path).text("a") == "1");
}

BOOST_AUTO_TEST_CASE(unknown_routes) {
  Bench bench;
  for (const auto& request : {bench.plain("GET", "/1/nothing"), bench.plain("GET", "/"), bench.plain("PATCH", "/1/timestamp"),
                              bench.plain("GET", "/1/%zz"), bench.plain("GET", "/1/%ff"), bench.plain("GET", "")}) {
    const auto answer = bench.handle(request);
    BOOST_TEST(answer.reply.status == 404);
    BOOST_TEST(answer.reply.body == R"({"code":404,"error":"not found"})");
  }
}

BOOST_AUTO_TEST_CASE(unknown_parameters_are_ignored) {
  Bench bench;
  BOOST_TEST(bench.get("/1/timestamp?timestamp=1704164648000&table=x&method=GET").reply.status == 200);
  BOOST_TEST(bench.get("/1/timestamp?a=%zz").code() == 107);
  BOOST_TEST(bench.get("/1/timestamp?a=%ff").code() == 107);
}

BOOST_AUTO_TEST_SUITE_END()
