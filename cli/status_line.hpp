#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace openapi::cli {

/// What a long command says on standard error: on a terminal a line at its end that is redrawn ten times a second and gone at the
/// end, elsewhere nothing but log lines. Used by any number of threads.
class StatusLine {
 public:
  /// `text` gives the line, printable; it is called from a thread of its own.
  explicit StatusLine(std::function<std::string()> text);
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine();

  [[nodiscard]] bool onTerminal() const { return terminal_; }
  /// A line to standard error that stays, above the status line.
  void log(std::string_view line);
  /// The same to standard output. Throws `FileError`.
  void print(std::string_view line);

 private:
  void redraw();
  void erase();
  void drawRepeatedly();

  std::function<std::string()> text_;
  bool terminal_;
  bool drawn_ = false;
  bool ended_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread drawer_;
};

/// `[######----]`, of so many parts.
[[nodiscard]] std::string progressBar(std::uint64_t done, std::uint64_t total, std::size_t parts = 20);
/// `12.3 MB`
[[nodiscard]] std::string shownBytes(std::uint64_t bytes);

}  // namespace openapi::cli
