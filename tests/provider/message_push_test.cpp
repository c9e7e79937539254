// Message push: the published vectors, and what anybody on the internet could send to the address.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>
#include <support/push_peer.hpp>
#include <support/scripted_transport.hpp>

#include <weixin/services/message_push.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;
using weixin::PushRequest;

namespace {

const PushPeer peer;
const std::string textMessage =
    R"({"ToUserName":"gh_1","FromUserName":"oSender","CreateTime":1700000000,"MsgType":"text","Content":"secretContent","MsgId":9007199254740993})";
const std::string eventMessage =
    R"({"ToUserName":"gh_1","FromUserName":"oSender","CreateTime":"1700000000","MsgType":"event","Event":"user_enter_tempsession","SessionFrom":"s"})";
const std::string xmlMessage =
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oSender]]></FromUserName><CreateTime>1700000000</"
    "CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[secretContent]]></Content><MsgId>9007199254740993</MsgId></xml>";

weixin::PushSettings safeSettings(const PushPeer& of = peer) {
  return weixin::pushSettings(of.appId, of.token, of.encodingAesKey);
}
weixin::PushSettings plainSettings(const PushPeer& of = peer) { return weixin::pushSettings(of.appId, of.token, std::nullopt); }

weixin::PushMessage received(const PushRequest& request) { return weixin::receivePush(safeSettings(), request); }
weixin::PushMessage receivedPlain(const PushRequest& request) { return weixin::receivePush(plainSettings(), request); }

/// `work` fails with `code`, and its message holds no key, no token and nothing of the message.
template <class Work>
void expectRefusal(Errc code, std::string_view words, const Work& work) {
  expectError(code, words, work);
  const std::string message = errorOf(work).what();
  for (const auto& secret :
       {peer.token, peer.encodingAesKey, peer.sign(), std::string{"secretContent"}, std::string{"oSender"}}) {
    BOOST_TEST(message.find(secret) == std::string::npos, message);
  }
}

std::string text(const Json& json, std::string_view name) {
  const auto* value = json.find(name);
  BOOST_REQUIRE_MESSAGE(value != nullptr && value->string() != nullptr, "no text " << name);
  return *value->string();
}
std::size_t size(const Json& json, std::string_view name) { return static_cast<std::size_t>(*json.find(name)->integer()); }

/// The vectors of a group by id.
std::map<std::string, Json> vectorsOf(const std::string& group, const std::set<std::string>& ids) {
  static const Json document = Json::parse(readFile(sourcePath("tests/fixtures/weixin-miniprogram/crypto/vectors.json")));
  std::map<std::string, Json> byId;
  std::set<std::string> found;
  for (const auto& vector : *document.find(group)->array()) {
    byId.emplace(text(vector, "id"), vector);
    BOOST_REQUIRE(found.insert(text(vector, "id")).second);
  }
  BOOST_TEST(found == ids, boost::test_tools::per_element());
  return byId;
}

PushPeer peerOf(const Json& vector) {
  PushPeer made;
  made.token = text(vector, "token");
  made.timestamp = text(vector, "timestamp");
  made.nonce = text(vector, "nonce");
  return made;
}

