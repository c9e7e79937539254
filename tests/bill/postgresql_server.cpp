#ifdef OPENAPI_WITH_POSTGRESQL
#include "postgresql_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <pqxx/pqxx>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>

namespace bill_test {
namespace {

namespace fs = std::filesystem;

// PostgreSQL refuses to run as root.
constexpr unsigned nobody = 65534;
constexpr int patienceMs = 60'000;

std::string outputOf(const char* command) {
  std::string output;
  std::FILE* pipe = popen(command, "r");
  for (int c = pipe != nullptr ? std::fgetc(pipe) : EOF; c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  if (pipe != nullptr) pclose(pipe);
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

fs::path programs() {
  const fs::path told = outputOf("pg_config --bindir 2>/dev/null");
  if (fs::exists(told / "initdb")) return told;
  fs::path found;
  std::error_code none;
  for (const auto& version : fs::directory_iterator{"/usr/lib/postgresql", none}) {
    if (fs::exists(version.path() / "bin/initdb")) found = version.path() / "bin";
  }
  BOOST_REQUIRE_MESSAGE(!found.empty(), "no PostgreSQL server is installed (Debian: postgresql-15)");
  return found;
}

/// Starts a program as an ordinary user, with what it says on `output`.
int start(const std::vector<std::string>& command, int output) {
  std::vector<char*> arguments;
  for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  const int pid = ::fork();
  if (pid != 0) return pid;
  if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

/// What comes until it ends, or until it says `mark`.
std::string readUntil(int input, std::string_view mark) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (mark.empty() || !contains(text, mark)) {
    pollfd ready{input, POLLIN, 0};
    if (::poll(&ready, 1, patienceMs) != 1) break;
    const auto count = ::read(input, buffer.data(), buffer.size());
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

PostgresqlServer::PostgresqlServer() {
  const auto data = (folder_.path() / "data").string();
  const auto password = (folder_.path() / "password").string();
  std::ofstream{password} << "open-sesame\n";
  if (::geteuid() == 0) {
    BOOST_REQUIRE(::chown(folder_.path().c_str(), nobody, nobody) == 0);
    BOOST_REQUIRE(::chown(password.c_str(), nobody, nobody) == 0);
  }
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const auto folder = programs();
  const int making = start({(folder / "initdb").string(), "-D", data, "-U", "keeper", "--pwfile=" + password, "-A",
                            "scram-sha-256", "-E", "UTF8", "--locale=C", "-N"},
                           ends[1]);
  int status = 0;
  BOOST_REQUIRE(::waitpid(making, &status, 0) == making);
  if (status != 0) {
    ::close(ends[1]);
    BOOST_REQUIRE_MESSAGE(false, "initdb: " << readUntil(ends[0], {}));
  }
  pid_ = start(
      {(folder / "postgres").string(), "-D", data, "-k", folder_.path().string(), "-c", "listen_addresses=", "-c", "fsync=off"},
      ends[1]);
  ::close(ends[1]);
  const auto said = readUntil(ends[0], "ready to accept connections");
  BOOST_REQUIRE_MESSAGE(contains(said, "ready to accept connections"), "postgres: " << said);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);  // kept open: the server writes on
}

PostgresqlServer::~PostgresqlServer() {
  ::kill(pid_, SIGQUIT);
  int status = 0;
  ::waitpid(pid_, &status, 0);
}

std::string PostgresqlServer::connection(const std::string& password) const {
  return "host=" + folder_.path().string() + " user=keeper dbname=postgres password=" + password;
}

void PostgresqlServer::run(const std::string& statements) const {
  pqxx::connection owner{connection()};
  pqxx::nontransaction work{owner};
  work.exec(statements);
}

std::string PostgresqlServer::ask(const std::string& query) const {
  pqxx::connection owner{connection()};
  pqxx::nontransaction work{owner};
  return work.exec(query).at(0).at(0).as<std::string>();
}

void PostgresqlServer::breakConnections() const {
  run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
}

const PostgresqlServer& postgresqlServer() {
  static const PostgresqlServer server;
  return server;
}

}  // namespace bill_test

#ifdef __SANITIZE_ADDRESS__
// libpqxx 6.4 keeps the last answer of a connection that breaks.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx"; }
#endif
#endif
