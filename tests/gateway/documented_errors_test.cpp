// Every error code in the requirement document's tables of WeChat's mini-program services: provoked at the local platform, and
// thrown by the method it is documented for, with the platform's own code and text.
#include <boost/test/unit_test.hpp>

#include <openapi/openapi.hpp>

#include <gateways/sandbox.hpp>
#include <support/files.hpp>

#include <boost/asio/io_context.hpp>

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace openapi;

namespace {

const std::string user = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

struct World {
  World() {
    const auto config = *Json::parse(test::readFile(sandbox.configDir() + "/weixin.json")).object();
    const auto text = [&config](const char* name) { return *config.find(name)->string(); };
    made.appId = text("appId");
    made.secret = text("secret");
    made.apiBaseUrl = sandbox.urls().weixinApi;
    options.caFile = sandbox.urls().caFile;
    options.proxy = "";
    options.maxAttempts = 1;
  }
  Weixin provider(const std::function<void(WeixinConfig&)>& change = {}) {
    auto config = made;
    if (change) change(config);
    return Weixin{context.get_executor(), config, options};
  }
  Json control(const char* route, Fields input) {
    input.set("provider", "weixinApi");
    return sandbox.control("POST", route, input);
  }
  void fault(const char* path, const char* code) {
    sandbox.control("POST", "/fault", Fields{{"path", path}, {"fault", "errorCode"}, {"errCode", code}, {"errMsg", "as told"}});
  }

