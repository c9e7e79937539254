#include "world.hpp"

#include <samples/bmob-admin/service.hpp>

#include <openapi/bmob.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace asio = boost::asio;

namespace admin_test {
namespace {

constexpr std::chrono::seconds patience{60};

bmob_admin::Upstream upstreamAt(const std::string& url, std::int64_t timeout) {
  bmob_admin::Upstream upstream;
  upstream.config.baseUrl = url;
  upstream.config.applicationId = "2fcbbe7a1b8e4b3f8d1c";
  upstream.config.restApiKey = "c0ffee5f8d2b4e6a9c1d";
  upstream.config.masterKey = "5e6f7a8b9c0d1e2f3a4b";
  upstream.config.timeout = timeout;
  upstream.http.proxy = "";
  return upstream;
}

Json sortedJson(const Json& json) {
  if (json.object() != nullptr) {
    std::vector<openapi::Field> items{json.object()->begin(), json.object()->end()};
    std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    openapi::Fields fields;
    for (auto& [name, value] : items) fields.append(name, sortedJson(value));
    return fields;
  }
  if (json.array() == nullptr) return json;
  Json::Array array;
  for (const auto& item : *json.array()) array.push_back(sortedJson(item));
  return array;
}

}  // namespace

void Event::set() {
  {
    const std::lock_guard lock{mutex_};
    set_ = true;
  }
  changed_.notify_all();
}

void Event::wait() {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, patience, [this] { return set_; })) throw std::runtime_error{"it did not happen"};
}

class FakeBmob::Impl {
 public:
  explicit Impl(Handler handler)
      : handler_{std::move(handler)},
        server_{std::make_unique<gateway::HttpServer>(context_.get_executor(), 0, std::nullopt,
                                                      [this](const gateway::Request& request) { return answer(request); })},
        thread_{[this] { context_.run(); }} {}

  ~Impl() {
    context_.stop();
    thread_.join();
    server_.reset();
  }

  gateway::Reply answer(const gateway::Request& request) {
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back(request);
    }
    return handler_(request);
  }

  Handler handler_;
  asio::io_context context_{1};
  std::unique_ptr<gateway::HttpServer> server_;
  mutable std::mutex mutex_;
  std::vector<gateway::Request> requests_;
  std::thread thread_;
};

FakeBmob::FakeBmob(Handler handler) : impl_{std::make_unique<Impl>(std::move(handler))} {}
FakeBmob::FakeBmob(std::string body, int status)
    : FakeBmob{[body = std::move(body), status](const gateway::Request&) {
        return gateway::Reply{.status = status, .contentType = "application/json", .body = body};
      }} {}
FakeBmob::~FakeBmob() = default;

std::string FakeBmob::url() const { return impl_->server_->url(); }

std::vector<gateway::Request> FakeBmob::requests() const {
  const std::lock_guard lock{impl_->mutex_};
  return impl_->requests_;
}

gateway::Request FakeBmob::request() const {
  const auto all = requests();
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  return all.front();
}

class Admin::Impl {
 public:
  Impl(const bmob_admin::Upstream& upstream, Setup setup)
      : bmob_{context_.get_executor(), upstream.config, upstream.http},
        service_{bmob_, std::move(setup.rules), std::move(setup.origins), [this](const std::string& line) { note(line); }},
        server_{std::make_unique<bmob_admin::Server>(
            context_.get_executor(), "127.0.0.1", std::uint16_t{0}, setup.limits,
            [this](bmob_admin::Request request) { return service_.answer(std::move(request)); })},
        port_{server_->port()},
        thread_{[this] { run(); }} {}

  ~Impl() {
    asio::post(context_, [this] {
      server_->stop();
      server_->stop();
    });
    if (thread_.joinable()) thread_.join();
    server_.reset();
  }

  void run() {
    while (!server_->done()) context_.run_one();
  }

  void note(const std::string& line) {
    const std::lock_guard lock{mutex_};
    log_.push_back(line);
  }

