// Answers and notifications of the recorded calls, damaged at random: each is refused, or read as what it was.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

namespace {

constexpr int mutationsPerMessage = 300;

/// A message that is read, and how.
struct Message {
  std::string name;
  std::string bytes;
  std::function<std::string(const std::string&)> read;
};

std::string textAt(const Json& json, std::string_view name) {
  const Json* value = json.find(name);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string{};
}

/// `{"$file":…}` and `{"$base64":…}` are left out: the keys are always the same.
Json plain(const Json& json) {
  if (const auto* object = json.object()) {
    if (object->find("$file") != nullptr || object->find("$base64") != nullptr || object->find("$special") != nullptr) return {};
    Fields fields;
    for (const auto& [name, value] : *object) fields.append(name, plain(value));
    return fields;
  }
  return json;
}

template <class Config>
Config configOf(const Json& recorded, Config config) {
  auto members = *plain(*recorded.find("config")).object();
  for (const char* name : {"timeOffset", "pfx", "privateKey", "alipayPublicKey", "keyType"}) members.erase(name);
  const auto given = marshal::fromJson<marshal::CamelStyle, Config>(Json{members});
  if (!given.appId.empty()) config.appId = given.appId;
  config.mchId = given.mchId;
  config.signType = given.signType;
  if constexpr (std::is_same_v<Config, WeixinConfig>) {
    config.key = given.key;
    config.sandbox = given.sandbox;
    config.pfx.reset();
  }
  return config;
}

template <class Settings, class Request>
std::function<std::string(const std::string&)> answerReader(const Settings& settings, const Json& input) {
  const auto request = marshal::fromJson<marshal::CamelStyle, Request>(input);
  return [settings, request](const std::string& body) { return jsonOf(decode(settings, request, ok(body))); };
}

template <class Settings>
std::function<std::string(const std::string&)> readerFor(const std::string& method, const Settings& settings, const Json& input) {
  if (method == "unifiedOrder") return answerReader<Settings, UnifiedOrderRequest>(settings, input);
  if (method == "orderQuery") return answerReader<Settings, OrderQueryRequest>(settings, input);
  if (method == "closeOrder") return answerReader<Settings, CloseOrderRequest>(settings, input);
  if (method == "refund") return answerReader<Settings, RefundRequest>(settings, input);
  if (method == "refundQuery") return answerReader<Settings, RefundQueryRequest>(settings, input);
  if constexpr (std::is_same_v<Settings, alipay::Settings>) {
    if (method == "cancelOrder") return answerReader<Settings, CancelOrderRequest>(settings, input);
  }
  if (method != "verifyPaymentNotify") return {};
  return [settings](const std::string& body) {
    return jsonOf(paymentNotify(settings, event(body), std::chrono::system_clock::time_point{}));
  };
}

std::string answerBody(const Json& recorded) {
  const Json* expected = recorded.find("expected");
  const Json* response = expected != nullptr ? expected->find("wireResponse") : nullptr;
  if (response == nullptr) response = recorded.find("wireResponse");
  return response != nullptr ? textAt(*response, "body") : std::string{};
}

Message messageOf(const Json& recorded) {
  const auto method = textAt(recorded, "method");
  const auto input = plain(*recorded.find("input"));
  const bool notify = method.starts_with("verify");
  Message message{textAt(recorded, "name"), notify ? textAt(input, "body") : answerBody(recorded), {}};
  if (message.bytes.empty()) return message;
  if (textAt(recorded, "provider") == "weixin") {
    message.read = readerFor(method, weixin::paymentSettings(configOf(recorded, weixinConfig())), input);
  } else {
    message.read = readerFor(method, alipay::settingsFrom(configOf(recorded, alipayConfig())), input);
  }
  return message;
}

/// Whether the undamaged message is read: the recorded failures are not of interest here.
bool isRead(const Message& message) {
  try {
    return message.read && !message.read(message.bytes).empty();
  } catch (const Error&) {
    return false;
  }
}

std::vector<Message> messages() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{sourcePath("tests/golden/cases")}) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Message> all;
  for (const auto& path : paths) {
    const auto recorded = Json::parse(readFile(path.string()));
    if (textAt(recorded, "method") == "init") continue;
    Message message;
    try {
      message = messageOf(recorded);
    } catch (const Error&) {
      continue;  // an input or configuration that is refused
    }
    if (isRead(message)) all.push_back(std::move(message));
  }
  return all;
}

std::string mutated(std::string bytes, std::mt19937& random) {
  const auto below = [&random](std::size_t size) { return std::uniform_int_distribution<std::size_t>{0, size - 1}(random); };
  const auto at = below(bytes.size());
  const auto length = std::min(bytes.size() - at, below(40) + 1);
  switch (below(9)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      break;
    case 1:
      bytes[at] = static_cast<char>(below(256));
      break;
    case 2:
      bytes.erase(at, length);
      break;
    case 3:
      bytes.insert(at, bytes.substr(below(bytes.size()), length));
      break;
    case 4:
      bytes.resize(at);
      break;
    case 5:
      std::swap(bytes[at], bytes[below(bytes.size())]);
      break;
    case 6:
      bytes.insert(at, 1, "0123456789.-+eE&=<>\"'{}[]%,: \n"[below(31)]);
      break;
    case 7:
      std::replace(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), bytes[at], static_cast<char>(below(128)));
      break;
    default:
      bytes.replace(at, length, bytes.substr(below(bytes.size()), length));
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mutations)

BOOST_AUTO_TEST_CASE(damaged_messages_are_refused_or_say_the_same) {
  std::mt19937 random{20261121};
  std::size_t refused = 0;
  std::size_t same = 0;
  const auto all = messages();
  BOOST_TEST(all.size() > 60u);
  for (const auto& message : all) {
    const auto genuine = message.read(message.bytes);
    for (int number = 0; number < mutationsPerMessage; ++number) {
      auto bytes = mutated(message.bytes, random);
      if (number % 3 == 0 && !bytes.empty()) bytes = mutated(std::move(bytes), random);
      try {
        const auto read = message.read(bytes);
        BOOST_TEST((read == genuine),
                   message.name << ": accepted " << bytes << "\n read " << read << "\n instead of " << genuine);
        ++same;
      } catch (const Error& error) {
        requireClearMessage(error);
        ++refused;
      }
    }
  }
  BOOST_TEST(refused + same == all.size() * mutationsPerMessage);
  BOOST_TEST(refused > same);
}

BOOST_AUTO_TEST_SUITE_END()
