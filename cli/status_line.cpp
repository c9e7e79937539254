#include <cli/status_line.hpp>

#include <cli/files.hpp>
#include <cli/printable.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>

namespace openapi::cli {
namespace {

constexpr std::chrono::milliseconds interval{100};
constexpr std::size_t usualColumns = 80;

bool isTerminal() {
  const char* kind = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nothing changes the environment
  return ::isatty(STDERR_FILENO) == 1 && (kind == nullptr || std::string_view{kind} != "dumb");
}

std::size_t terminalColumns() {
  struct winsize size {};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usualColumns;
}

}  // namespace

StatusLine::StatusLine(std::function<std::string()> text) : text_{std::move(text)}, terminal_{isTerminal()} {
  if (terminal_) drawer_ = std::thread{[this] { drawRepeatedly(); }};
}

StatusLine::~StatusLine() {
  if (!terminal_) return;
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }
  changed_.notify_one();
  drawer_.join();
  erase();
}

void StatusLine::log(std::string_view line) {
  const std::lock_guard lock{mutex_};
  erase();
  std::cerr << std::string{line} + "\n" << std::flush;
}

void StatusLine::print(std::string_view line) {
  const std::lock_guard lock{mutex_};
  erase();
  writeOutput(std::string{line} + "\n");
}

void StatusLine::redraw() {
  // The last column stays free: a terminal would go on to the next line.
  std::cerr << "\r\x1b[K" + clipped(text_(), terminalColumns() - 1) << std::flush;
  drawn_ = true;
}

void StatusLine::erase() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

void StatusLine::drawRepeatedly() {
  std::unique_lock lock{mutex_};
  while (!ended_) {
    redraw();
    changed_.wait_for(lock, interval, [this] { return ended_; });
  }
}

std::string progressBar(std::uint64_t done, std::uint64_t total, std::size_t parts) {
  const auto filled = total == 0 ? 0 : static_cast<std::size_t>(done * parts / total);
  return "[" + std::string(filled, '#') + std::string(parts - filled, '-') + "]";
}

std::string shownBytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> units{"B", "KB", "MB", "GB", "TB"};
  constexpr std::uint64_t step = 1000;
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  for (; tenths >= step * 10 && unit + 1 < units.size(); ++unit) tenths /= step;
  auto text = std::to_string(tenths / 10);
  if (unit > 0) text += "." + std::to_string(tenths % 10);
  return text + " " + std::string{units.at(unit)};
}

}  // namespace openapi::cli