std::string hexOf(std::string_view bytes) {
  return codec::toLowerHex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::string replaced(std::string where, const std::string& what, const std::string& by) {
  const auto at = where.find(what);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no " << what);
  return where.replace(at, what.size(), by);
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string whole;
  whole.reserve(part.size() * times);
  for (std::size_t at = 0; at < times; ++at) whole += part;
  return whole;
}

std::string inXml(const std::string& members) {
  return "<xml><ToUserName>gh_1</ToUserName><FromUserName>oSender</FromUserName><CreateTime>1700000000</CreateTime>" + members +
         "</xml>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(messagePushTest)

BOOST_AUTO_TEST_CASE(publishedSignaturesOfTheAddress) {
  for (const auto& [id, vector] : vectorsOf("push_url_verify", {"P1", "P2"})) {
    const auto of = peerOf(vector);
    const auto due = text(vector, "expect_signature");
    const std::string query = "signature=" + due + "&timestamp=" + of.timestamp + "&nonce=" + of.nonce;
    BOOST_TEST(of.sign() == due);
    BOOST_TEST(weixin::verifyPushUrl(plainSettings(of), {query + "&echostr=4375120948345356249", "", false}).echostr ==
               "4375120948345356249");
    BOOST_TEST(weixin::verifyPushUrl(safeSettings(of), {'?' + query + "&echostr=aB-_9%2B%2F%3D", "", false}).echostr ==
               "aB-_9+/=");
    BOOST_TEST(weixin::receivePush(plainSettings(of), {query + "&openid=o", textMessage, false}).content.value() ==
               "secretContent");
  }
}

BOOST_AUTO_TEST_CASE(publishedMessagesDecrypt) {
  for (const auto& [id, vector] : vectorsOf("push_safe_mode_decrypt", {"P3", "P7", "P8"})) {
    const auto of = peerOf(vector);
    const auto encrypt = text(vector, "encrypt");
    const auto appId = text(vector, "expect_appid");
    const auto settings = weixin::pushSettings(appId, of.token, text(vector, "encoding_aes_key"));

    const auto bytes = codec::fromBase64(encrypt).value();
    BOOST_TEST(bytes.size() == size(vector, "expect_cipher_bytes"));
    const auto& key = *settings.aesKey;
    const auto plain = crypto::decryptAesCbc(key, key.substr(0, 16), bytes, crypto::AesPadding::none).value();
    BOOST_TEST(static_cast<std::size_t>(plain.back()) == size(vector, "expect_pad"));
    BOOST_TEST(plain.size() - size(vector, "expect_pad") == size(vector, "expect_unpadded_bytes"));
    BOOST_TEST(hexOf(plain.substr(0, 16)) == text(vector, "expect_random16_hex"));
    BOOST_TEST(plain.substr(16, 4) == PushPeer::bigEndian(static_cast<std::uint32_t>(size(vector, "expect_msg_len"))));

    const auto expected = text(vector, "expect_msg");
    BOOST_TEST(expected.size() == size(vector, "expect_msg_len"));
    const auto read = expected.front() == '<' ? codec::parseXmlTree(expected, "xml") : Json::parse(expected);
    for (const bool asXml : {false, true}) {
      auto request = of.carrying(encrypt, asXml);
      request.query =
          "msg_signature=" + text(vector, "expect_msg_signature") + "&timestamp=" + of.timestamp + "&nonce=" + of.nonce;
      if (const auto* plainSignature = vector.find("expect_signature")) {
        request.query += "&signature=" + *plainSignature->string();
        BOOST_TEST(of.sign() == *plainSignature->string());
      }
      const auto message = weixin::receivePush(settings, request);
      BOOST_TEST(message.encrypted);
      BOOST_TEST(message.format == (expected.front() == '<' ? "xml" : "json"));
      Fields known{{"ToUserName", message.toUserName}, {"FromUserName", message.fromUserName}, {"MsgType", message.msgType}};
      if (message.event) known.append("Event", *message.event);
      if (message.content) known.append("Content", *message.content);
      for (const auto& [name, value] : message.extra) known.append(name, value);
      for (const auto& [name, value] : known) BOOST_TEST(read.find(name)->json() == value.json(), id << ' ' << name);
      const auto counted = known.size() + 1 + (message.msgId ? 1 : 0);
      BOOST_TEST(read.object()->size() == counted);
      const auto number = [&](std::string_view name) {
        const auto* value = read.find(name);
        return value->integer() != nullptr ? *value->integer() : std::stoll(*value->string());
      };
      BOOST_TEST(message.createTime == number("CreateTime"));
      if (message.msgId) BOOST_TEST(*message.msgId == number("MsgId"));
      auto wrong = request;
      wrong.query = replaced(wrong.query, "msg_signature=", "msg_signature=0");
      expectError(Errc::badSignature, "msg_signature", [&] { return weixin::receivePush(settings, wrong); });
    }
  }
}

BOOST_AUTO_TEST_CASE(publishedSignatureOfAMessage) {
  for (const auto& [id, vector] : vectorsOf("push_signature_only", {"P9"})) {
    const auto of = peerOf(vector);
    const auto encrypt = text(vector, "encrypt");
    const auto due = text(vector, "expect_msg_signature");
    BOOST_TEST(weixin::pushSignature({of.token, of.timestamp, of.nonce, encrypt}) == due);
    BOOST_TEST(of.sign(encrypt) == due);
    // Signed by whoever knows the token, encrypted with a key that is not published.
    expectError(Errc::badResponse, "EncodingAESKey", [&] { return weixin::receivePush(safeSettings(of), of.carrying(encrypt)); });
  }
}

BOOST_AUTO_TEST_CASE(publishedRepliesEncrypt) {
  for (const auto& [id, vector] : vectorsOf("push_safe_mode_encrypt", {"P4", "P5", "P6"})) {
    const auto appId = text(vector, "appid");
    const auto key = *weixin::pushSettings(appId, "t", text(vector, "encoding_aes_key")).aesKey;
    const auto due = text(vector, "expect_encrypt");
    BOOST_TEST(weixin::encryptPush(key, text(vector, "random16"), text(vector, "msg"), appId) == due);
    if (vector.find("token") == nullptr) continue;
    const auto of = peerOf(vector);
    const auto settings = weixin::pushSettings(appId, of.token, text(vector, "encoding_aes_key"));
    const weixin::PushReplyRequest request{Json::parse(text(vector, "msg")), "json"};
    const weixin::PushStamp stamp{text(vector, "random16"), std::stoll(of.timestamp), of.nonce};
    const auto reply = weixin::pushReply(settings, request, stamp);
    BOOST_TEST(reply.contentType == "application/json");
    BOOST_TEST(reply.body == R"({"Encrypt":")" + due +
                                 R"(","MsgSignature":"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1","TimeStamp":)" + of.timestamp +
                                 R"(,"Nonce":")" + of.nonce + "\"}");
  }
}

