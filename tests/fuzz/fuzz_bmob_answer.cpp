// Answers of Bmob, hostile or damaged. The first byte says the HTTP status: `2` 200, `c` 201, `4` 400, `u` 401, `n` 404, `5` 500;
// `d` 400 whose first line is the `Date` of the answer. The second byte says which method of the client asks: `A` the first.
#include <openapi/openapi.hpp>

#include <boost/asio/io_context.hpp>

#include <iterator>
#include <memory>
#include <string>

#include "platforms.hpp"

using namespace openapi;

namespace {

constexpr std::string_view safeCode = "safe-code-77";
constexpr std::string_view secretKey = "0f1e2d3c4b5a6978";
constexpr std::string_view token = "14683f9a40b2509d80320bf0d4ec7d6e";

/// A network that has one answer to everything.
class OneAnswer : public Transport {
 public:
  boost::asio::awaitable<HttpResponse> send(HttpRequest) override {
    ++asked;
    co_return answer;
  }
  HttpResponse answer{};
  int asked = 0;
};

struct Client {
  std::shared_ptr<OneAnswer> network = std::make_shared<OneAnswer>();
  boost::asio::io_context context{1};
  Bmob bmob{context.get_executor(), config(), options()};

  static BmobConfig config() {
    BmobConfig made;
    made.baseUrl = "https://bmob.example.com";
    made.secretKey = secretKey;
    made.safeCode = safeCode;
    made.sessionToken = token;
    return made;
  }
  HttpOptions options() const {
    HttpOptions made;
    made.transport = network;
    made.maxAttempts = 1;
    return made;
  }
};

void checkMessage(const Error& error) {
  const std::string_view message = error.what();
  fuzz::require(!message.empty() && message.size() < 2000, "no message, or one without end");
  for (const auto secret : {safeCode, secretKey, token}) {
    fuzz::require(message.find(secret) == std::string_view::npos, "a secret in a message");
    fuzz::require(error.errMsg().find(secret) == std::string::npos, "a secret in the platform's words");
  }
  fuzz::require(error.provider() == "bmob" && !error.method().empty(), "an error without provider and method");
  fuzz::require(error.outcome() != Outcome::notSent, "an answer to what was not sent");
}

/// Reads the answer as `call` does; what is accepted can be written as JSON.
template <class Result>
void reads(boost::asio::awaitable<Result> call) {
  try {
    const auto result = wait(std::move(call));
    fuzz::requireWritable(result);
  } catch (const Error& error) {
    checkMessage(error);
  }
}

using Method = void (*)(const Bmob&);

// tests/fuzz/make_seeds.sh knows the order.
constexpr Method methods[] = {
    [](const Bmob& client) { reads(client.user.login("name", "word")); },
    [](const Bmob& client) { reads(client.user.registerUser({.username = "name", .password = "word"})); },
    [](const Bmob& client) {
      const bmob::GetUserRequest named{.objectId = "x1"};
      reads(client.user.get(named));
    },
    [](const Bmob& client) { reads(client.user.list({})); },
    [](const Bmob& client) {
      reads(client.user.update({.objectId = "x1", .data = Fields{{"a", 1}}}));
    },
    [](const Bmob& client) { reads(client.user.checkSession({.objectId = "x1"})); },
    [](const Bmob& client) { reads(client.user.auth({.code = "code"})); },
    [](const Bmob& client) { reads(client.user.requestPasswordReset({.email = "a@example.com"})); },
    [](const Bmob& client) { reads(client.rows.find({.className = "Game"})); },
    [](const Bmob& client) { reads(client.rows.get({.className = "Game", .objectId = "x1"})); },
    [](const Bmob& client) {
      reads(client.rows.save({.className = "Game", .data = Fields{{"a", 1}}}));
    },
    [](const Bmob& client) {
      reads(client.rows.update({.className = "Game", .objectId = "x1", .data = Fields{{"a", 1}}}));
    },
    [](const Bmob& client) { reads(client.rows.destroy({.className = "Game", .objectId = "x1"})); },
    [](const Bmob& client) { reads(client.rows.count({.className = "Game"})); },
    [](const Bmob& client) {
      bmob::StatisticsRequest sums{.className = "Game", .sum = "score"};
      reads(client.rows.statistics(sums));
    },
    [](const Bmob& client) {
      bmob::BatchRequest batch;
      batch.requests.push_back({.method = "POST", .className = "Game", .data = Fields{{"a", 1}}});
      batch.requests.push_back({.method = "DELETE", .className = "Game", .objectId = "x1"});
      reads(client.rows.batch(batch));
    },
    [](const Bmob& client) { reads(client.file.upload({.fileName = "a.txt", .content = {"text"}})); },
    [](const Bmob& client) { reads(client.file.destroyAll({.cdn = "upyun", .urls = {"http://files.example.com/2018/a.txt"}})); },
    [](const Bmob& client) { reads(client.sms.requestSmsCode({.mobilePhoneNumber = "18600000000"})); },
    [](const Bmob& client) { reads(client.sms.verifySmsCode({.mobilePhoneNumber = "18600000000", .smsCode = "123456"})); },
    [](const Bmob& client) { reads(client.sms.querySms({.smsId = 1})); },
    [](const Bmob& client) { reads(client.sms.requestCaptcha({})); },
    [](const Bmob& client) { reads(client.sms.captchaImage({.captchaUrl = "https://bmob.example.com/1/captchaImage?token=a"})); },
    [](const Bmob& client) { reads(client.sms.verifyCaptcha({.captchaCode = "1234", .captchaToken = "abc"})); },
    [](const Bmob& client) {
      reads(client.functions.run("hello", Fields{{"a", 1}}));
    },
    [](const Bmob& client) {
      reads(client.push.send({.data = Fields{{"alert", "a"}}}));
    },
    [](const Bmob& client) { reads(client.weapp.generateCode({.path = "pages/index"})); },
    [](const Bmob& client) { reads(client.weapp.getAccessToken()); },
    [](const Bmob& client) { reads(client.payment.refund({.orderNo = "1", .refundFee = Fen{1}, .desc = "a"})); },
    [](const Bmob& client) { reads(client.server.timestamp()); },
};

int statusOf(char kind) {
  switch (kind) {
    case 'c':
      return 201;
    case '4':
      return 400;
    case 'u':
      return 401;
    case 'n':
      return 404;
    case '5':
      return 500;
    default:
      return 200;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Client client;
  if (size < 2) return 0;
  const char kind = static_cast<char>(data[0]);
  const auto method = static_cast<std::uint8_t>(data[1] - 'A') % std::size(methods);
  auto text = std::string{fuzz::textOf(data + 2, size - 2)};
  client.network->answer = {statusOf(kind), {}, {}};
  if (kind == 'd') {
    const auto line = text.find('\n');
    client.network->answer.headers.add("Date", text.substr(0, line));
    client.network->answer.status = 400;
    text = line == std::string::npos ? std::string{} : text.substr(line + 1);
  }
  client.network->answer.body = std::move(text);
  client.network->asked = 0;
  methods[method](client.bmob);
  fuzz::require(client.network->asked > 0 && client.network->asked <= 2, "asked more often than a refused signature explains");
  return 0;
}