  asio::io_context context_{1};
  openapi::Bmob bmob_;
  bmob_admin::Service service_;
  std::unique_ptr<bmob_admin::Server> server_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  std::vector<std::string> log_;
  std::thread thread_;
};

Admin::Admin(const std::string& bmobUrl, Setup setup) : Admin{upstreamAt(bmobUrl, setup.bmobTimeout), std::move(setup)} {}
Admin::Admin(const bmob_admin::Upstream& upstream, Setup setup) : impl_{std::make_unique<Impl>(upstream, std::move(setup))} {}
Admin::~Admin() = default;
std::uint16_t Admin::port() const { return impl_->port_; }

void Admin::stop() {
  std::promise<void> done;
  asio::post(impl_->context_, [&] {
    impl_->server_->stop();
    done.set_value();
  });
  done.get_future().wait();
}

void Admin::awaitEnd() { impl_->thread_.join(); }

std::vector<std::string> Admin::log() const {
  const std::lock_guard lock{impl_->mutex_};
  return impl_->log_;
}

Client::Client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  timeval time{.tv_sec = patience.count(), .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error{"cannot connect"};
  }
}

Client::~Client() { ::close(socket_); }

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error{"cannot send"};
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Client::finish() { ::shutdown(socket_, SHUT_WR); }

/// Reads some bytes; false at the end of the connection.
bool Client::more() {
  std::array<char, 16384> bytes{};
  const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error{"nothing came"};
  if (got <= 0) return false;
  pending_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

Response Client::read(bool head) {
  const auto need = [this](auto whole) {
    while (!whole()) {
      if (!more()) throw std::runtime_error{"the connection ended; it had: " + pending_};
    }
  };
  need([this] { return pending_.find("\r\n\r\n") != std::string::npos; });
  const auto end = pending_.find("\r\n\r\n");
  Response response;
  response.status = std::stoi(pending_.substr(9, 3));
  for (auto at = pending_.find("\r\n") + 2; at < end + 2;) {
    const auto line = pending_.substr(at, pending_.find("\r\n", at) - at);
    const auto colon = line.find(": ");
    response.headers.add(line.substr(0, colon), line.substr(colon + 2));
    at += line.size() + 2;
  }
  const auto length = response.headers.get("Content-Length");
  const std::size_t size = head || length.empty() ? 0 : std::stoul(std::string{length});
  need([&] { return pending_.size() >= end + 4 + size; });
  response.body = pending_.substr(end + 4, size);
  pending_.erase(0, end + 4 + size);
  return response;
}

std::string Client::readToEnd() {
  while (more()) {
  }
  return std::exchange(pending_, {});
}

std::string message(std::string_view method, std::string_view target, std::string_view headers, std::string_view body) {
  std::string out{method};
  out.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(headers);
  if (!body.empty()) out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return out.append("\r\n").append(body);
}

Response ask(const Admin& admin, const std::string& bytes) {
  Client client{admin.port()};
  client.send(bytes);
  return client.read(bytes.starts_with("HEAD "));
}

void requireJson(const Response& response, int status, std::string_view json) {
  BOOST_TEST(response.status == status);
  BOOST_TEST(response.headers.get("Content-Type") == "application/json; charset=utf-8");
  BOOST_TEST(sortedJson(response.json()).json() == sortedJson(Json::parse(json)).json());
}

void requireError(const Response& response, int status, std::int64_t code, std::string_view words) {
  BOOST_TEST_CONTEXT("answer: " << response.body) {
    BOOST_TEST(response.status == status);
    BOOST_TEST(response.headers.get("Content-Type") == "application/json; charset=utf-8");
    const auto body = response.json();
    BOOST_REQUIRE(body.find("code") != nullptr);
    BOOST_TEST(*body.find("code")->integer() == code);
    BOOST_TEST(body.find("error")->string()->find(words) != std::string::npos);
    BOOST_TEST(body.object()->size() == 2u);
  }
}

}  // namespace admin_test