BOOST_AUTO_TEST_CASE(messagesOfEveryMode) {
  std::vector<weixin::PushMessage> messages;
  for (const auto* body : {&textMessage, &xmlMessage}) {
    messages.push_back(receivedPlain(peer.plainRequest(*body)));
    messages.push_back(received(peer.safeRequest(*body)));
    messages.push_back(received(peer.safeRequest(*body, true)));
    auto encoded = peer.safeRequest(*body, true);
    encoded.body = codec::toBase64(encoded.body);
    encoded.isBase64Encoded = true;
    messages.push_back(received(encoded));
    encoded = peer.plainRequest(codec::toBase64("\xEF\xBB\xBF" + *body));
    encoded.isBase64Encoded = true;
    messages.push_back(receivedPlain(encoded));
  }
  for (std::size_t at = 0; at < messages.size(); ++at) {
    const auto& message = messages[at];
    BOOST_TEST(message.toUserName == "gh_1");
    BOOST_TEST(message.fromUserName == "oSender");
    BOOST_TEST(message.createTime == 1'700'000'000);
    BOOST_TEST(message.msgType == "text");
    BOOST_TEST(message.content.value() == "secretContent");
    BOOST_TEST(message.msgId.value() == 9007199254740993);
    BOOST_TEST(message.id == "9007199254740993");
    BOOST_TEST(!message.event.has_value());
    BOOST_TEST(message.extra.empty());
    BOOST_TEST(message.format == (at < messages.size() / 2 ? "json" : "xml"));
    BOOST_TEST(message.encrypted == (at % 5 != 0 && at % 5 != 4));
  }
}

BOOST_AUTO_TEST_CASE(eventsOfTheSameSecondAreToldApart) {
  const auto event = received(peer.safeRequest(eventMessage));
  BOOST_TEST(event.event.value() == "user_enter_tempsession");
  BOOST_TEST(event.createTime == 1'700'000'000);
  BOOST_TEST(event.extra.find("SessionFrom")->json() == "\"s\"");
  BOOST_TEST(event.id.starts_with("oSender|1700000000|user_enter_tempsession|"));
  // The same message again, with other random bytes and another query, in safe mode or not.
  auto again = peer;
  again.timestamp = "1714112450";
  again.nonce = "1";
  BOOST_TEST(received(again.safeRequest(eventMessage, true)).id == event.id);
  BOOST_TEST(receivedPlain(again.plainRequest(eventMessage)).id == event.id);
  // Deliveries of goods all come from one sender: two of a second are two.
  BOOST_TEST(received(peer.safeRequest(replaced(eventMessage, "\"s\"", "\"t\""))).id != event.id);
  BOOST_TEST(received(peer.safeRequest(replaced(eventMessage, "user_enter", "user_leave"))).id != event.id);
}

BOOST_AUTO_TEST_CASE(nestedEventsAreKept) {
  const std::string list =
      "<List><TemplateId><![CDATA[t1]]></TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>0</"
      "PopupScene></List>";
  const auto popup = [&](const std::string& lists) {
    const auto body = inXml("<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>" + lists +
                            "</SubscribeMsgPopupEvent>");
    return received(peer.safeRequest(body, true)).extra.find("SubscribeMsgPopupEvent")->json();
  };
  const std::string item = R"({"TemplateId":"t1","SubscribeStatusString":"accept","PopupScene":"0"})";
  BOOST_TEST(popup(list) == R"({"List":)" + item + "}");
  BOOST_TEST(popup(list + "\n" + list) == R"({"List":[)" + item + "," + item + "]}");
  const auto json = received(peer.safeRequest(replaced(eventMessage, "\"s\"", R"([{"a":1,"b_c":null},2])")));
  BOOST_TEST(json.extra.find("SessionFrom")->json() == R"([{"a":1,"b_c":null},2])");
  // An event may hold what is a text in a text message.
  const auto content = received(peer.safeRequest(replaced(eventMessage, "SessionFrom", R"(Content":{"a":1},"Other)")));
  BOOST_TEST(!content.content.has_value());
  BOOST_TEST(content.extra.find("Content")->json() == R"({"a":1})");
  const auto numbers = received(peer.safeRequest(
      R"({"ToUserName":1,"FromUserName":2,"CreateTime":3,"MsgType":"event","Event":4,"MsgId":"9223372036854775807","Content":5,"Other":null})"));
  BOOST_TEST(numbers.toUserName == "1");
  BOOST_TEST(numbers.event.value() == "4");
  BOOST_TEST(numbers.msgId.value() == INT64_MAX);
  BOOST_TEST(numbers.content.value() == "5");
  BOOST_TEST(numbers.extra.empty());
}

BOOST_AUTO_TEST_CASE(everyLengthDecrypts) {
  for (std::size_t length = 0; length <= 100; ++length) {
    const std::string content(length, 'c');
    const auto body = replaced(textMessage, "secretContent", content);
    BOOST_REQUIRE(received(peer.safeRequest(body)).content.value() == content);
    const auto own = weixin::encryptPush(peer.key, "0123456789abcdef", body, peer.appId);
    BOOST_REQUIRE(own == peer.encrypted(body));
  }
}

BOOST_AUTO_TEST_CASE(compatibleModeReadsOnlyWhatIsSigned) {
  const auto forged = replaced(textMessage, "secretContent", "forged");
  auto request = peer.safeRequest(textMessage);
  request.body = replaced(forged, "{", R"({"Encrypt":")" + peer.encrypted(textMessage) + "\",");
  const auto message = received(request);
  BOOST_TEST(message.content.value() == "secretContent");
  BOOST_TEST(message.extra.find("Encrypt") == nullptr);
  // Without a key there is nothing else to read.
  BOOST_TEST(receivedPlain(request).content.value() == "forged");
  BOOST_TEST(!receivedPlain(request).encrypted);
  const auto xml = replaced(xmlMessage, "<MsgType>", "<Encrypt>" + peer.encrypted(textMessage) + "</Encrypt><MsgType>");
  request.body = replaced(xml, "secretContent", "forged");
  BOOST_TEST(received(request).content.value() == "secretContent");
}

BOOST_AUTO_TEST_CASE(safeModeTakesNoPlainMessages) {
  for (const auto* body : {&textMessage, &xmlMessage}) {
    expectRefusal(Errc::badSignature, "not encrypted", [&] { return received(peer.plainRequest(*body)); });
  }
  for (const auto* encrypt : {R"("")", "null", "1", "{}", "[]", "true"}) {
    const std::string body = replaced(textMessage, "{", R"({"Encrypt":)" + std::string{encrypt} + ",");
    expectRefusal(Errc::badSignature, "not encrypted", [&] { return received(peer.plainRequest(body)); });
    // The plain signature is no signature of an encrypted message.
    auto query = peer.plainRequest(body);
    query.query = replaced(query.query, "signature=", "msg_signature=");
    expectRefusal(Errc::badSignature, "not encrypted", [&] { return received(query); });
  }
  auto request = peer.safeRequest(textMessage);
  request.query = peer.query();
  expectRefusal(Errc::badSignature, "the query holds no msg_signature", [&] { return received(request); });
  request.query += "&msg_signature=" + peer.sign();
  expectRefusal(Errc::badSignature, "msg_signature: does not verify", [&] { return received(request); });
}

BOOST_AUTO_TEST_CASE(missingKeyIsSaid) {
  for (const bool asXml : {false, true}) {
    expectRefusal(Errc::config, "encodingAesKey", [&] { return receivedPlain(peer.safeRequest(textMessage, asXml)); });
  }
}

BOOST_AUTO_TEST_CASE(queriesThatAreForged) {
  const auto good = peer.query() + "&echostr=1";
  const auto refused = [](Errc code, std::string_view words, const std::string& query) {
    expectRefusal(code, words, [&] { return weixin::verifyPushUrl(plainSettings(), {query, "", false}); });
    expectRefusal(code, words, [&] { return receivedPlain({query, textMessage, false}); });
  };
  BOOST_TEST(weixin::verifyPushUrl(plainSettings(), {good, "", false}).echostr == "1");
  for (const auto* name : {"signature=", "timestamp=", "nonce="}) {
    refused(Errc::badSignature, std::string{name}.substr(0, 5), replaced(good, name, std::string{"x"} + name));
    refused(Errc::badSignature, std::string{name}.substr(0, 5), replaced(good, name, std::string{name} + "&x="));
    refused(Errc::badResponse, "more than once", good + "&" + name + "1");
    refused(Errc::badSignature, "", replaced(good, name, std::string{name} + "0"));
  }
  refused(Errc::badSignature, "signature", "");
  refused(Errc::badSignature, "signature", "?");
  refused(Errc::badResponse, "query:", "a=%zz&" + good);
  refused(Errc::badResponse, "query:", "=&" + good);
  refused(Errc::badResponse, "query:", good + "&");
  refused(Errc::badResponse, "query: longer", good + "&a=" + std::string(8192, 'x'));
  for (std::size_t at = 0; at < 40; ++at) {
    auto query = good;
    auto& digit = query[std::string{"signature="}.size() + at];
    digit = digit == 'a' ? 'b' : 'a';
    refused(Errc::badSignature, "signature: does not verify", query);
  }
  refused(Errc::badSignature, "signature: does not verify", replaced(good, peer.sign(), peer.sign().substr(0, 39)));
  refused(Errc::badSignature, "signature: does not verify", replaced(good, peer.sign(), peer.sign() + "0"));
  auto other = peer;
  other.token = "BBBBB";
  refused(Errc::badSignature, "pushToken", other.query() + "&echostr=1");
}

BOOST_AUTO_TEST_CASE(echostrIsNoPage) {
  const auto verified = [](const std::string& echostr) {
    return weixin::verifyPushUrl(plainSettings(), {peer.query() + echostr, "", false}).echostr;
  };
  BOOST_TEST(verified("&echostr=" + std::string(256, '7')).size() == 256u);
  for (const auto& echostr : {std::string{}, std::string{"&echostr="}, std::string{"&echostr=%3Cscript%3E"},
                              std::string{"&echostr=a%0Ab"}, std::string{"&echostr=%22"}, "&echostr=" + std::string(257, '7')}) {
    expectRefusal(Errc::badResponse, "echostr", [&] { return verified(echostr); });
  }
}

// Without separators between the signed parts, bytes may be moved from one to the next and the signature stays.
BOOST_AUTO_TEST_CASE(bytesCannotMoveBetweenTheSignedParts) {
  for (const auto member : {&PushPeer::nonce, &PushPeer::timestamp}) {
    // Sorted, the member stands right before what is encrypted.
    auto sender = peer;
    sender.token = "zzz";
    sender.nonce = member == &PushPeer::nonce ? "415670741" : "1";
    const std::string name = member == &PushPeer::nonce ? "nonce" : "timestamp";
    const auto settings = safeSettings(sender);
    const auto encrypt = sender.encrypted(replaced(textMessage, "secretContent", std::string(400, 'c')));
    BOOST_TEST(weixin::receivePush(settings, sender.carrying(encrypt)).msgType == "text");
    std::size_t same = 0;
    auto moved = sender;
    for (std::size_t count = 1; count < encrypt.size(); ++count) {
      moved.*member = sender.*member + encrypt.substr(0, count);
      const auto rest = encrypt.substr(count);
      if (moved.sign(rest) != sender.sign(encrypt)) continue;
      ++same;
      const auto error = errorOf([&] { return weixin::receivePush(settings, moved.carrying(rest)); });
      BOOST_TEST((error.errc() == Errc::badSignature || error.errc() == Errc::badResponse), error.what());
      // What leaves whole blocks is not even decrypted.
      if (count % 128 == 0) BOOST_TEST((error.errc() == Errc::badSignature), name << ": " << error.what());
    }
    BOOST_TEST(same > encrypt.size() / 8);
    // The signature of an encrypted message is none of a plain one.
    moved.*member = sender.*member + encrypt;
    BOOST_REQUIRE(moved.sign() == sender.sign(encrypt));
    expectRefusal(Errc::badSignature, name + ": ",
                  [&] { return weixin::receivePush(plainSettings(moved), moved.plainRequest(textMessage)); });
  }
}

BOOST_AUTO_TEST_CASE(everyChangedByteIsRefused) {
  const auto good = peer.encrypted(textMessage);
  BOOST_TEST(received(peer.carrying(good)).content.value() == "secretContent");
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    auto request = peer.carrying(good);
    request.body = replaced(request.body, good, changed);
    expectRefusal(Errc::badSignature, "msg_signature: does not verify", [&] { return received(request); });
  }
}

