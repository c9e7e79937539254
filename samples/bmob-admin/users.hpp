#pragma once

#include <samples/bmob-admin/exchange.hpp>
#include <samples/bmob-admin/target.hpp>

#include <openapi/bmob.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace bmob_admin {

/// Who may do what, besides what Bmob itself allows the owner of a session.
struct Rules {
  std::vector<std::string> admins{};  ///< ids of users who may change and remove every user; needs the master key
  bool keepSessionKeys = false;       ///< users keep the `session_key` and `sk` of their `authData`; lists need the master key
};

/// A request that has found its route.
struct Call {
  Request request;
  Target target;
};

/// The users of one Bmob application, as the routes of the document. Each call takes the caller's session token from its own
/// request, and nothing is kept for the next one.
class Users {
 public:
  Users(const openapi::Bmob& bmob, Rules rules) : bmob_{&bmob}, rules_{std::move(rules)} {}

  boost::asio::awaitable<Answer> login(Call call) const;
  boost::asio::awaitable<Answer> signUp(Call call) const;
  boost::asio::awaitable<Answer> list(Call call) const;
  boost::asio::awaitable<Answer> get(Call call) const;
  boost::asio::awaitable<Answer> update(Call call) const;
  boost::asio::awaitable<Answer> remove(Call call) const;

 private:
  boost::asio::awaitable<bool> isAdmin(std::string sessionToken) const;
  template <class Change>
  boost::asio::awaitable<Change> authorized(Change change, std::string sessionToken) const;

  const openapi::Bmob* bmob_;
  Rules rules_;
};

}  // namespace bmob_admin
