#include "world.hpp"

#include <samples/bmob-admin/options.hpp>

#include <openapi/error.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

extern char** environ;

// The program as an operator sees it.
using namespace admin_test;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    auto pattern = (fs::temp_directory_path() / "bmob-admin.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"cannot make a folder"};
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name} << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file{path_ / name};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

 private:
  fs::path path_;
};

/// The program with its output on a pipe and its errors in a file.
class Program {
 public:
  Program(const Folder& folder, std::vector<std::string> arguments) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, folder.path("stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    arguments.insert(arguments.begin(), BMOB_ADMIN);
    std::vector<char*> raw;
    for (auto& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    const int failed = ::posix_spawn(&process_, BMOB_ADMIN, &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    output_ = pipe[0];
    if (failed != 0) throw std::runtime_error{"cannot start " BMOB_ADMIN};
  }
  ~Program() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    ::close(output_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] std::string line() const {
    std::string text;
    for (char byte = 0; ::read(output_, &byte, 1) == 1 && byte != '\n';) text += byte;
    return text;
  }
  [[nodiscard]] std::string output() const {
    std::string text;
    for (char byte = 0; ::read(output_, &byte, 1) == 1;) text += byte;
    return text;
  }
  [[nodiscard]] std::uint16_t port() const {
    const auto ready = Json::parse(line());
    const auto url = *ready.find("url")->string();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  void signal(int number) const { ::kill(process_, number); }
  /// The exit code; 1000 and the signal for a violent end.
  int wait() {
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t process_ = -1;
  int output_ = -1;
};

std::string configFor(const std::string& url) {
  const Json config = openapi::Fields{{"baseUrl", url}, {"applicationId", "a1b2"}, {"restApiKey", "restkey99"}, {"proxy", ""}};
  return config.json();
}

/// What the program says when it does not start.
std::string failure(const std::string& config, std::vector<std::string> arguments, int code) {
  const Folder folder;
  arguments.insert(arguments.begin(), {"--config", folder.write("bmob.json", config)});
  Program program{folder, std::move(arguments)};
  BOOST_TEST(program.output() == "");
  BOOST_TEST(program.wait() == code);
  return folder.read("stderr");
}

void requireWords(const std::string& text, std::string_view words) {
  BOOST_TEST(text.find(words) != std::string::npos, "no \"" << words << "\" in: " << text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_program)

BOOST_AUTO_TEST_CASE(a_signal_during_a_request_lets_it_finish) {
  for (const int number : {SIGTERM, SIGINT}) {
    Event arrived;
    Event release;
    const FakeBmob bmob{[&](const gateway::Request&) {
      arrived.set();
      release.wait();
      return gateway::Reply{.contentType = "application/json", .body = R"({"objectId":"abc"})"};
    }};
    const Folder folder;
    Program program{folder, {"--config", folder.write("bmob.json", configFor(bmob.url())), "--listen", "127.0.0.1:0"}};
    const auto port = program.port();
    Client idle{port};
    Client client{port};
    client.send(message("GET", "/users/abc?secret=hunter2"));
    arrived.wait();
    program.signal(number);
    BOOST_TEST(idle.readToEnd() == "");  // the signal has arrived
    release.set();
    requireJson(client.read(), 200, R"({"objectId":"abc"})");
    client.finish();
    BOOST_TEST(program.wait() == 0);
    const auto log = folder.read("stderr");
    requireWords(log, R"("path":"/users/abc","status":200)");
    BOOST_TEST(log.find("hunter2") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(it_says_where_it_listens) {
  const Folder folder;
  const auto config = folder.write("bmob.json", configFor("http://127.0.0.1:9"));
  for (const auto* listen : {"127.0.0.1:0", "localhost:0"}) {
    Program program{folder, {"--config", config, "--listen", listen, "--quiet"}};
    const auto line = program.line();
    BOOST_TEST(line.starts_with(R"({"url":"http://127.0.0.1:)"), line);
    program.signal(SIGTERM);
    BOOST_TEST(program.wait() == 0);
    BOOST_TEST(folder.read("stderr") == "");
  }
}

BOOST_AUTO_TEST_CASE(help) {
  const Folder folder;
  Program program{folder, {"--help"}};
  const auto text = program.output();
  BOOST_TEST(program.wait() == 0);
  for (const auto* option : {"--config", "--listen", "--admin", "--name", "--cors-origin", "--keep-session-keys"})
    requireWords(text, option);
}

BOOST_AUTO_TEST_CASE(what_does_not_start_says_why) {
  const auto good = configFor("http://127.0.0.1:9");
  requireWords(failure("{", {}, 1), "bmob.json");
  requireWords(failure("[]", {}, 1), "expected an object");
  requireWords(failure(R"({"baseUrl":"http://127.0.0.1:9","aplicationId":"a"})", {}, 1), "applicationId");
  requireWords(failure("{}", {}, 1), "baseUrl");
  requireWords(failure(good, {"--admin", "bb0d3e0042"}, 1), "masterKey");
  requireWords(failure(good, {"--keep-session-keys"}, 1), "masterKey");
  requireWords(failure(good, {"--listen", "8080"}, 1), "HOST:PORT");
  requireWords(failure(good, {"--listen", "127.0.0.1:99999"}, 1), "HOST:PORT");
  requireWords(failure(good, {"--listen", "example.com:80"}, 1), "--listen: the host must be an IP address or localhost");
  requireWords(failure(good, {"--nonsense"}, 2), "bmob-admin: The following argument was not expected: --nonsense");
  const FakeBmob busy{"{}"};
  const auto taken = busy.url().substr(7);
  requireWords(failure(good, {"--listen", taken}, 1),
               "bmob-admin: cannot listen on " + taken + ": Address already in use; choose another --listen");
  requireWords(failure(good, {"--name", "shop.example:80"}, 1), "bmob-admin: --name: expected a host name");
  requireWords(failure(good, {"--cors-origin", "*"}, 1), "bmob-admin: --cors-origin: expected scheme://host");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_configuration_names_its_file) {
  const Folder folder;
  const auto says = [&](std::vector<std::string> arguments, int code, const std::string& words) {
    Program program{folder, std::move(arguments)};
    BOOST_TEST(program.output() == "");
    BOOST_TEST(program.wait() == code);
    requireWords(folder.read("stderr"), words);
  };
  says({}, 2, "bmob-admin: --config is required");
  const auto none = folder.path("none.json");
  says({"--config", none}, 1, "bmob-admin: --config " + none + ": cannot read the file: No such file or directory");
  says({"--config", folder.path("")}, 1, "cannot read the file: Is a directory");
  const auto half = folder.write("half.json", R"({"baseUrl":"http://127.0.0.1:9","applicationId":"a"})");
  says({"--config", half}, 1, "bmob-admin: --config " + half + ": restApiKey required");
  const auto good = folder.write("good.json", configFor("http://127.0.0.1:9"));
  says({"--config", good, "--keep-session-keys"}, 1, "bmob-admin: --config " + good + ": masterKey: required");
}

BOOST_AUTO_TEST_CASE(names_and_origins_are_what_browsers_send) {
  const bmob_admin::Origins good{.names = {"Admin.Example", "shop_1"},
                                 .allowed = {"https://Shop.example", "http://localhost:3000", "http://[::1]:8080",
                                             "https://[::1]", "http://127.0.0.1", "capacitor://localhost"}};
  const auto read = bmob_admin::readOrigins(good);
  BOOST_TEST(read.names.front() == "admin.example");
  BOOST_TEST(read.allowed.front() == "https://shop.example");
  for (const auto* name : {"", "http://shop.example", "a b", "shop.example:80", "*", "shop.example/", ".example", "a..b"}) {
    BOOST_CHECK_THROW(static_cast<void>(bmob_admin::readOrigins({.names = {name}})), std::invalid_argument);
  }
  for (const auto* origin : {"",
                             "shop.example",
                             "*",
                             "null",
                             "https://shop.example/",
                             "https://",
                             "://shop.example",
                             "https://shop.example:",
                             "https://shop.example:0",
                             "https://shop.example:65536",
                             "https://shop.example:443",
                             "http://shop.example:80",
                             "https://a b",
                             "https://*.example",
                             "https://me@shop.example",
                             "https://shop.example?a",
                             "https://[::1",
                             "https://[]",
                             "https://[a]:1",
                             "https://::1"}) {
    BOOST_CHECK_THROW(static_cast<void>(bmob_admin::readOrigins({.allowed = {origin}})), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(addresses) {
  const auto six = bmob_admin::readAddress("[::1]:80");
  BOOST_TEST(six.host == "::1");
  BOOST_TEST(six.port == 80);
  BOOST_TEST(bmob_admin::readAddress("0.0.0.0:0").host == "0.0.0.0");
  for (const auto* wrong :
       {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:-1", "127.0.0.1:8080x", "::1:80", "[::1:80", "a b:1"}) {
    BOOST_CHECK_THROW(static_cast<void>(bmob_admin::readAddress(wrong)), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(administrators_are_named_by_id) {
  bmob_admin::Rules rules;
  rules.admins = {"not an id"};
  BOOST_CHECK_THROW(bmob_admin::checkRules(rules), openapi::Error);
}

BOOST_AUTO_TEST_SUITE_END()