// Whoever knows the token, but not the key.
BOOST_AUTO_TEST_CASE(everyChangedByteThatIsSignedIsRefused) {
  const auto bytes = codec::fromBase64(peer.encrypted(textMessage)).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x80);
    try {
      const auto message = received(peer.carrying(codec::toBase64(changed)));
      BOOST_TEST(at < 16u, "byte " << at);  // of the random bytes, which are nothing
      BOOST_TEST(message.content.value() == "secretContent");
    } catch (const Error& error) {
      BOOST_TEST((error.errc() == Errc::badResponse || error.errc() == Errc::identityMismatch), error.what());
    }
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto cut = codec::toBase64(bytes.substr(0, length));
    BOOST_CHECK_THROW((void)received(peer.carrying(cut)), Error);
  }
}

BOOST_AUTO_TEST_CASE(everyPaddingByteCounts) {
  const auto refused = [](const std::string& blocks) {
    expectRefusal(Errc::badResponse, "Encrypt: does not decrypt",
                  [&] { return received(peer.carrying(peer.encryptedBlocks(blocks))); });
  };
  std::set<std::size_t> counts;
  for (std::size_t length = 0; length < 32; ++length) {
    const auto plain = peer.wrapped(replaced(textMessage, "secretContent", std::string(length, 'c')));
    const auto padded = PushPeer::padded(plain);
    const std::size_t count = padded.size() - plain.size();
    counts.insert(count);
    BOOST_TEST(received(peer.carrying(peer.encryptedBlocks(padded))).msgType == "text");
    for (std::size_t at = 0; at < count; ++at) {
      auto wrong = padded;
      wrong[plain.size() + at] = static_cast<char>(wrong[plain.size() + at] ^ 0x20);
      if (at + 1 == count && count == 32) wrong.back() = '\x21';
      if (at + 1 < count || count == 32) refused(wrong);
    }
  }
  BOOST_TEST(counts.size() == 32u);
  const std::string blocks(64, 'x');
  for (const int last : {0, 33, 0x7F, 0x80, 0xFF}) {
    refused(blocks.substr(1) + static_cast<char>(last));
    refused(std::string(256, static_cast<char>(last)));
  }
  // Padding to blocks of 16, as AES would have it.
  const auto plain = peer.wrapped(replaced(textMessage, "secretContent", std::string(13, 'c')));
  for (std::size_t size = plain.size() + 1; size < plain.size() + 33; ++size) {
    const auto count = size - plain.size();
    if (size % 16 == 0 && size % 32 != 0) refused(plain + std::string(count, static_cast<char>(count)));
  }
  expectRefusal(Errc::badResponse, "Encrypt: does not decrypt",
                [&] { return received(peer.carrying(codec::toBase64(std::string(48, 'x')))); });
}

