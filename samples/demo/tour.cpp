#include "tour.hpp"

#include "table.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <system_error>

namespace demo {

namespace fs = std::filesystem;
namespace wx = openapi::weixin;

namespace {

constexpr auto visitor = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
constexpr auto scene = "from-demo";
constexpr std::size_t pagesShown = 5;

std::string textOf(const openapi::Json& json, std::string_view name) { return *json.find(name)->string(); }

/// In the calendar of GMT+8.
std::string yesterday() {
  using std::chrono::hours;
  const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + hours{8} - hours{24});
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%d", &parts)};
}

/// Beside this program: the folder of the build.
fs::path programFolder() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::temp_directory_path() : program.parent_path();
}

void save(const fs::path& file, const std::string& bytes) {
  const fs::path unfinished{file.string() + "." + std::to_string(::getpid())};
  std::ofstream out{unfinished, std::ios::binary};
  out << bytes;
  out.close();
  if (!out) throw std::runtime_error{"cannot write " + unfinished.string()};
  fs::rename(unfinished, file);
}

std::string readFile(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string withHundredths(double number) {
  std::array<char, 32> text{};
  return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.2f", number))};
}

}  // namespace

Tour::Tour(openapi::Weixin& weixin, openapi::gateway::Sandbox& sandbox, Progress& progress)
    : weixin_{weixin}, sandbox_{sandbox}, progress_{progress} {}

asio::awaitable<void> Tour::run() {
  progress_.phase("A tour of the mini program 小程序之旅", 4);
  co_await login();
  progress_.step();
  co_await tokens();
  progress_.step();
  co_await codeOnDisk();
  progress_.step();
  co_await visits();
  progress_.step();
}

/// The client's code works once.
asio::awaitable<void> Tour::login() {
  const auto code = textOf(control("/code", {{"openid", visitor}}), "code");
  auto session = co_await weixin_.auth.code2Session(code);
  seen_.openid = session.openid;
  expect(session.openid == visitor && !session.sessionKey.empty(), "login: another user, or no session key");
  auto again = co_await attempted(weixin_.auth.code2Session(code));
  expect(again.hasCode("40163", "40163"), "login: a code worked twice");

  wx::GetPhoneNumberRequest request{.code = textOf(control("/phonecode", {{"openid", visitor}}), "code")};
  auto phone = co_await weixin_.phonenumber.getPhoneNumber(request);
  seen_.phone = phone.phoneInfo.purePhoneNumber;
}

/// When every token has ended, the next call renews and works.
asio::awaitable<void> Tour::tokens() {
  auto token = co_await weixin_.auth.getAccessToken();
  seen_.tokenSeconds = token.expiresIn;
  expect(token.expiresIn > 0 && !token.accessToken.empty(), "token: none");
  control("/tokens", {{"action", "revoke"}});
  wx::GenerateSchemeRequest request{.jumpWxa = wx::JumpWxa{.path = "pages/index/index"}};
  auto link = co_await attempted(weixin_.urlscheme.generate(request));
  seen_.renewed = link.error ? link.error->what() : link.value->openlink;
  expect(!link.error, "token: not renewed after its end");
}

asio::awaitable<void> Tour::codeOnDisk() {
  wx::GetUnlimitedRequest request{.scene = scene, .page = "pages/index/index"};
  auto code = co_await weixin_.wxacode.getUnlimited(request);
  seen_.codeFile = programFolder() / "mini-program-code.jpg";
  save(seen_.codeFile, code.buffer.data);

  wx::ScanQRCodeRequest scan{.img = wx::FileContent{.contentType = code.contentType, .value = {readFile(seen_.codeFile)}}};
  auto answer = co_await weixin_.img.scanQRCode(scan);
  if (!answer.codeResults.empty()) seen_.codeSays = answer.codeResults.front().data;
  expect(seen_.codeSays.find(scene) != std::string::npos, "code: it does not say what it should");
}

asio::awaitable<void> Tour::visits() {
  seen_.date = yesterday();
  wx::AnalysisRequest day{.beginDate = seen_.date, .endDate = seen_.date};
  auto trend = co_await weixin_.analysis.getDailyVisitTrend(day);
  if (!trend.list.empty()) seen_.visits = trend.list.front();
  expect(trend.list.size() == 1 && seen_.visits.refDate == seen_.date, "visits: not of yesterday");
  expect(seen_.visits.visitUv > 0 && seen_.visits.visitUvNew <= seen_.visits.visitUv, "visits: more new visitors than visitors");

  auto pages = co_await weixin_.analysis.getVisitPage(day);
  expect(pages.refDate == seen_.date && !pages.list.empty(), "pages: not of yesterday");
  for (std::size_t at = 1; at < pages.list.size(); ++at) {
    expect(pages.list[at].pageVisitPv <= pages.list[at - 1].pageVisitPv, "pages: not in the order of their visits");
  }
  if (pages.list.size() > pagesShown) pages.list.resize(pagesShown);
  seen_.pages = std::move(pages.list);
}

void Tour::expect(bool condition, const std::string& problem) {
  if (!condition) seen_.problems.push_back(problem);
}

openapi::Json Tour::control(std::string_view path, openapi::Fields input) {
  input.append("provider", "weixinApi");
  return sandbox_.control("POST", path, input);
}

bool report(std::ostream& out, const Sights& sights) {
  out << "\nThe mini program 小程序\n";
  table(out, {{"login 登录", sights.openid + ", " + sights.phone},
              {"access token 凭证", std::to_string(sights.tokenSeconds) + " s"},
              {"after its end 失效后", sights.renewed},
              {"code on disk 小程序码", sights.codeFile.string()},
              {"  it says 内容", sights.codeSays}});
  const auto& visits = sights.visits;
  out << "Visits of " << sights.date << " 访问\n";
  table(out, {{"opened 打开次数", std::to_string(visits.sessionCnt)},
              {"page visits 访问次数", std::to_string(visits.visitPv)},
              {"visitors 访问人数", std::to_string(visits.visitUv)},
              {"  new 新用户", std::to_string(visits.visitUvNew)},
              {"pages each time 平均访问深度", withHundredths(visits.visitDepth.value_or(0))}});
  std::vector<Row> pages{{"page 页面", "visits 访问次数", "visitors 访问人数", "shared 转发次数"}};
  for (const auto& page : sights.pages) {
    pages.push_back(
        {page.pagePath, std::to_string(page.pageVisitPv), std::to_string(page.pageVisitUv), std::to_string(page.pageSharePv)});
  }
  table(out, pages);
  for (const auto& problem : sights.problems) out << "not as expected 不符: " << problem << '\n';
  return sights.problems.empty();
}

}  // namespace demo
