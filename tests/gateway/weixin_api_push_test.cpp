#include "weixin_api_bench.hpp"

#include <codec/xml.hpp>
#include <gateways/weixin_api/push_cipher.hpp>

#include <support/files.hpp>

#include <filesystem>
#include <map>

using namespace weixin_api_bench;
using openapi::test::readFile;
using weixin_api::decryptPush;
using weixin_api::encryptPush;
using weixin_api::pushSignature;

namespace {

/// What the merchant's server knows and does.
struct Server {
  Bench bench{[] {
    SandboxOptions options;
    options.notifyScale = 1000;
    return options;
  }()};
  Receiver receiver{};
  Json config = Json::parse(readFile(std::filesystem::path{bench.sandbox.configDir()} / "weixin.json"));
  std::string token = text(config, "pushToken");
  std::string key = text(config, "encodingAesKey");

  Server() { bench.set("pushUrl", receiver.url()); }

  static std::string parameter(const Request& request, const std::string& name) {
    for (const auto& [field, value] : codec::parseForm(request.query)) {
      if (field == name) return value;
    }
    return {};
  }

  void checkSignature(const Request& request) const {
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(parameter(request, "signature") ==
               pushSignature({token, parameter(request, "timestamp"), parameter(request, "nonce")}));
  }

  /// The message in the `Encrypt` of a request, after all checks of safe mode.
  std::string open(const Request& request, const std::string& encrypted) const {
    checkSignature(request);
    BOOST_TEST(parameter(request, "encrypt_type") == "aes");
    BOOST_TEST(parameter(request, "msg_signature") ==
               pushSignature({token, parameter(request, "timestamp"), parameter(request, "nonce"), encrypted}));
    const auto message = decryptPush(key, encrypted);
    BOOST_REQUIRE(message.has_value());
    BOOST_TEST(message->appId == appId);
    return message->message;
  }

  std::string reply(const std::string& message, const std::string& signWith, const std::string& encryptWith) const {
    const auto encrypted = encryptPush(encryptWith, message, appId);
    return Json{Fields{{"Encrypt", encrypted},
                       {"MsgSignature", pushSignature({signWith, "1713424427", "415670741", encrypted})},
                       {"TimeStamp", 1713424427},
                       {"Nonce", "415670741"}}}
        .json();
  }