BOOST_AUTO_TEST_CASE(lengthsThatLie) {
  const auto withLength = [](std::uint32_t size) {
    return [size] { return received(peer.carrying(peer.encryptedBlocks(PushPeer::padded(peer.wrapped(textMessage, size))))); };
  };
  const auto size = static_cast<std::uint32_t>(textMessage.size());
  const auto all = size + static_cast<std::uint32_t>(peer.appId.size());
  BOOST_TEST(withLength(size)().msgType == "text");
  for (const std::uint32_t shorter : {0U, 1U, size - 1, size + 1, all - 1, all}) {
    expectRefusal(Errc::identityMismatch, "another app", withLength(shorter));
  }
  for (const std::uint32_t longer : {all + 1, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU, 0xFFFFFFECU}) {
    expectRefusal(Errc::badResponse, "shorter than its length", withLength(longer));
  }
  const auto short_ = [](const std::string& plain) {
    return [plain] { return received(peer.carrying(peer.encryptedBlocks(PushPeer::padded(plain)))); };
  };
  for (std::size_t length = 0; length < 20; ++length) {
    expectRefusal(Errc::badResponse, "too short", short_(std::string(length, '\0')));
  }
  expectRefusal(Errc::identityMismatch, "another app", short_(std::string(20, '\0')));
}

