#pragma once

#include "async.hpp"
#include "progress.hpp"

#include <gateways/sandbox.hpp>

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace demo {

/// What the tour saw.
struct Sights {
  std::string openid{};
  std::string phone{};
  std::int64_t tokenSeconds{};
  std::string renewed{};             ///< how the first call after the end of all tokens ended
  std::filesystem::path codeFile{};  ///< a mini-program code on disk
  std::string codeSays{};            ///< what WeChat reads in it
  std::string date{};
  openapi::weixin::VisitTrend visits{};
  std::vector<openapi::weixin::VisitPage> pages{};
  std::vector<std::string> problems{};
};

/// A short tour of the mini program's services: login, token, a code on disk, yesterday's visits.
class Tour {
 public:
  Tour(openapi::Weixin& weixin, openapi::gateway::Sandbox& sandbox, Progress& progress);

  asio::awaitable<void> run();
  [[nodiscard]] const Sights& seen() const { return seen_; }

 private:
  asio::awaitable<void> login();
  asio::awaitable<void> tokens();
  asio::awaitable<void> codeOnDisk();
  asio::awaitable<void> visits();
  void expect(bool condition, const std::string& problem);
  openapi::Json control(std::string_view path, openapi::Fields input);

  openapi::Weixin& weixin_;
  openapi::gateway::Sandbox& sandbox_;
  Progress& progress_;
  Sights seen_{};
};

/// The tour as a person reads it. Whether all was as it should be.
bool report(std::ostream& out, const Sights& sights);

}  // namespace demo
