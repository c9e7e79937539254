#pragma once

#include "async.hpp"
#include "progress.hpp"

#include <gateways/sandbox.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace demo {

/// What the tour of Bmob saw.
struct BmobSights {
  std::string user{};     ///< who registered
  std::string refused{};  ///< a wrong password
  std::vector<openapi::bmob::Row> best{};
  std::vector<std::string> tags{};      ///< a list after all writes to it
  std::size_t saved{};                  ///< of a batch
  std::vector<std::string> notSaved{};  ///< its other items
  std::string phone{};
  std::string code{};       ///< that the phone got
  std::string codeAgain{};  ///< how the second use of the code ended
  std::size_t captchaBytes{};
  std::string captchaAgain{};  ///< how the second use of the captcha ended
  std::size_t fileBytes{};
  std::string fileGone{};  ///< how the removal of a removed file ended
  std::vector<std::string> problems{};
};

/// A short tour of Bmob: a user, rows and queries, a batch, a code by SMS, a captcha, a file.
class BmobTour {
 public:
  BmobTour(openapi::Bmob& bmob, openapi::HttpOptions http, openapi::gateway::Sandbox& sandbox, Progress& progress);

  asio::awaitable<void> run();
  [[nodiscard]] const BmobSights& seen() const { return seen_; }

 private:
  asio::awaitable<void> user();
  asio::awaitable<void> rows();
  asio::awaitable<void> lists();
  asio::awaitable<void> batch();
  asio::awaitable<void> sms();
  asio::awaitable<void> captcha();
  asio::awaitable<void> file();
  asio::awaitable<std::string> download(std::string url);
  void expect(bool condition, const std::string& problem);
  openapi::Json control(std::string_view path);

  openapi::Bmob& bmob_;
  openapi::HttpOptions http_;
  openapi::gateway::Sandbox& sandbox_;
  Progress& progress_;
  std::string token_;  ///< of the user's session
  BmobSights seen_{};
};

/// The tour as a person reads it. Whether all was as it should be.
bool report(std::ostream& out, const BmobSights& sights);

}  // namespace demo