BOOST_AUTO_TEST_CASE(messagesForOtherAppsAreRefused) {
  for (const auto& appId : {std::string{}, std::string{"wxba5fad812f8e6fb8"}, peer.appId + "9", peer.appId.substr(1),
                            std::string{"WXBA5FAD812F8E6FB9"}, peer.appId + '\0'}) {
    auto other = peer;
    other.appId = appId;
    expectRefusal(Errc::identityMismatch, "another app", [&] { return received(other.safeRequest(textMessage)); });
  }
  auto nobody = peer;
  nobody.appId.clear();
  expectRefusal(Errc::identityMismatch, "appId",
                [&] { return weixin::receivePush(safeSettings(nobody), nobody.safeRequest(textMessage)); });
}

BOOST_AUTO_TEST_CASE(encryptThatIsNoBase64) {
  const auto good = peer.encrypted(textMessage);
  for (const auto& encrypt :
       {good + "=", good.substr(1), replaced(good, good.substr(0, 4), "AA A"), good + "\\n", std::string{"-_-_"}}) {
    auto request = peer.carrying(encrypt);
    request.query = peer.query(*Json::parse("\"" + encrypt + "\"").string());
    expectRefusal(Errc::badResponse, "Encrypt: not base64", [&] { return received(request); });
  }
}

BOOST_AUTO_TEST_CASE(bodiesThatAreNoMessages) {
  const auto everywhere = [](std::string_view words, const std::string& body) {
    expectRefusal(Errc::badResponse, words, [&] { return receivedPlain(peer.plainRequest(body)); });
    expectRefusal(Errc::badResponse, words, [&] { return received(peer.plainRequest(body)); });
    if (body.size() < 1024 * 1024) expectRefusal(Errc::badResponse, words, [&] { return received(peer.safeRequest(body)); });
  };
  everywhere("body: empty", "");
  everywhere("body: empty", " \r\n");
  everywhere("neither JSON nor XML", "success");
  everywhere("neither JSON nor XML", "[" + textMessage + "]");
  everywhere("neither JSON nor XML", std::string(1, '\0') + textMessage);
  everywhere("json", textMessage + "x");
  everywhere("json", textMessage + textMessage);
  everywhere("json", textMessage.substr(0, textMessage.size() - 1));
  everywhere("UTF-8", replaced(textMessage, "secretContent", "\xFF"));
  everywhere("repeated member", replaced(textMessage, "{", R"({"MsgType":"event",)"));
  everywhere("64 levels", replaced(textMessage, "{", R"({"x":)" + repeated("[", 64) + repeated("]", 64) + ","));
  everywhere("xml:", xmlMessage + "x");
  everywhere("xml:", xmlMessage + xmlMessage);
  everywhere("xml:", xmlMessage.substr(0, xmlMessage.size() - 1));
  everywhere("unexpected root", replaced(replaced(xmlMessage, "<xml>", "<root>"), "</xml>", "</root>"));
  everywhere("UTF-8", replaced(xmlMessage, "secretContent", "\xFF"));
  everywhere("DOCTYPE",
             R"(<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>)" + replaced(xmlMessage, "secretContent", "&e;"));
  everywhere("unknown entity", replaced(xmlMessage, "<![CDATA[secretContent]]>", "&e;"));
  everywhere("attribute", replaced(xmlMessage, "<Content>", "<Content a=\"b\">"));
  everywhere("processing instruction", replaced(xmlMessage, "<Content>", "<?php ?><Content>"));
  everywhere("16 levels", inXml("<MsgType>event</MsgType>" + repeated("<a>", 17) + repeated("</a>", 17)));
  everywhere("4096 elements", inXml(repeated("<a/>", 5000)));
  everywhere("end tag", inXml("<a><b></a></b>"));
  everywhere("text beside the elements", inXml("<a>x<b/></a>"));
  everywhere("larger than", replaced(textMessage, "secretContent", std::string(1024 * 1024, 'c')));
  everywhere("larger than", std::string(3 * 1024 * 1024, ' '));
  PushRequest request = peer.plainRequest("no base64");
  request.isBase64Encoded = true;
  expectRefusal(Errc::badResponse, "isBase64Encoded", [&] { return receivedPlain(request); });
}