  /// Waits until the notification has this many attempts; gives the last one.
  Json attempt(std::int64_t id, std::size_t count) {
    for (;;) {
      const auto all = bench.sandbox.control("GET", "/notifies");
      for (const auto& item : *all.array()) {
        if (*at(item, "id").integer() != id) continue;
        const auto attempts = at(item, "attempts");
        if (attempts.array()->size() >= count) return attempts.array()->back();
      }
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin_api_push)

BOOST_AUTO_TEST_CASE(published_vectors_decrypt) {
  const auto vectors = Json::parse(readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/weixin-miniprogram/crypto/vectors.json"));
  const auto list = at(vectors, "push_safe_mode_decrypt");
  BOOST_TEST(list.array()->size() >= 3U);
  for (const auto& vector : *list.array()) {
    BOOST_TEST_CONTEXT(text(vector, "id")) {
      const auto message = decryptPush(text(vector, "encoding_aes_key"), text(vector, "encrypt"));
      BOOST_REQUIRE(message.has_value());
      BOOST_TEST(message->message == text(vector, "expect_msg"));
      BOOST_TEST(message->appId == text(vector, "expect_appid"));
      BOOST_TEST(pushSignature({text(vector, "token"), text(vector, "timestamp"), text(vector, "nonce"),
                                text(vector, "encrypt")}) == text(vector, "expect_msg_signature"));
    }
  }
  const auto replies = at(vectors, "push_safe_mode_encrypt");
  for (const auto& vector : *replies.array()) {
    if (text(vector, "expect_encrypt").empty()) continue;  // one gives the ends only
    BOOST_TEST_CONTEXT(text(vector, "id")) {
      BOOST_TEST(decryptPush(text(vector, "encoding_aes_key"), text(vector, "expect_encrypt")).value().message ==
                 text(vector, "msg"));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_was_encrypted_decrypts) {
  const std::string key(43, 'A');
  for (const std::size_t size : {0U, 1U, 11U, 12U, 31U, 32U, 1000U}) {
    const auto encrypted = encryptPush(key, std::string(size, 'x'), "wx1");
    const auto message = decryptPush(key, encrypted);
    BOOST_REQUIRE(message.has_value());
    BOOST_TEST(message->message == std::string(size, 'x'));
    BOOST_TEST(message->appId == "wx1");
    BOOST_TEST(encryptPush(key, std::string(size, 'x'), "wx1") != encrypted);
  }
  BOOST_TEST(!decryptPush(key, "").has_value());
  BOOST_TEST(!decryptPush(key, "AAAA").has_value());
  BOOST_TEST(!decryptPush(key, std::string(44, 'A')).has_value());
}

BOOST_AUTO_TEST_CASE(a_message_of_a_user_arrives_encrypted) {
  Server server;
  server.bench.control("/usermessage", {{"openid", openid}, {"content", "有人吗"}});
  const auto request = server.receiver.waitFor(1)[0];
  BOOST_TEST(request.headers.get("Content-Type") == "application/json");
  BOOST_TEST(Server::parameter(request, "openid") == openid);
  const auto outside = Json::parse(request.body);
  const auto message = Json::parse(server.open(request, text(outside, "Encrypt")));
  BOOST_TEST(text(message, "ToUserName") == text(outside, "ToUserName"));
  BOOST_TEST(text(message, "ToUserName").starts_with("gh_"));
  BOOST_TEST(text(message, "FromUserName") == openid);
  BOOST_TEST(text(message, "MsgType") == "text");
  BOOST_TEST(text(message, "Content") == "有人吗");
  BOOST_TEST(*at(message, "MsgId").integer() > (std::int64_t{1} << 53));
  BOOST_TEST(at(message, "CreateTime").integer() != nullptr);
}

BOOST_AUTO_TEST_CASE(xml_plain_and_compatible) {
  Server server;
  server.bench.control("/settings", {{"pushFormat", "xml"}, {"pushMode", "plain"}});
  server.bench.control("/push", {{"openid", openid}, {"message", Fields{{"MsgType", "text"}, {"Content", "a]]>b"}}}});
  const auto plain = server.receiver.waitFor(1)[0];
  server.checkSignature(plain);
  BOOST_TEST(plain.headers.get("Content-Type") == "text/xml");
  BOOST_TEST(Server::parameter(plain, "msg_signature").empty());
  const auto xml = codec::FlatXml::parse(plain.body, "xml");
  BOOST_TEST(xml.value("Content") == "a]]>b");
  BOOST_TEST(xml.value("FromUserName") == openid);
  server.bench.set("pushMode", "compatible");
  server.bench.control("/push", {{"openid", openid}, {"message", Fields{{"Content", "hello"}}}});
  const auto both = server.receiver.waitFor(2)[1];
  const auto fields = codec::FlatXml::parse(both.body, "xml");
  BOOST_TEST(fields.value("Content") == "hello");
  const auto inside = server.open(both, std::string{fields.value("Encrypt")});
  BOOST_TEST(codec::FlatXml::parse(inside, "xml").value("Content") == "hello");
  server.bench.set("pushMode", "safe");
  server.bench.control("/push", {{"openid", openid}});
  const auto safe = server.receiver.waitFor(3)[2];
  const auto outside = codec::FlatXml::parse(safe.body, "xml");
  BOOST_TEST(outside.fields().size() == 2U);
  BOOST_TEST(codec::FlatXml::parse(server.open(safe, std::string{outside.value("Encrypt")}), "xml").value("MsgType") == "text");
}

BOOST_AUTO_TEST_CASE(three_more_attempts_and_no_fourth) {
  Server server;
  server.receiver.answer("what?");
  const auto id = *at(server.bench.control("/push"), "id").integer();
  const auto requests = server.receiver.waitFor(4);
  BOOST_TEST(requests[0].body == requests[3].body);
  BOOST_TEST(text(server.attempt(id, 4), "acknowledged") == "false");
  // Another message makes its whole way while no fifth attempt of the first one comes.
  const auto next = *at(server.bench.control("/push"), "id").integer();
  server.attempt(next, 4);
  BOOST_TEST(server.receiver.waitFor(8).size() == 8U);
}

BOOST_AUTO_TEST_CASE(replies_are_verified) {
  Server server;
  const auto acknowledged = [&](const std::string& answer) {
    server.receiver.answer(answer);
    const auto id = *at(server.bench.control("/push"), "id").integer();
    return text(server.attempt(id, 1), "acknowledged") == "true";
  };
  const std::string transfer = R"({"ToUserName":"o","FromUserName":"gh","CreateTime":1,"MsgType":"transfer_customer_service"})";
  BOOST_TEST(acknowledged(""));
  BOOST_TEST(acknowledged("success"));
  BOOST_TEST(acknowledged(server.reply(transfer, server.token, server.key)));
  BOOST_TEST(!acknowledged(server.reply(transfer, "wrong", server.key)));
  BOOST_TEST(!acknowledged(server.reply(transfer, server.token, std::string(43, 'A'))));
  BOOST_TEST(!acknowledged(server.reply("no message", server.token, server.key)));
  BOOST_TEST(!acknowledged(transfer));
  BOOST_TEST(!acknowledged("\"success\""));
  const auto encrypted = encryptPush(server.key, "<xml><MsgType>text</MsgType></xml>", appId);
  const auto xmlReply = "<xml><Encrypt><![CDATA[" + encrypted + "]]></Encrypt><MsgSignature>" +
                        pushSignature({server.token, "1", "2", encrypted}) +
                        "</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>";
  BOOST_TEST(acknowledged(xmlReply));
  server.bench.set("pushMode", "plain");
  BOOST_TEST(acknowledged(transfer));
  BOOST_TEST(!acknowledged("{}"));
}

BOOST_AUTO_TEST_CASE(events_of_the_platform) {
  Server server;
  auto& bench = server.bench;
  bench.set("pushMode", "plain");
  const auto message = [&](std::size_t count) { return Json::parse(server.receiver.waitFor(count)[count - 1].body); };
  bench.control("/entersession", {{"openid", openid}, {"sessionFrom", "shop"}});
  const auto entered = message(1);
  BOOST_TEST(text(entered, "Event") == "user_enter_tempsession");
  BOOST_TEST(text(entered, "SessionFrom") == "shop");
  BOOST_TEST(at(entered, "MsgId").isNull());
  const auto check = bench.tell(
      "/wxa/media_check_async",
      Fields{{"media_url", "https://example.com/赌博.png"}, {"media_type", 2}, {"version", 2}, {"scene", 1}, {"openid", openid}});
  const auto checked = message(2);
  BOOST_TEST(text(checked, "Event") == "wxa_media_check");
  BOOST_TEST(text(checked, "trace_id") == text(check, "trace_id"));
  BOOST_TEST(text(checked, "result", "suggest") == "risky");
  bench.tell("/wxa/media_check_async",
             Fields{{"media_url", "file:a.png"}, {"media_type", 2}, {"version", 2}, {"scene", 1}, {"openid", openid}});
  BOOST_TEST(text(message(3), "errcode") == "-1008");
  const std::string templateId(43, 'T');
  bench.control("/subscribe", {{"openid", openid}, {"templateId", templateId}});
  BOOST_TEST(text(message(4), "List", "SubscribeStatusString") == "accept");
  const auto sent =
      bench.tell("/cgi-bin/message/subscribe/send",
                 Fields{{"touser", openid}, {"template_id", templateId}, {"data", Fields{{"thing1", Fields{{"value", "x"}}}}}});
  const auto told = message(5);
  BOOST_TEST(text(told, "Event") == "subscribe_msg_sent_event");
  BOOST_TEST(*at(told, "List", "MsgID").string() == text(sent, "msgid"));
}

BOOST_AUTO_TEST_CASE(a_message_may_come_twice) {
  Server server;
  const auto answer = server.bench.control("/push", {{"notifyTimes", 2}, {"message", Fields{{"Content", "x"}}}});
  const auto requests = server.receiver.waitFor(2);
  BOOST_TEST(requests[0].body == requests[1].body);
  BOOST_TEST(text(answer, "message", "Content") == "x");
}

BOOST_AUTO_TEST_CASE(the_check_of_an_address) {
  Server server;
  const auto check = server.bench.control("/pushcheck", {{"url", "https://example.com/push?a=1"}});
  BOOST_TEST(text(check, "url") == "https://example.com/push?a=1&" + text(check, "query"));
  std::map<std::string, std::string> query;
  for (const auto& [name, value] : codec::parseForm(text(check, "query"))) query[name] = value;
  BOOST_TEST(query["signature"] == pushSignature({server.token, query["timestamp"], query["nonce"]}));
  BOOST_TEST(query["echostr"] == text(check, "echostr"));
}

BOOST_AUTO_TEST_CASE(control_input_for_pushes_is_checked) {
  Bench bench;
  const auto field = [&](const char* route, const Fields& input) {
    try {
      bench.control(route, input);
    } catch (const ControlError& e) {
      return e.field();
    }
    return std::string{"accepted"};
  };
  BOOST_TEST(field("/push", {}) == "url");
  BOOST_TEST(field("/push", {{"url", "ftp://127.0.0.1"}}) == "url");
  BOOST_TEST(field("/push", {{"url", "http://127.0.0.1:1/"}, {"message", "x"}}) == "message");
  BOOST_TEST(field("/push", {{"url", "http://127.0.0.1:1/"}, {"openid", "x"}}) == "openid");
  BOOST_TEST(field("/pushcheck", {}) == "url");
  BOOST_TEST(field("/usermessage", {{"openid", openid}, {"message", 1}}) == "message");
  BOOST_TEST(field("/usermessage", {}) == "openid");
}

BOOST_AUTO_TEST_SUITE_END()