  gateway::Sandbox sandbox{};
  boost::asio::io_context context{};
  WeixinConfig made{};
  HttpOptions options{};
};

World& world() {
  static World shared;
  return shared;
}

weixin::SendRequest textTo(const std::string& openid) {
  return {.touser = openid, .msgtype = "text", .text = weixin::TextMessage{.content = "好"}};
}

void code2Session(const std::string& code) { (void)wait(world().provider().auth.code2Session(code)); }
void send(const std::string& openid) {
  const auto message = textTo(openid);
  (void)wait(world().provider().customerServiceMessage.send(message));
}
void getAccessToken(const std::function<void(WeixinConfig&)>& change = {}) {
  (void)wait(world().provider(change).auth.getAccessToken());
}
void paidUnionId(const std::string& openid) {
  const weixin::GetPaidUnionIdRequest request{.openid = openid, .transactionId = "4200000000000000000000000001"};
  (void)wait(world().provider().auth.getPaidUnionId(request));
}
void setTyping() {
  const weixin::SetTypingRequest request{.touser = user, .command = "Typing"};
  (void)wait(world().provider().customerServiceMessage.setTyping(request));
}
void getTempMedia() {
  const weixin::GetTempMediaRequest request{.mediaId = std::string(64, 'x')};
  (void)wait(world().provider().customerServiceMessage.getTempMedia(request));
}
void uploadTempMedia() {
  const weixin::UploadTempMediaRequest request{.media = {.contentType = "image/png", .value = {"\x89PNG"}}};
  (void)wait(world().provider().customerServiceMessage.uploadTempMedia(request));
}

/// Does `prepare`, then `work` until it fails.
struct Case {
  std::string method;
  std::string code;
  std::function<void()> prepare;
  std::function<void()> work;
};

std::vector<Case> cases() {
  const auto nothing = [] {};
  const auto fault = [](const char* path, const char* code) { return [=] { world().fault(path, code); }; };
  const auto stranger = [] {
    world().control("/user", Fields{{"openid", std::string{"o"} + std::string(27, 's')}, {"appId", "wxother"}});
  };
  const std::string strange = std::string{"o"} + std::string(27, 's');
  const auto wrote = [] { world().control("/usermessage", Fields{{"openid", user}, {"content", "hi"}}); };
  const auto settings = [](const char* name, Json value) { return [=] { world().control("/settings", Fields{{name, value}}); }; };
  int login = 0;
  return {
      {"auth.getOpenid", "-1", fault("/sns/jscode2session", "-1"), [] { code2Session("code-" + user + "-busy"); }},
      {"auth.getOpenid", "40029", nothing, [] { code2Session("nonsense"); }},
      {"auth.getOpenid", "45011", nothing, [login]() mutable { code2Session("code-" + user + "-" + std::to_string(++login)); }},
      {"auth.getAccessToken", "-1", fault("/cgi-bin/stable_token", "-1"), [] { getAccessToken(); }},
      {"auth.getAccessToken", "40001", settings("secretError", 40001),
       [] { getAccessToken([](WeixinConfig& config) { config.secret = "wrong"; }); }},
      {"auth.getAccessToken", "40002", fault("/cgi-bin/stable_token", "40002"), [] { getAccessToken(); }},
      {"auth.getAccessToken", "40013", nothing, [] { getAccessToken([](WeixinConfig& config) { config.appId = "wx00"; }); }},
      {"auth.getPaidUnionId", "-1", fault("/wxa/getpaidunionid", "-1"), [] { paidUnionId(user); }},
      {"auth.getPaidUnionId", "40003", stranger, [strange] { paidUnionId(strange); }},
      {"auth.getPaidUnionId", "89300", nothing, [] { paidUnionId(user); }},
      {"auth.getPaidUnionId", "89002", settings("openPlatform", false), [] { paidUnionId(user); }},
      {"customerServiceMessage.getTempMedia", "40007", nothing, getTempMedia},
      {"customerServiceMessage.send", "-1", fault("/cgi-bin/message/custom/send", "-1"), [] { send(user); }},
      {"customerServiceMessage.send", "40001", nothing,
       [] {
         auto request = textTo(user);
         const auto old = wait(world().provider([](WeixinConfig& config) { config.stableToken = false; }).auth.getAccessToken());
         world().control("/tokens", Fields{{"action", "revoke"}, {"kind", "classic"}});
         request.accessToken = old.accessToken;  // not renewed: it is the caller's own
         (void)wait(world().provider().customerServiceMessage.send(request));
       }},
      {"customerServiceMessage.send", "40002", fault("/cgi-bin/message/custom/send", "40002"), [] { send(user); }},
      {"customerServiceMessage.send", "40003", stranger, [strange] { send(strange); }},
      {"customerServiceMessage.send", "45015", nothing, [] { send(user); }},
      {"customerServiceMessage.send", "45047", wrote, [] { send(user); }},
      {"customerServiceMessage.send", "48001", settings("unauthorized", Json::Array{"/cgi-bin/message/custom/send"}),
       [] { send(user); }},
      {"customerServiceMessage.setTyping", "45072", fault("/cgi-bin/message/custom/business/typing", "45072"), setTyping},
      {"customerServiceMessage.setTyping", "45080",
       [] {
         world().sandbox.control("POST", "/clock", Fields{{"advanceSeconds", 60}});
       },
       setTyping},
      {"customerServiceMessage.setTyping", "45081", wrote, setTyping},
      {"customerServiceMessage.uploadTempMedia", "40004", fault("/cgi-bin/media/upload", "40004"), uploadTempMedia},
  };
}

/// The codes of the document's tables by method; 0 is success.
std::map<std::string, std::set<std::string>> documented() {
  std::ifstream document{test::sourcePath("tests/fixtures/spec/unicloud-openapi.md")};
  BOOST_REQUIRE(document.good());
  std::map<std::string, std::set<std::string>> codes;
  std::string line;
  std::string method;
  bool inTable = false;
  while (std::getline(document, line) && line.find("# 支付宝小程序平台") != 0) {
    if (line.starts_with("### ")) {
      method = line.substr(4);
      method = method.substr(0, method.find_first_of("( "));
    }
    if (line.starts_with("**")) inTable = line.find("错误码说明") != std::string::npos;
    if (!inTable || !line.starts_with("|")) continue;
    auto cell = line.substr(1, line.find('|', 1) - 1);
    std::erase_if(cell, [](char c) { return c == ' ' || c == '\t'; });
    const bool number = !cell.empty() && cell.find_first_not_of("-0123456789") == std::string::npos;
    if (number && cell != "0") codes[method].insert(cell);
  }
  return codes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(documented_errors)

BOOST_AUTO_TEST_CASE(each_is_provoked_and_comes_back) {
  std::map<std::string, std::set<std::string>> provoked;
  for (const auto& one : cases()) {
    BOOST_TEST_CONTEXT(one.method << ' ' << one.code) {
      one.prepare();
      std::string seen = "none";
      for (int attempt = 0; attempt < 150 && seen == "none"; ++attempt) {
        try {
          one.work();
        } catch (const Error& error) {
          seen = error.errCode();
          BOOST_TEST((error.errc() == Errc::rejected));
          BOOST_TEST(!error.errMsg().empty());
        }
      }
      BOOST_TEST(seen == one.code);
      provoked[one.method].insert(one.code);
    }
    world().control("/settings", Fields{{"secretError", nullptr}, {"openPlatform", nullptr}, {"unauthorized", nullptr}});
  }
  const auto all = documented();
  BOOST_TEST(all.size() >= 6U);
  for (const auto& [method, codes] : all) {
    for (const auto& code : codes) BOOST_TEST(provoked[method].contains(code), method << " documents " << code);
  }
  for (const auto& [method, codes] : provoked) {
    for (const auto& code : codes) BOOST_TEST((all.contains(method) && all.at(method).contains(code)), method << ' ' << code);
  }
}

BOOST_AUTO_TEST_SUITE_END()
