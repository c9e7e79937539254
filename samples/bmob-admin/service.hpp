#pragma once

#include <samples/bmob-admin/input.hpp>
#include <samples/bmob-admin/users.hpp>

#include <functional>
#include <string>

namespace bmob_admin {

/// The routes of the service. Whatever goes wrong is an answer.
class Service {
 public:
  /// Takes one line, JSON, for each request: never a body, query, header or token.
  using Log = std::function<void(const std::string& line)>;

  /// `bmob` must outlive the service.
  Service(const openapi::Bmob& bmob, Rules rules, Origins origins, Log log)
      : users_{bmob, std::move(rules)}, origins_{std::move(origins)}, log_{std::move(log)} {}

  boost::asio::awaitable<Answer> answer(Request request) const;

 private:
  boost::asio::awaitable<Answer> safely(Request request) const;
  boost::asio::awaitable<Answer> dispatch(Request request) const;
  void logFailure(const std::string& what) const;

  Users users_;
  Origins origins_;
  Log log_;
};

}  // namespace bmob_admin