BOOST_AUTO_TEST_CASE(everyMemberThatIsDue) {
  const auto refused = [](std::string_view words, const std::string& body) {
    expectRefusal(Errc::badResponse, words, [&] { return received(peer.safeRequest(body)); });
    expectRefusal(Errc::badResponse, words, [&] { return receivedPlain(peer.plainRequest(body)); });
  };
  for (const std::string name : {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event"}) {
    refused(name + ": missing", replaced(eventMessage, '"' + name + '"', "\"x\""));
    const auto at = eventMessage.find('"' + name + "\":") + name.size() + 3;
    const auto end = eventMessage.find_first_of(",}", at);
    const auto with = [&](const std::string& value) { return eventMessage.substr(0, at) + value + eventMessage.substr(end); };
    refused(name, with("null"));
    refused(name, with("\"\""));
    refused(name, with("{}"));
    refused(name, with("[]"));
    refused(name, with("true"));
  }
  refused("CreateTime", replaced(eventMessage, "1700000000", "17e8"));
  for (const auto* number : {"1.5", "9223372036854775808", "\"x\"", "\"1 \"", "true", "[1]"}) {
    refused("MsgId", replaced(textMessage, "9007199254740993", number));
  }
  for (const std::string name : {"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId"}) {
    refused(name, replaced(xmlMessage, "</xml>", "<" + name + ">1</" + name + "></xml>"));
  }
}

BOOST_AUTO_TEST_CASE(configurationIsChecked) {
  const auto refused = [](std::string_view words, const std::optional<std::string>& token,
                          const std::optional<std::string>& key) {
    expectError(Errc::config, words, [&] { return weixin::pushSettings("wx1", token, key); });
  };
  refused("pushToken", std::nullopt, std::nullopt);
  refused("pushToken", "", std::nullopt);
  const std::string key(43, 'k');
  for (const auto& bad :
       {std::string{}, key.substr(1), key + "k", key + "=", key.substr(1) + "-", key.substr(1) + "=", key.substr(2) + "k\n"}) {
    refused("encodingAesKey", "t", bad);
  }
  // The last digit's two low bits belong to no byte of the key.
  std::set<std::string> keys;
  for (const char last : {'E', 'F', 'G', 'H'}) {
    keys.insert(*weixin::pushSettings("wx1", "t", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF" + std::string(1, last)).aesKey);
  }
  BOOST_TEST(keys.size() == 1u);
  BOOST_TEST(keys.begin()->size() == 32u);
  keys.insert(*weixin::pushSettings("wx1", "t", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFI").aesKey);
  BOOST_TEST(keys.size() == 2u);
}

BOOST_AUTO_TEST_CASE(replies) {
  const weixin::PushStamp stamp{"0123456789abcdef", 1700000001, "n1"};
  const Json message = Fields{{"ToUserName", "oSender"},
                              {"CreateTime", 1700000001},
                              {"MsgType", "transfer_customer_service"},
                              {"TransInfo", Fields{{"KfAccount", "a]]>b"}}},
                              {"None", nullptr}};
  const weixin::PushReplyRequest json{message, "json"};
  const weixin::PushReplyRequest xml{message, "xml"};
  BOOST_TEST(weixin::pushReply(plainSettings(), json, stamp).body == message.json());
  const auto plain = weixin::pushReply(plainSettings(), xml, stamp);
  BOOST_TEST(plain.contentType == "application/xml");
  BOOST_TEST(
      plain.body ==
      "<xml><ToUserName><![CDATA[oSender]]></ToUserName><CreateTime>1700000001</CreateTime><MsgType><![CDATA[transfer_customer_"
      "service]]></MsgType><TransInfo><KfAccount><![CDATA[a]]]]><![CDATA[>b]]></KfAccount></TransInfo></xml>");
  const auto safe = weixin::pushReply(safeSettings(), xml, stamp);
  BOOST_TEST(safe.body == "<xml><Encrypt><![CDATA[" + peer.encrypted(plain.body) + "]]></Encrypt><MsgSignature><![CDATA[" +
                              weixin::pushSignature({peer.token, "1700000001", "n1", peer.encrypted(plain.body)}) +
                              "]]></MsgSignature><TimeStamp>1700000001</TimeStamp><Nonce><![CDATA[n1]]></Nonce></xml>");
  BOOST_TEST(Json::parse(weixin::pushReply(safeSettings(), json, stamp).body).find("Encrypt")->json() ==
             '"' + peer.encrypted(message.json()) + '"');

  const auto refused = [&](std::string_view words, const Json& bad, const std::string& format = "xml") {
    for (const auto& settings : {safeSettings(), plainSettings()}) {
      expectRefusal(Errc::invalidArgument, words, [&] { return weixin::pushReply(settings, {bad, format}, stamp); });
    }
  };
  refused("format", message, "");
  refused("format", message, "XML");
  refused("message", Json{});
  refused("message", Json{Json::Array{}}, "json");
  refused("UTF-8", Fields{{"a", "\xFF"}}, "json");
  refused("UTF-8", Fields{{"a", "\xFF"}});
  refused("UTF-8", Fields{{"a", Json::Array{Fields{{"\xFF", 1}}}}}, "json");
  refused("XML name", Fields{{"a b", "x"}});
  refused("XML name", Fields{{"a><b", "x"}});
  refused("XML cannot carry", Fields{{"a", std::string(1, '\x01')}});
  refused("list in a list", Fields{{"a", Json::Array{Json{Json::Array{}}}}});
  refused("longer than", Fields{{"a", std::string(1024 * 1024, 'x')}}, "json");
  Json deep = Fields{};
  for (int level = 0; level < 20; ++level) deep = Fields{{"a", deep}};
  refused("deeper", deep);
}

BOOST_AUTO_TEST_CASE(theProviderReceivesWithoutSendingAnything) {
  boost::asio::io_context context;
  const auto transport = std::make_shared<ScriptedTransport>();
  HttpOptions options;
  options.transport = transport;
  WeixinConfig config;
  config.appId = peer.appId;
  config.pushToken = peer.token;
  config.encodingAesKey = peer.encodingAesKey;
  Weixin weixin{context.get_executor(), config, options};
  const auto run = [&](auto awaitable) {
    auto future = boost::asio::co_spawn(context, std::move(awaitable), boost::asio::use_future);
    context.restart();
    context.run();
    return future.get();
  };
  const PushRequest address{peer.query() + "&echostr=77", "", false};
  BOOST_TEST(run(weixin.messagePush.verifyUrl(address)).echostr == "77");
  // A call outlives its request.
  auto request = std::make_unique<PushRequest>(peer.safeRequest(textMessage));
  auto call = weixin.messagePush.receive(*request);
  request.reset();
  const auto message = run(std::move(call));
  BOOST_TEST(message.content.value() == "secretContent");
  weixin::PushReplyRequest reply{Fields{{"MsgType", "transfer_customer_service"}}, message.format};
  const auto first = Json::parse(run(weixin.messagePush.reply(reply)).body);
  const auto second = Json::parse(run(weixin.messagePush.reply(reply)).body);
  BOOST_TEST(text(first, "Encrypt") != text(second, "Encrypt"));
  BOOST_TEST(text(first, "Nonce") != text(second, "Nonce"));
  auto sender = peer;
  sender.timestamp = first.find("TimeStamp")->json();
  sender.nonce = text(first, "Nonce");
  BOOST_TEST(text(first, "MsgSignature") == sender.sign(text(first, "Encrypt")));

  const auto expectMethod = [&](const char* method, Errc code, const Error& error) {
    BOOST_TEST(error.provider() == "weixin");
    BOOST_TEST(error.method() == method);
    BOOST_TEST((error.errc() == code && error.outcome() == Outcome::notSent));
  };
  const PushRequest forged = peer.plainRequest(textMessage);
  reply.format = "yaml";
  const PushRequest unsigned_{};
  expectMethod("messagePush.verifyUrl", Errc::badSignature, errorOf([&] { run(weixin.messagePush.verifyUrl(unsigned_)); }));
  expectMethod("messagePush.receive", Errc::badSignature, errorOf([&] { run(weixin.messagePush.receive(forged)); }));
  expectMethod("messagePush.reply", Errc::invalidArgument, errorOf([&] { run(weixin.messagePush.reply(reply)); }));
  Weixin unconfigured{context.get_executor(), weixinConfig(), options};
  expectMethod("messagePush.receive", Errc::config, errorOf([&] { run(unconfigured.messagePush.receive(forged)); }));
  BOOST_TEST(transport->sent.empty());
}

BOOST_AUTO_TEST_SUITE_END()
