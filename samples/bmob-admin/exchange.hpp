#pragma once

#include <openapi/event.hpp>

#include <string>

namespace bmob_admin {

/// One HTTP request, whole.
struct Request {
  std::string method{};
  std::string target{};  ///< as sent: path and query, still encoded
  openapi::Headers headers{};
  std::string body{};
};

struct Answer {
  int status = 200;
  std::string contentType{};
  std::string body{};
  openapi::Headers headers{};
};

/// Thrown where a request cannot go on; `what` is the answer to it.
struct Refusal {
  Answer answer;
};

/// `{"code":…,"error":…}`, as Bmob says what is wrong.
[[nodiscard]] Answer errorAnswer(int status, std::int64_t code, const std::string& text);

/// An error of HTTP itself: the status is the code too.
[[nodiscard]] inline Answer errorAnswer(int status, const std::string& text) { return errorAnswer(status, status, text); }

}  // namespace bmob_admin
