#include <gateways/sandbox.hpp>
#include <http/client.hpp>
#include <openapi/transport.hpp>
#include <openapi/wait.hpp>

#include "bmob_bench.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace bmob_bench;

namespace {

struct Folder {
  std::filesystem::path path{std::filesystem::path{OPENAPI_BINARY_DIR} / "gateway-bmob-test"};
  Folder() {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

/// Writes for ever: a batch of two rows, then their ids into the pipe.
[[noreturn]] void writeForEver(const std::string& file, int pipe) {
  Bench bench{file};
  const auto user = bench.registerUser("u");
  static_cast<void>(::write(pipe, user.token.data(), 32) == 32);
  for (int i = 0;; ++i) {
    const auto item = R"({"method":"POST","path":"/1/classes/T","body":{"pair":)" + std::to_string(i) + "}}";
    const auto answer = bench.post("/1/batch", R"({"requests":[)" + item + "," + item + "]}");
    for (const auto& result : *answer.json.array()) {
      const auto& id = *result.find("success")->find("objectId")->string();
      if (::write(pipe, id.data(), id.size()) < 0) ::_exit(1);
    }
  }
}

std::string readBytes(int pipe, std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const auto got = ::read(pipe, bytes.data() + done, count - done);
    BOOST_REQUIRE(got > 0);
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_state)

BOOST_AUTO_TEST_CASE(what_was_answered_survives_a_kill) {
  const Folder folder;
  const auto file = (folder.path / "state.db").string();
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe(ends.data()) == 0);
  const auto child = ::fork();
  if (child == 0) writeForEver(file, ends[1]);
  const auto token = readBytes(ends[0], 32);
  std::vector<std::string> ids;
  for (int i = 0; i < 200; ++i) ids.push_back(readBytes(ends[0], 10));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  Bench bench{file};
  for (const auto& id : ids) BOOST_TEST(bench.get("/1/classes/T/" + id).reply.status == 200);
  const auto pairs = bench.get("/1/classes/T", {{"groupby", "pair"}, {"groupcount", "true"}, {"limit", "1000"}});
  for (const auto& pair : pairs.results()) BOOST_TEST(pair.find("_count")->json() == "2");  // a request is there or it is not
  const auto user = *bench.get("/1/users").results().at(0).find("objectId")->string();
  BOOST_TEST(bench.as(token, [&] { return bench.get("/1/checkSession/" + user); }).text("msg") == "ok");
  BOOST_TEST(bench.get("/1/login", {{"username", "u"}, {"password", "pw"}}).reply.status == 200);
  BOOST_TEST(bench.post("/1/classes/T", R"({"pair":"text"})").code() == 111);
}

BOOST_AUTO_TEST_CASE(the_sandbox_serves_it) {
  Sandbox sandbox;
  std::ifstream file{std::filesystem::path{sandbox.configDir()} / "bmob.json"};
  const auto config = Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
  BOOST_TEST(*config.find("baseUrl")->string() == sandbox.urls().bmob);
  HttpOptions options;
  options.caFile = sandbox.urls().caFile;
  options.proxy = "";
  options.maxAttempts = 1;
  const auto client = http::makeClient(options);
  const auto send = [&](const std::string& method, const std::string& path, const std::string& body) {
    HttpRequest request;
    request.method = method;
    request.url = sandbox.urls().bmob + path;
    request.headers = {{"X-Bmob-Application-Id", *config.find("applicationId")->string()},
                       {"X-Bmob-REST-API-Key", *config.find("restApiKey")->string()},
                       {"Content-Type", "application/json"}};
    request.body = body;
    request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    return wait(client->send(request));
  };
  const auto made = send("POST", "/1/classes/Diary", R"({"name":"fff"})");
  BOOST_TEST(made.status == 201);
  const auto id = *Json::parse(made.body).find("objectId")->string();
  BOOST_TEST(made.headers.get("Location") == sandbox.urls().bmob + "/1/classes/Diary/" + id);
  BOOST_TEST(send("GET", "/1/classes/Diary/" + id, "").status == 200);
  sandbox.control("POST", "/fault",
                  Fields{{"path", "/1/timestamp"}, {"fault", "errorCode"}, {"errCode", "10210"}, {"errMsg", "busy"}});
  const auto fault = send("GET", "/1/timestamp", "");
  BOOST_TEST(fault.status == 400);
  BOOST_TEST(fault.body == R"({"code":10210,"error":"busy"})");
  const auto settings = sandbox.control("POST", "/settings", Fields{{"provider", "bmob"}, {"regex", false}});
  BOOST_TEST(settings.find("regex")->json() == "false");
  BOOST_TEST(send("GET", R"(/1/classes/Diary?where=%7B%22name%22%3A%7B%22%24regex%22%3A%22f%22%7D%7D)", "").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
