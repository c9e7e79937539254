#include "processes.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

namespace tokens {

namespace {

constexpr int patienceMs = 60'000;
constexpr timeval commandTime{5, 0};

std::runtime_error systemError(const std::string& what) { return std::runtime_error(what + ": " + std::strerror(errno)); }

int listening(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) throw systemError("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, plain, size) != 0 || ::listen(socket, 128) != 0 || ::getsockname(socket, plain, &size) != 0)
    throw systemError("listen");
  port = ntohs(address.sin_port);
  return socket;
}

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw systemError("pipe");
  }
};

}  // namespace

Process::Process(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  const Pipe in;
  const Pipe out;
  pid_ = ::fork();
  if (pid_ < 0) throw systemError("fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(in.ends[0], STDIN_FILENO);
    ::dup2(out.ends[1], STDOUT_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(in.ends[0]);
  ::close(out.ends[1]);
  input_ = in.ends[1];
  output_ = out.ends[0];
}

Process::~Process() {
  kill();
  ::close(input_);
  ::close(output_);
}

void Process::tell(const std::string& line) {
  const auto text = line + '\n';
  BOOST_REQUIRE(::write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

std::string Process::line() {
  for (;;) {
    const auto end = pending_.find('\n');
    if (end != std::string::npos) {
      auto line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    pollfd ready{output_, POLLIN, 0};
    BOOST_REQUIRE_MESSAGE(::poll(&ready, 1, patienceMs) == 1, "a child process says nothing");
    std::array<char, 4096> buffer;
    const auto count = ::read(output_, buffer.data(), buffer.size());
    BOOST_REQUIRE_MESSAGE(count > 0, "a child process ended");
    pending_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

bool Process::running() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

void Process::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::uint16_t freePort() {
  std::uint16_t port = 0;
  ::close(listening(port));
  return port;
}

RedisServer::RedisServer(std::vector<std::string> options) : options_{std::move(options)} {
  auto name = (std::filesystem::temp_directory_path() / "openapi-redis-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw systemError("mkdtemp");
  folder_ = name;
  for (int i = 0; i < 20; ++i) {
    port_ = freePort();
    if (tryStart()) return;
  }
  throw std::runtime_error("redis-server does not start; is it installed (Debian: redis-server)?");
}

RedisServer::~RedisServer() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RedisServer::stop() { process_.reset(); }

void RedisServer::start() { BOOST_REQUIRE(tryStart()); }

bool RedisServer::tryStart() {
  std::vector<std::string> command{
      "redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1", "--save",        "", "--appendonly", "no",
      "--dir",        folder_,  "--daemonize",         "no",     "--logfile", folder_ + "/log"};
  command.insert(command.end(), options_.begin(), options_.end());
  process_ = std::make_unique<Process>(command);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{patienceMs};
  while (process_->running() && std::chrono::steady_clock::now() < end) {
    const auto answer = ask({"PING"});
    if (answer == "PONG" || answer.starts_with("-NOAUTH")) {
      if (process_->running()) return true;  // it is ours that answered
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  process_.reset();
  return false;
}

std::string RedisServer::ask(const std::vector<std::string>& command) {
  const std::unique_ptr<redisContext, void (*)(redisContext*)> context{redisConnectWithTimeout("127.0.0.1", port_, commandTime),
                                                                       redisFree};
  if (!context || context->err) return "-CONNECT";
  redisSetTimeout(context.get(), commandTime);
  std::vector<const char*> parts;
  std::vector<std::size_t> sizes;
  for (const auto& part : command) {
    parts.push_back(part.data());
    sizes.push_back(part.size());
  }
  const std::unique_ptr<void, void (*)(void*)> raw{
      redisCommandArgv(context.get(), static_cast<int>(parts.size()), parts.data(), sizes.data()), freeReplyObject};
  if (!raw) return "-LOST";
  const auto& reply = *static_cast<const redisReply*>(raw.get());
  if (reply.type == REDIS_REPLY_INTEGER) return std::to_string(reply.integer);
  if (reply.type == REDIS_REPLY_NIL) return "(nil)";
  return (reply.type == REDIS_REPLY_ERROR ? "-" : "") + std::string(reply.str, reply.len);
}

Server::Server(std::function<void(int)> script) : script_{std::move(script)}, listener_{listening(port_)} {
  thread_ = std::thread{[this] { accept(); }};
}

Server::~Server() {
  {
    const std::lock_guard lock{mutex_};
    closing_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  for (auto& connection : connections_) connection.join();
  ::close(listener_);
}

void Server::accept() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard lock{mutex_};
    sockets_.push_back(socket);
    if (closing_) ::shutdown(socket, SHUT_RDWR);
    connections_.emplace_back([this, socket] {
      script_(socket);
      const std::lock_guard closing{mutex_};
      sockets_.remove(socket);
      ::close(socket);
    });
  }
}

bool sendAll(int socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto count = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

std::string readAll(int socket) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

TokenEndpoint::TokenEndpoint(bool stable) : stable_{stable}, server_{[this](int socket) { serve(socket); }} {}

TokenEndpoint::~TokenEndpoint() {
  const std::lock_guard lock{mutex_};
  closing_ = true;
  changed_.notify_all();
}

void TokenEndpoint::hold() {
  const std::lock_guard lock{mutex_};
  held_ = true;
}

void TokenEndpoint::release() {
  const std::lock_guard lock{mutex_};
  held_ = false;
  changed_.notify_all();
}

void TokenEndpoint::awaitRequests(int count) {
  std::unique_lock lock{mutex_};
  const auto came = changed_.wait_for(lock, std::chrono::milliseconds{patienceMs}, [&] { return requests_ >= count; });
  BOOST_REQUIRE_MESSAGE(came, "no request came");
}

void TokenEndpoint::serve(int socket) {
  std::string head;
  std::array<char, 1024> buffer;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) return;
    head.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const bool force = head.find("force=1") != std::string::npos;
  std::unique_lock lock{mutex_};
  ++requests_;
  if (force) ++forced_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return !held_ || closing_; });
  if (!stable_ || force || serial_ == 0) ++serial_;
  const auto body = "E" + std::to_string(serial_) + " 7200";
  lock.unlock();
  sendAll(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

}  // namespace tokens
