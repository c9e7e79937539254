// Open data: the published vectors, and what a mini program that was tampered with would hand over.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>
#include <support/push_peer.hpp>
#include <support/scripted_transport.hpp>

#include <weixin/services/open_data.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>

using namespace openapi;
using namespace openapi::test;

namespace {

const auto now = std::chrono::system_clock::time_point{std::chrono::seconds{1'700'000'000}};
const std::string appId = "wx4f4bc4dec97d474b";
const std::string sessionKey = "tiihtNczf5v6AKRyjwEUhQ==";
const std::string iv = "r7BXXKkLb8qrSNn05n0qiA==";

std::string text(const Json& json, std::string_view name) {
  const auto* value = json.find(name);
  BOOST_REQUIRE_MESSAGE(value != nullptr && value->string() != nullptr, "no text " << name);
  return *value->string();
}

const Json& vectors() {
  static const Json document = Json::parse(readFile(sourcePath("tests/fixtures/weixin-miniprogram/crypto/vectors.json")));
  return document;
}

/// The vectors of a group by id.
std::map<std::string, Json> vectorsOf(const std::string& group) {
  std::map<std::string, Json> byId;
  const auto* list = vectors().find(group);
  BOOST_REQUIRE(list != nullptr && list->array() != nullptr);
  for (const auto& vector : *list->array()) BOOST_REQUIRE(byId.emplace(text(vector, "id"), vector).second);
  return byId;
}

std::set<std::string> idsOf(const std::map<std::string, Json>& byId) {
  std::set<std::string> ids;
  for (const auto& [id, vector] : byId) ids.insert(id);
  return ids;
}

weixin::DecryptOpenDataRequest requestOf(const Json& vector, const Json& cipherOf) {
  return {text(cipherOf, "encryptedData"), text(vector, "iv"), text(vector, "session_key"), {}};
}

/// What WeChat makes of `plain` for this session.
weixin::DecryptOpenDataRequest encrypted(const std::string& plain) {
  return {encryptedOpenData(sessionKey, iv, plain), iv, sessionKey, {}};
}

std::string openData(const std::string& members = R"("openId":"o1")", const std::string& timestamp = "1700000000") {
  return "{" + members + R"(,"watermark":{"timestamp":)" + timestamp + R"(,"appid":")" + appId + R"("}})";
}

weixin::DecryptOpenDataResult decrypted(const weixin::DecryptOpenDataRequest& request) {
  return weixin::decryptOpenData(appId, request, now);
}

weixin::DecryptOpenDataResult decryptedText(const std::string& plain) { return decrypted(encrypted(plain)); }

/// `work` fails with `code`, and its message holds neither the key nor anything of the data.
template <class Work>
void expectRefusal(Errc code, std::string_view words, const Work& work) {
  expectError(code, words, work);
  const std::string message = errorOf(work).what();
  for (const auto* secret : {"tiihtNczf5v6AKRyjwEUhQ", "r7BXXKkLb8qrSNn05n0qiA", "o1", "secretName", "Band"}) {
    BOOST_TEST(message.find(secret) == std::string::npos, message);
  }
}

Json publicJson(const weixin::DecryptOpenDataResult& result) { return marshal::toJson<marshal::CamelStyle>(result); }

}  // namespace

BOOST_AUTO_TEST_SUITE(openDataTest)

BOOST_AUTO_TEST_CASE(everyGroupOfTheVectorsIsKnown) {
  const std::set<std::string> here{"open_data_decrypt", "raw_data_signature_sha1"};
  const std::set<std::string> messagePush{"push_url_verify", "push_safe_mode_decrypt", "push_signature_only",
                                          "push_safe_mode_encrypt"};
  const std::set<std::string> others{"_note", "user_session_hmac_sha256", "api_signature"};
  std::size_t found = 0;
  for (const auto& [name, group] : *vectors().object()) {
    found += here.count(name);
    BOOST_TEST(here.count(name) + messagePush.count(name) + others.count(name) == 1u, "a group without a test: " << name);
  }
  BOOST_TEST(found == here.size());
}

BOOST_AUTO_TEST_CASE(publishedVectorsDecrypt) {
  const auto byId = vectorsOf("open_data_decrypt");
  BOOST_TEST(idsOf(byId) == (std::set<std::string>{"O1", "O4", "O2-NEG", "O5-NEG", "O6-NEG", "O1-NEG-appid"}),
             boost::test_tools::per_element());
  for (const auto* id : {"O1", "O4"}) {
    const auto& vector = byId.at(id);
    const auto result = weixin::decryptOpenData(text(vector, "appid"), requestOf(vector, vector), now);
    const auto json = publicJson(result);
    const auto expected = Json::parse(text(vector, "expect"));
    for (const auto& [name, value] : *expected.object()) {
      BOOST_REQUIRE(json.find(name) != nullptr);
      BOOST_TEST(json.find(name)->json() == value.json(), id << ' ' << name);
    }
    BOOST_TEST(json.object()->size() == expected.object()->size() + 1);  // the empty stepInfoList
    BOOST_TEST(result.extra.empty());
  }
  const auto& right = byId.at("O1");
  expectRefusal(Errc::identityMismatch, "watermark.appid",
                [&] { return weixin::decryptOpenData(text(byId.at("O1-NEG-appid"), "appid"), requestOf(right, right), now); });
  const auto& strange = byId.at("O2-NEG");
  expectRefusal(Errc::badSignature, "code2Session", [&] { return decrypted(requestOf(strange, strange)); });
  const auto& otherKey = byId.at("O5-NEG");
  BOOST_REQUIRE(text(otherKey, "same_ciphertext_as") == "O1");
  expectRefusal(Errc::badSignature, "code2Session", [&] { return decrypted(requestOf(otherKey, right)); });
  const auto& noBase64 = byId.at("O6-NEG");
  expectRefusal(Errc::invalidArgument, "sessionKey:", [&] { return decrypted(requestOf(noBase64, noBase64)); });
}

BOOST_AUTO_TEST_CASE(publishedSignaturesVerify) {
  const auto byId = vectorsOf("raw_data_signature_sha1");
  BOOST_TEST(idsOf(byId) == (std::set<std::string>{"O3", "O3b", "O3c"}), boost::test_tools::per_element());
  for (const auto& [id, vector] : byId) {
    weixin::CheckOpenDataRequest request{text(vector, "rawData"), text(vector, "expect"), text(vector, "session_key")};
    weixin::checkOpenData(request);
    auto upper = request;
    for (char& c : upper.signature) c = static_cast<char>(c >= 'a' ? c - 32 : c);
    weixin::checkOpenData(upper);
    for (std::size_t at = 0; at < request.signature.size(); ++at) {
      auto wrong = request;
      wrong.signature[at] = wrong.signature[at] == '0' ? '1' : '0';
      expectRefusal(Errc::badSignature, "signature:", [&] { weixin::checkOpenData(wrong); });
    }
    auto other = request;
    other.rawData += ' ';
    expectRefusal(Errc::badSignature, "rawData", [&] { weixin::checkOpenData(other); });
    other = request;
    other.sessionKey = sessionKey;
    expectRefusal(Errc::badSignature, "sessionKey", [&] { weixin::checkOpenData(other); });
  }
}

BOOST_AUTO_TEST_CASE(signatureParametersAreChecked) {
  const weixin::CheckOpenDataRequest good{"{}", codec::toLowerHex(crypto::sha1("{}" + sessionKey)), sessionKey};
  weixin::checkOpenData(good);
  const auto refused = [&](Errc code, std::string_view words, auto change) {
    auto request = good;
    change(request);
    expectRefusal(code, words, [&] { weixin::checkOpenData(request); });
  };
  refused(Errc::invalidArgument, "rawData required", [](auto& request) { request.rawData.clear(); });
  refused(Errc::invalidArgument, "rawData: longer", [](auto& request) { request.rawData.assign(65537, 'x'); });
  refused(Errc::invalidArgument, "signature required", [](auto& request) { request.signature.clear(); });
  refused(Errc::invalidArgument, "sessionKey required", [](auto& request) { request.sessionKey.clear(); });
  refused(Errc::invalidArgument, "24 characters", [](auto& request) { request.sessionKey = "AAAA"; });
  refused(Errc::badSignature, "signature:", [](auto& request) { request.signature += '0'; });
  refused(Errc::badSignature, "signature:", [](auto& request) { request.signature.pop_back(); });
}

BOOST_AUTO_TEST_CASE(everyKindOfOpenDataIsRead) {
  const auto phone = decryptedText(openData(R"("phoneNumber":"13580006666","purePhoneNumber":13580006666,"countryCode":86)"));
  BOOST_TEST(phone.phoneNumber.value() == "13580006666");
  BOOST_TEST(phone.purePhoneNumber.value() == "13580006666");
  BOOST_TEST(phone.countryCode.value() == "86");
  BOOST_TEST(phone.watermark.appid == appId);
  const auto steps = decryptedText(openData(
      R"("stepInfoList":[{"timestamp":1445866601,"step":100},{"timestamp":"1445876601","step":"120"}])", R"("1700000000")"));
  BOOST_REQUIRE(steps.stepInfoList.size() == 2u);
  BOOST_TEST(steps.stepInfoList[1].timestamp == 1445876601);
  BOOST_TEST(steps.stepInfoList[1].step == 120);
  BOOST_TEST(steps.watermark.timestamp == 1'700'000'000);
  const auto group = decryptedText(openData(R"("openGId":"G1","gender":"2","unionId":null,"newMember":{"a":1})"));
  BOOST_TEST(group.openGId.value() == "G1");
  BOOST_TEST(group.gender.value() == 2);
  BOOST_TEST(!group.unionId.has_value());
  BOOST_TEST(group.extra.find("newMember")->json() == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(everyLengthDecrypts) {
  for (std::size_t size = 0; size <= 100; ++size) {
    const std::string name(size, 'n');
    const auto request = encrypted(openData(R"("nickName":")" + name + "\""));
    BOOST_REQUIRE(decrypted(request).nickName.value() == name);
  }
}

BOOST_AUTO_TEST_CASE(sessionKeyAndIvMustBeWhatWeChatGave) {
  const auto good = encrypted(openData());
  const auto refused = [&](std::string_view words, auto change) {
    auto request = good;
    change(request);
    expectRefusal(Errc::invalidArgument, words, [&] { return decrypted(request); });
  };
  for (const auto& [member, name] : {std::pair{&weixin::DecryptOpenDataRequest::sessionKey, std::string{"sessionKey"}},
                                     std::pair{&weixin::DecryptOpenDataRequest::iv, std::string{"iv"}}}) {
    const auto field = member;
    const auto set = [field](const std::string& value) { return [field, value](auto& request) { request.*field = value; }; };
    refused(name + " required", set(""));
    refused(name + ": holds blanks where + was", set("tiihtNczf5v6AKR jwEUhQ=="));
    refused(name + ": is still percent-encoded", set("tiihtNczf5v6AKRyjwEUhQ%3D%3D"));
    refused(name + ": is not standard base64", set("tiihtNczf5v6AKRyjwEUhQ"));
    refused(name + ": is not standard base64", set("tiihtNczf5v6AKRyjwEUhR=="));
    refused(name + ": is not standard base64", set("tiihtNczf5v6AKRyjwEUhQ==\n"));
    refused(name + ": is not standard base64", set("tiihtNczf5v6-KRyjwEUhQ=="));
    refused(name + ": must be the base64 of 16 bytes", set("AAAA"));
    refused(name + ": must be the base64 of 16 bytes", set(codec::toBase64(std::string(32, 'k'))));
    refused(name + ": longer than", set(std::string(70000, 'A')));
  }
  refused("encryptedData required", [](auto& request) { request.encryptedData.clear(); });
  refused("encryptedData: is cut", [](auto& request) { request.encryptedData = codec::toBase64(std::string(31, 'x')); });
  refused("encryptedData: holds blanks", [](auto& request) { request.encryptedData[3] = ' '; });
  refused("encryptedData: longer than", [](auto& request) { request.encryptedData.assign(65540, 'A'); });
  refused("maxAge", [](auto& request) { request.maxAge = -1; });
}

BOOST_AUTO_TEST_CASE(whatIsNoOpenDataIsRefused) {
  const auto refused = [](Errc code, const std::string& plain) {
    expectRefusal(code, "encryptedData:", [&] { return decryptedText(plain); });
  };
  // What a wrong key gives, now and then with padding that fits.
  refused(Errc::badSignature, "");
  refused(Errc::badSignature, "\x8F\x02garbage");
  refused(Errc::badSignature, openData() + "x");
  refused(Errc::badSignature, openData().substr(0, 40));
  refused(Errc::badSignature, openData("\"secretName\":\"\xFF\""));
  refused(Errc::badSignature, openData(R"("secretName":1,"secretName":2)"));
  refused(Errc::badSignature, std::string(65, '[') + std::string(65, ']'));
  for (const auto* plain : {"[]", "1", "{}", R"({"openId":"o1"})", R"({"watermark":null})", R"({"watermark":[]})",
                            R"({"watermark":{"appid":"wx4f4bc4dec97d474b"}})", R"({"watermark":{"timestamp":1}})",
                            R"({"watermark":{"timestamp":null,"appid":"wx4f4bc4dec97d474b"}})"}) {
    refused(Errc::badResponse, plain);
  }
  refused(Errc::badResponse, openData(R"("openId":{"secretName":1})"));
  refused(Errc::badResponse, openData(R"("gender":"secretName")"));
  refused(Errc::badResponse, openData(R"("openId":"o1","open_id":"secretName")"));
  refused(Errc::badResponse, openData(R"("stepInfoList":{"secretName":1})"));
  refused(Errc::badResponse, openData(R"("openId":"o1")", "\"secretName\""));
}

BOOST_AUTO_TEST_CASE(otherAppsAreRefused) {
  const auto plain = [](const std::string& app) { return R"({"openId":"o1","watermark":{"timestamp":1,"appid":)" + app + "}}"; };
  for (const auto* app : {R"("")", R"("wx4f4bc4dec97d474")", R"("wx4f4bc4dec97d474b ")", R"("WX4F4BC4DEC97D474B")", "1"}) {
    expectRefusal(Errc::identityMismatch, "watermark.appid", [&] { return decryptedText(plain(app)); });
  }
  expectRefusal(Errc::identityMismatch, "appId", [&] { return weixin::decryptOpenData("", encrypted(plain(R"("")")), now); });
}

BOOST_AUTO_TEST_CASE(oldDataIsStale) {
  const auto at = [](const std::string& timestamp, std::optional<std::int64_t> maxAge) {
    auto request = encrypted(openData(R"("openId":"o1")", timestamp));
    request.maxAge = maxAge;
    return decrypted(request).watermark.timestamp;
  };
  BOOST_TEST(at("1", std::nullopt) == 1);
  BOOST_TEST(at("1700000000", 0) == 1'700'000'000);
  BOOST_TEST(at("1699999940", 60) == 1'699'999'940);
  BOOST_TEST(at("1700000300", 60) == 1'700'000'300);
  BOOST_TEST(at("0", INT64_MAX) == 0);
  expectRefusal(Errc::stale, "older than maxAge", [&] { return at("1699999939", 60); });
  expectRefusal(Errc::stale, "future", [&] { return at("1700000301", 60); });
  expectRefusal(Errc::stale, "future", [&] { return at("9223372036854775807", INT64_MAX); });
  expectRefusal(Errc::stale, "older than maxAge", [&] { return at("-9223372036854775808", INT64_MAX); });
}

// Nothing but its padding and shape protects open data: a changed byte garbles one block, and mostly all of it is refused then.
BOOST_AUTO_TEST_CASE(everyChangedByteIsRefusedOrHarmless) {
  const auto vector = vectorsOf("open_data_decrypt").at("O1");
  const auto good = requestOf(vector, vector);
  const auto bytes = codec::fromBase64(good.encryptedData).value();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int bit : {1, 0x80}) {
      auto changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ bit);
      auto request = good;
      request.encryptedData = codec::toBase64(changed);
      try {
        BOOST_TEST(decrypted(request).watermark.appid == appId);
      } catch (const Error& error) {
        ++refused;
        BOOST_TEST(
            (error.errc() == Errc::badSignature || error.errc() == Errc::badResponse || error.errc() == Errc::identityMismatch));
      }
    }
  }
  BOOST_TEST(refused > bytes.size() * 2 * 95 / 100);
  for (std::size_t blocks = 0; blocks < bytes.size() / 16; ++blocks) {
    auto request = good;
    request.encryptedData = codec::toBase64(bytes.substr(0, blocks * 16));
    BOOST_CHECK_THROW((void)decrypted(request), Error);
  }
}

BOOST_AUTO_TEST_CASE(theProviderDecryptsWithoutSendingAnything) {
  boost::asio::io_context context;
  const auto transport = std::make_shared<ScriptedTransport>();
  HttpOptions options;
  options.transport = transport;
  WeixinConfig config = weixinConfig();
  config.appId = appId;
  std::optional<Weixin> weixin;
  weixin.emplace(context.get_executor(), config, options);
  const auto run = [&](auto awaitable) {
    auto future = boost::asio::co_spawn(context, std::move(awaitable), boost::asio::use_future);
    context.restart();
    context.run();
    return future.get();
  };
  // A call outlives its request.
  auto request = std::make_unique<weixin::DecryptOpenDataRequest>(encrypted(openData()));
  auto call = weixin->openData.decrypt(*request);
  request.reset();
  BOOST_TEST(run(std::move(call)).openId.value() == "o1");
  weixin::CheckOpenDataRequest check{"{}", codec::toLowerHex(crypto::sha1("{}" + sessionKey)), sessionKey};
  BOOST_TEST(run(weixin->openData.checkSignature(check)).errCode == 0);
  check.rawData = "{ }";
  const auto badSignature = errorOf([&] { run(weixin->openData.checkSignature(check)); });
  BOOST_TEST(badSignature.method() == "openData.checkSignature");
  BOOST_TEST(badSignature.provider() == "weixin");
  BOOST_TEST((badSignature.errc() == Errc::badSignature && badSignature.outcome() == Outcome::notSent));
  auto other = encrypted(openData());
  other.sessionKey = "AAAA";
  const auto badKey = errorOf([&] { run(weixin->openData.decrypt(other)); });
  BOOST_TEST(badKey.method() == "openData.decrypt");
  BOOST_TEST((badKey.errc() == Errc::invalidArgument && badKey.outcome() == Outcome::notSent));
  BOOST_TEST(transport->sent.empty());
}

BOOST_AUTO_TEST_SUITE_END()
