#pragma once

#include <boost/test/unit_test.hpp>

#include <samples/bmob-admin/input.hpp>
#include <samples/bmob-admin/options.hpp>
#include <samples/bmob-admin/server.hpp>
#include <samples/bmob-admin/users.hpp>

#include <gateways/http_server.hpp>

#include <openapi/json.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

// The admin service between a client that writes bytes and a Bmob that says what the test wants.
namespace admin_test {

using openapi::Headers;
using openapi::Json;
namespace gateway = openapi::gateway;

/// Something that happens once, for threads that wait for it.
class Event {
 public:
  void set();
  /// Fails the test when it does not happen.
  void wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

/// Plays Bmob, on a thread of its own.
class FakeBmob {
 public:
  using Handler = std::function<gateway::Reply(const gateway::Request&)>;

  explicit FakeBmob(Handler handler);
  /// Answers everything with `body`.
  explicit FakeBmob(std::string body, int status = 200);
  ~FakeBmob();
  FakeBmob(const FakeBmob&) = delete;
  FakeBmob& operator=(const FakeBmob&) = delete;

  [[nodiscard]] std::string url() const;
  /// What came in, in its order.
  [[nodiscard]] std::vector<gateway::Request> requests() const;
  /// The only one that came in.
  [[nodiscard]] gateway::Request request() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Setup {
  bmob_admin::Limits limits{};
  bmob_admin::Rules rules{};
  bmob_admin::Origins origins{};
  std::int64_t bmobTimeout = 20'000;  ///< milliseconds
};

/// The service, on a thread of its own.
class Admin {
 public:
  /// In front of a Bmob that speaks plain HTTP, with keys that are good for nothing.
  explicit Admin(const std::string& bmobUrl, Setup setup = {});
  Admin(const bmob_admin::Upstream& upstream, Setup setup);
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// As a signal does it; returns at once.
  void stop();
  /// Returns when nothing is under way any more.
  void awaitEnd();
  [[nodiscard]] std::vector<std::string> log() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Response {
  int status = 0;
  Headers headers{};
  std::string body{};

  [[nodiscard]] Json json() const { return Json::parse(body); }
};

/// One connection of a client that can say anything. Whatever takes longer than a minute throws.
class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes);
  /// No more will be sent.
  void finish();
  /// The next answer; throws when the connection ends before it is whole. `head`: an answer without a body.
  [[nodiscard]] Response read(bool head = false);
  /// Everything up to the end of the connection.
  [[nodiscard]] std::string readToEnd();

 private:
  bool more();

  int socket_;
  std::string pending_;
};

/// A request as bytes, with Host and Content-Length. `headers`: whole lines, each with its `\r\n`.
[[nodiscard]] std::string message(std::string_view method, std::string_view target, std::string_view headers = {},
                                  std::string_view body = {});
[[nodiscard]] inline std::string form(std::string_view method, std::string_view target, std::string_view body,
                                      const std::string& headers = {}) {
  return message(method, target, "Content-Type: application/x-www-form-urlencoded\r\n" + headers, body);
}

/// The answer to a request on a connection of its own.
Response ask(const Admin& admin, const std::string& bytes);

/// The status and the members of an answer.
void requireJson(const Response& response, int status, std::string_view json);
void requireError(const Response& response, int status, std::int64_t code, std::string_view words);

}  // namespace admin_test
