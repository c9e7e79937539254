#include "bmob_tour.hpp"

#include "table.hpp"

#include <http/client.hpp>

#include <chrono>
#include <ostream>
#include <utility>

namespace demo {

namespace bm = openapi::bmob;

namespace {

constexpr auto username = "Sean Plott";
constexpr auto password = "correct horse";
constexpr auto phoneNumber = "18600000000";
constexpr std::size_t players = 12;
constexpr std::size_t batchSize = 60;
constexpr std::size_t wrongItem = 7;  // of the batch: it changes a row that is not there

const std::string& textOf(const openapi::Json& json, std::string_view name) { return *json.find(name)->string(); }

std::int64_t scoreOf(const bm::Row& row) {
  const auto* score = row.find("score");
  return score == nullptr || score->integer() == nullptr ? -1 : *score->integer();
}

std::string nameOf(const bm::Row& row) {
  const auto* name = row.find("player");
  return name == nullptr || name->string() == nullptr ? "?" : *name->string();
}

/// A failure as a line: `101 object not found …`.
template <class T>
std::string failureOf(const Attempt<T>& attempt) {
  return attempt.error ? attempt.error->errCode() + " " + attempt.error->errMsg() : "no error";
}

/// The path of an address: the files' host is the cloud's, their paths are the gateway's too.
std::string pathOf(const std::string& url) { return url.substr(url.find('/', url.find("://") + 3)); }

std::string madeBytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(at * 131 + at / 251);
  return bytes;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

}  // namespace

BmobTour::BmobTour(openapi::Bmob& bmob, openapi::HttpOptions http, openapi::gateway::Sandbox& sandbox, Progress& progress)
    : bmob_{bmob}, http_{std::move(http)}, sandbox_{sandbox}, progress_{progress} {}

asio::awaitable<void> BmobTour::run() {
  progress_.phase("A tour of Bmob Bmob 之旅", 7);
  co_await user();
  progress_.step();
  co_await rows();
  progress_.step();
  co_await lists();
  progress_.step();
  co_await batch();
  progress_.step();
  co_await sms();
  progress_.step();
  co_await captcha();
  progress_.step();
  co_await file();
  progress_.step();
}

asio::awaitable<void> BmobTour::user() {
  bm::RegisterRequest request{.username = username, .password = password, .email = "sean@example.com"};
  auto made = co_await bmob_.user.registerUser(request);
  auto session = co_await bmob_.user.login(username, password);
  expect(session.objectId == made.objectId && session.sessionToken.has_value(), "login: another user, or no session");
  token_ = session.sessionToken.value_or("");
  seen_.user = session.username.value_or("") + ", " + session.objectId;

  auto wrong = co_await attempted(bmob_.user.login(username, "wrong"));
  seen_.refused = failureOf(wrong);
  expect(wrong.hasCode("101", "101"), "login: a wrong password was not refused with 101");
  auto again = co_await attempted(bmob_.user.registerUser(request));
  expect(again.hasCode("202", "202"), "registration: a name was given twice");
}

asio::awaitable<void> BmobTour::rows() {
  auto scores = bmob_.query("GameScore");
  scores.sessionToken(token_);
  std::vector<std::string> ids;
  for (std::size_t at = 0; at < players; ++at) {
    bm::Changes score;
    score.set("player", "player " + std::to_string(at + 1)).set("score", static_cast<std::int64_t>(at) * 25);
    auto saved = co_await scores.save(score);
    ids.push_back(saved.objectId);
  }
  bm::Changes bonus;
  bonus.increment("score", 1000);
  auto raised = co_await scores.update(ids.front(), bonus);

  scores.greaterThan("score", 100).order("-score").limit(5);
  auto found = co_await scores.find();
  seen_.best = std::move(found.results);
  expect(seen_.best.size() == 5 && scoreOf(seen_.best.front()) == 1000 && seen_.best.front().objectId == ids.front(),
         "query: not the best five");
  for (std::size_t at = 1; at < seen_.best.size(); ++at) {
    expect(scoreOf(seen_.best[at]) == 300 - static_cast<std::int64_t>(at) * 25, "query: not in the order of the score");
  }
  auto number = co_await scores.count();
  expect(number == 8, "query: another number of rows above 100");
}

/// Additions and removals that the platform carries out by itself.
asio::awaitable<void> BmobTour::lists() {
  auto games = bmob_.query("Game");
  bm::Changes first;
  first.add("tags", {"board", "cards"});
  auto saved = co_await games.save(first);
  bm::Changes more;
  more.addUnique("tags", {"cards", "dice"});
  auto added = co_await games.update(saved.objectId, more);
  bm::Changes less;
  less.remove("tags", {"board"});
  auto removed = co_await games.update(saved.objectId, less);
  auto row = co_await games.get(saved.objectId);
  const auto* tags = row.find("tags");
  expect(tags != nullptr && *tags == openapi::Json{openapi::Json::Array{"cards", "dice"}}, "list: not what was written");
  if (tags == nullptr || tags->array() == nullptr) co_return;
  for (const auto& tag : *tags->array()) seen_.tags.push_back(tag.string() == nullptr ? tag.json() : *tag.string());
}

/// More than the 50 that a call takes, and one that fails: the others stay.
asio::awaitable<void> BmobTour::batch() {
  bm::BatchRequest request;
  for (std::size_t at = 0; at < batchSize; ++at) {
    bm::BatchItem item{.method = "POST", .className = "Move"};
    item.data = openapi::Fields{{"number", static_cast<std::int64_t>(at)}};
    if (at == wrongItem) {
      item.method = "PUT";
      item.objectId = "0000000000";
    }
    request.requests.push_back(std::move(item));
  }
  auto done = co_await bmob_.rows.batch(request);
  expect(done.results.size() == batchSize, "batch: not a result for each item");
  for (std::size_t at = 0; at < done.results.size(); ++at) {
    const auto& item = done.results[at];
    expect(item.succeeded() == (at != wrongItem), "batch: item " + std::to_string(at + 1) + " is " + item.state);
    if (item.succeeded()) {
      ++seen_.saved;
    } else {
      seen_.notSaved.push_back("item " + std::to_string(at + 1) + ": " + item.errCode.value_or("") + " " +
                               item.errMsg.value_or(""));
    }
  }
  auto number = co_await bmob_.query("Move").count();
  expect(number == static_cast<std::int64_t>(seen_.saved) && number == batchSize - 1, "batch: not the rows that it said");
}

asio::awaitable<void> BmobTour::sms() {
  bm::RequestSmsCodeRequest request{.mobilePhoneNumber = phoneNumber};
  auto sent = co_await bmob_.sms.requestSmsCode(request);
  const auto messages = control("/sms");
  const auto& message = messages.array()->front();  // the newest one
  seen_.phone = textOf(message, "mobilePhoneNumber");
  seen_.code = textOf(message, "code");
  expect(*message.find("smsId")->integer() == sent.smsId && seen_.phone == phoneNumber, "SMS: another message");

  bm::VerifySmsCodeRequest typed{.mobilePhoneNumber = phoneNumber, .smsCode = seen_.code};
  auto verified = co_await bmob_.sms.verifySmsCode(typed);
  expect(verified.msg == "ok", "SMS: the code was not taken");
  auto again = co_await attempted(bmob_.sms.verifySmsCode(typed));
  seen_.codeAgain = failureOf(again);
  expect(again.hasCode("207", "207"), "SMS: a code worked twice");
  auto soon = co_await attempted(bmob_.sms.requestSmsCode(request));
  expect(soon.hasCode("10010", "10010"), "SMS: two messages in one minute");
}

/// The reader of the picture is this machine's: the control route says what it shows.
asio::awaitable<void> BmobTour::captcha() {
  bm::RequestCaptchaRequest wanted{};
  auto made = co_await bmob_.sms.requestCaptcha(wanted);
  bm::CaptchaImageRequest address{made.captchaUrl};
  auto picture = co_await bmob_.sms.captchaImage(address);
  seen_.captchaBytes = picture.image.data.size();
  expect(picture.contentType == "image/png" && seen_.captchaBytes > 0, "captcha: no picture");

  const auto captchas = control("/captchas");
  bm::VerifyCaptchaRequest read{.captchaCode = textOf(captchas.array()->front(), "code"), .captchaToken = made.captchaToken};
  auto verified = co_await bmob_.sms.verifyCaptcha(read);
  expect(!verified.validateToken.empty(), "captcha: not taken");
  auto again = co_await attempted(bmob_.sms.verifyCaptcha(read));
  seen_.captchaAgain = failureOf(again);
  expect(again.hasCode("207", "207"), "captcha: it worked twice");
}

asio::awaitable<void> BmobTour::file() {
  const bm::UploadRequest request{.fileName = "replay.bin", .content = {madeBytes(300000)}};
  std::size_t written = 0;
  bm::Files::Progress progress = [&written](std::size_t now, std::size_t) { written = now; };
  auto uploaded = co_await bmob_.file.upload(request, progress);
  expect(written == request.content.data.size(), "file: the progress did not come to its end");
  auto bytes = co_await download(uploaded.url);
  seen_.fileBytes = bytes.size();
  expect(bytes == request.content.data, "file: not the bytes that went up");

  bm::DestroyFileRequest gone{.cdn = uploaded.cdn, .url = uploaded.url};
  auto removed = co_await bmob_.file.destroy(gone);
  expect(removed.msg == "ok", "file: not removed");
  auto again = co_await attempted(bmob_.file.destroy(gone));
  seen_.fileGone = failureOf(again);
  expect(again.error.has_value(), "file: removed twice");
}

asio::awaitable<std::string> BmobTour::download(std::string url) {
  openapi::HttpRequest request;
  request.method = "GET";
  request.url = sandbox_.urls().bmob + pathOf(url);
  request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  auto client = openapi::http::makeClient(http_);
  auto answer = co_await client->send(std::move(request));
  expect(answer.status == 200, "file: its address does not give it");
  co_return std::move(answer.body);
}

void BmobTour::expect(bool condition, const std::string& problem) {
  if (!condition) seen_.problems.push_back(problem);
}

openapi::Json BmobTour::control(std::string_view path) {
  return sandbox_.control("POST", path, openapi::Fields{{"provider", "bmob"}});
}

bool report(std::ostream& out, const BmobSights& sights) {
  out << "\nBmob\n";
  table(out, {{"registered, logged in 注册并登录", sights.user},
              {"wrong password 密码错误", sights.refused},
              {"a list after three writes 三次写入后的数组", joined(sights.tags)},
              {"batch of 60, saved 批量 60 项，已保存", std::to_string(sights.saved)},
              {"  refused 被拒绝", joined(sights.notSaved)},
              {"SMS code 短信验证码", sights.phone + ": " + sights.code},
              {"  used again 再次使用", sights.codeAgain},
              {"captcha, bytes of the image 图形验证码字节数", std::to_string(sights.captchaBytes)},
              {"  used again 再次使用", sights.captchaAgain},
              {"file up and down, bytes 文件上传并取回", std::to_string(sights.fileBytes)},
              {"  removed again 再次删除", sights.fileGone}});
  std::vector<Row> best{{"score > 100, -score, 5", "score 分数"}};
  for (const auto& row : sights.best) best.push_back({nameOf(row), std::to_string(scoreOf(row))});
  table(out, best);
  for (const auto& problem : sights.problems) out << "not as expected 不符: " << problem << '\n';
  return sights.problems.empty();
}

}  // namespace demo
