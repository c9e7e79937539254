// `openapi sandbox` killed while it writes for Bmob, again and again: what it answered is there when it comes back, and nothing
// is there by half.
#include <http/client.hpp>
#include <openapi/openapi.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

extern char** environ;

namespace {

namespace asio = boost::asio;
namespace bm = openapi::bmob;
namespace fs = std::filesystem;
using openapi::Fields;
using openapi::Json;
using std::chrono::milliseconds;

constexpr int rounds = 32;
constexpr unsigned seed = 20261122;
constexpr int longestRound = 250;  // milliseconds until the kill
constexpr std::int64_t batchItems = 5;
constexpr std::int64_t pageRows = 1000;  // the most that one answer has

struct Folder {
  fs::path path{fs::path{OPENAPI_BINARY_DIR} / "gateway-bmob-kill-test"};
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

Json readJson(const fs::path& path) {
  std::ifstream file{path};
  return Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
}

const std::string& textOf(const Json& json, std::string_view name) {
  const auto* value = json.find(name);
  if (value == nullptr || value->string() == nullptr) throw std::runtime_error{"no " + std::string{name} + " in " + json.json()};
  return *value->string();
}

/// The sandbox as a program of its own, with one state.
class Gateway {
 public:
  explicit Gateway(const fs::path& folder) {
    std::vector<std::string> arguments{OPENAPI_PROGRAM,  "sandbox",      "--state", (folder / "state.db").string(),
                                       "--write-config", folder.string()};
    std::vector<char*> raw;
    for (auto& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    const int failed = ::posix_spawn(&process_, OPENAPI_PROGRAM, &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    std::string line;
    for (char byte = 0; failed == 0 && ::read(pipe[0], &byte, 1) == 1 && byte != '\n';) line += byte;
    ::close(pipe[0]);
    if (line.empty()) throw std::runtime_error{"cannot start " OPENAPI_PROGRAM};
    ready_ = Json::parse(line);
    const auto config = readJson(folder / "bmob.json");
    config_.baseUrl = textOf(config, "baseUrl");
    config_.secretKey = textOf(config, "secretKey");
    config_.safeCode = textOf(config, "safeCode");
    options_.caFile = textOf(ready_, "caFile");
    options_.proxy = "";
    options_.maxAttempts = 1;
  }
  ~Gateway() { kill(); }
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  [[nodiscard]] openapi::Bmob client(const asio::any_io_executor& executor) const { return {executor, config_, options_}; }
  [[nodiscard]] openapi::HttpResponse send(const std::string& method, const std::string& url, const std::string& body) const {
    openapi::HttpRequest request;
    request.method = method;
    request.url = url;
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.body = body;
    request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    return openapi::wait(openapi::http::makeClient(options_)->send(std::move(request)));
  }
  /// A file by what the gateway calls its address; the path is what counts here.
  [[nodiscard]] openapi::HttpResponse file(const std::string& url) const {
    return send("GET", config_.baseUrl + url.substr(url.find('/', url.find("://") + 3)), {});
  }
  [[nodiscard]] Json files() const {
    return Json::parse(send("POST", textOf(ready_, "control") + "/files", R"({"provider":"bmob"})").body);
  }

 private:
  pid_t process_ = -1;
  Json ready_{};
  openapi::BmobConfig config_{};
  openapi::HttpOptions options_{};
};

/// How many; none when there is no such folder yet.
std::size_t filesIn(const fs::path& folder) {
  std::error_code absent;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder, absent}, {}));
}

struct User {
  std::string name{};
  std::string id{};
  std::string token{};
};

/// What the gateway has answered.
struct Answered {
  std::map<std::string, std::int64_t> rows{};  ///< by id: the number of the row
  std::set<std::int64_t> batches{};
  std::set<std::string> files{};     ///< their addresses
  std::set<std::string> doubtful{};  ///< files whose removal was not answered
  std::set<std::string> removed{};
  std::vector<User> users{};
};

std::string rowText(std::int64_t number) {
  return std::string(static_cast<std::size_t>(number % 40) * 50, 'x') + std::to_string(number);
}

/// The bytes of a file are known by its name.
std::string fileBytes(const std::string& name) {
  std::minstd_rand random{static_cast<unsigned>(std::hash<std::string>{}(name))};
  std::string bytes(20000 + random() % 300000, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

/// Writes until the gateway answers no more.
class Writer {
 public:
  Writer(int round, const openapi::Bmob& bmob, Answered& answered) : round_{round}, bmob_{bmob}, answered_{answered} {}

  asio::awaitable<void> saveRows() {
    for (;;) {
      const auto number = ++rows_;
      bm::Changes changes;
      changes.set("round", round_).set("number", number).set("text", rowText(number)).set("last", true);
      auto saved = co_await bmob_.query("Row").save(changes);
      answered_.rows.emplace(saved.objectId, number);
    }
  }

  asio::awaitable<void> saveBatches() {
    for (;;) {
      const auto number = ++batches_;
      std::vector<bm::Changes> items;
      for (std::int64_t at = 0; at < batchItems; ++at) {
        items.emplace_back().set("round", round_).set("batch", number).set("text", rowText(at * 13)).set("last", true);
      }
      auto done = co_await bmob_.query("Item").saveAll(items);
      if (!done.allSucceeded()) throw std::runtime_error{"a batch failed: " + done.failure.value_or("an item")};
      answered_.batches.insert(number);
    }
  }

  asio::awaitable<void> uploadFiles() {
    for (int number = 0;; ++number) {
      const auto name = std::to_string(round_) + "-" + std::to_string(number) + ".bin";
      bm::UploadRequest request{.fileName = name, .content = {fileBytes(name)}};
      auto uploaded = co_await bmob_.file.upload(request);
      if (number % 3 != 2) {
        answered_.files.insert(uploaded.url);
        continue;
      }
      answered_.doubtful.insert(uploaded.url);
      bm::DestroyFileRequest gone{.cdn = uploaded.cdn, .url = uploaded.url};
      auto removed = co_await bmob_.file.destroy(gone);
      answered_.doubtful.erase(uploaded.url);
      answered_.removed.insert(uploaded.url);
    }
  }

  asio::awaitable<void> registerUsers() {
    for (int number = 0;; ++number) {
      bm::RegisterRequest request{.username = "u" + std::to_string(round_) + "-" + std::to_string(number), .password = "secret"};
      auto user = co_await bmob_.user.registerUser(request);
      answered_.users.push_back({request.username, user.objectId, user.sessionToken});
    }
  }

 private:
  int round_;
  const openapi::Bmob& bmob_;
  Answered& answered_;
  std::int64_t rows_ = 0;
  std::int64_t batches_ = 0;
};

void spawn(asio::io_context& context, asio::awaitable<void> work, std::vector<std::string>& wrong) {
  asio::co_spawn(context, std::move(work), [&wrong](std::exception_ptr failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const openapi::Error& error) {
      const bool isLost = error.errc() == openapi::Errc::connect || error.errc() == openapi::Errc::connectionLost;
      if (!isLost) wrong.emplace_back(error.what());
    } catch (const std::exception& error) {
      wrong.emplace_back(error.what());
    }
  });
}

/// Writes, and kills the gateway in the middle of it.
Answered writeUntilKilled(Gateway& gateway, int round, milliseconds patience) {
  asio::io_context context;
  Answered answered;
  std::vector<std::string> wrong;
  const auto bmob = gateway.client(context.get_executor());
  Writer writer{round, bmob, answered};
  for (int i = 0; i < 3; ++i) spawn(context, writer.saveRows(), wrong);
  for (int i = 0; i < 2; ++i) spawn(context, writer.saveBatches(), wrong);
  spawn(context, writer.uploadFiles(), wrong);
  spawn(context, writer.registerUsers(), wrong);
  asio::steady_timer timer{context, patience};
  timer.async_wait([&gateway](const boost::system::error_code&) { gateway.kill(); });
  context.run();
  for (const auto& text : wrong) BOOST_ERROR("round " << round << ": " << text);
  return answered;
}

std::int64_t numberOf(const bm::Row& row, std::string_view name) {
  const auto* value = row.find(name);
  return value == nullptr || value->integer() == nullptr ? -1 : *value->integer();
}

bool isWhole(const bm::Row& row, std::int64_t number) {
  const auto* text = row.find("text");
  const auto* last = row.find("last");
  return text != nullptr && *text == Json{rowText(number)} && last != nullptr && *last == Json{true};
}

std::vector<bm::Row> rowsOf(const openapi::Bmob& bmob, const std::string& table, int round) {
  std::vector<bm::Row> rows;
  auto query = bmob.query(table);
  query.equalTo("round", round).limit(pageRows);
  for (;;) {
    query.skip(static_cast<std::int64_t>(rows.size()));
    try {
      auto page = openapi::wait(query.find()).results;
      const bool isLast = page.size() < pageRows;
      std::move(page.begin(), page.end(), std::back_inserter(rows));
      if (isLast) return rows;
    } catch (const openapi::Error& error) {
      if (error.errCode() == "101") return {};  // a table begins with its first row
      throw;
    }
  }
}

/// How many rows there are.
std::size_t checkRows(const openapi::Bmob& bmob, int round, const Answered& answered) {
  const auto rows = rowsOf(bmob, "Row", round);
  std::map<std::string, std::int64_t> found;
  for (const auto& row : rows) {
    found.emplace(row.objectId, numberOf(row, "number"));
    BOOST_TEST(isWhole(row, numberOf(row, "number")), "half a row in round " << round);
  }
  for (const auto& [id, number] : answered.rows) {
    BOOST_TEST((found.contains(id) && found.at(id) == number), "row " << number << " of round " << round << " is lost");
  }
  return rows.size();
}

void checkBatches(const openapi::Bmob& bmob, int round, const Answered& answered) {
  std::map<std::int64_t, std::int64_t> found;
  for (const auto& row : rowsOf(bmob, "Item", round)) ++found[numberOf(row, "batch")];
  for (const auto& [batch, items] : found) BOOST_TEST(items == batchItems, "half of batch " << batch << " in round " << round);
  for (const auto batch : answered.batches)
    BOOST_TEST(found.contains(batch), "batch " << batch << " of round " << round << " is lost");
}

/// Of `round`, and how many there are in all.
std::size_t checkFiles(const Gateway& gateway, int round, const Answered& answered) {
  const auto list = gateway.files();
  std::set<std::string> found;
  const auto prefix = std::to_string(round) + "-";
  for (const auto& file : *list.array()) {
    const auto& name = textOf(file, "filename");
    if (!name.starts_with(prefix)) continue;
    const auto& url = textOf(file, "url");
    found.insert(url);
    const auto answer = gateway.file(url);
    BOOST_TEST(answer.status == 200, name);
    BOOST_TEST((answer.body == fileBytes(name)), "half of the file " << name);
    BOOST_TEST(!answered.removed.contains(url), name << " came back");
  }
  for (const auto& url : answered.files) BOOST_TEST(found.contains(url), "a file of round " << round << " is lost");
  return list.array()->size();
}

void checkUser(const openapi::Bmob& bmob, const User& user) {
  const auto session = openapi::wait(bmob.user.login(user.name, "secret"));
  BOOST_TEST(session.objectId == user.id);
  const bm::CheckSessionRequest request{.sessionToken = user.token, .objectId = user.id};
  BOOST_TEST(openapi::wait(bmob.user.checkSession(request)).msg == "ok");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_kill)

BOOST_AUTO_TEST_CASE(a_killed_gateway_keeps_what_it_answered) {
  const Folder folder;
  std::mt19937 random{seed};
  Answered last;
  std::vector<User> users;
  std::size_t rows = 0, batches = 0, files = 0;
  for (int round = 0; round <= rounds; ++round) {
    Gateway gateway{folder.path};
    asio::io_context context;
    const auto bmob = gateway.client(context.get_executor());
    if (round > 0) {
      rows += checkRows(bmob, round - 1, last);
      checkBatches(bmob, round - 1, last);
      const auto listed = checkFiles(gateway, round - 1, last);
      const auto kept = filesIn(folder.path / "state.db.files");
      BOOST_TEST(kept == listed, "files on the disk that no row has");
      if (!last.users.empty()) checkUser(bmob, last.users.back());
      if (!users.empty()) checkUser(bmob, users[random() % users.size()]);
    }
    if (round == rounds) {
      BOOST_TEST(openapi::wait(bmob.query("Row").count()) == static_cast<std::int64_t>(rows));
      break;
    }
    last = writeUntilKilled(gateway, round, milliseconds{random() % longestRound});
    batches += last.batches.size();
    files += last.files.size() + last.removed.size();
    users.insert(users.end(), last.users.begin(), last.users.end());
  }
  BOOST_TEST(rows > 0U);
  BOOST_TEST(batches > 0U);
  BOOST_TEST(files > 0U);
  BOOST_TEST(!users.empty());
  BOOST_TEST_MESSAGE(rows << " rows, " << batches << " batches, " << files << " files, " << users.size() << " users");
}

BOOST_AUTO_TEST_SUITE_END()
