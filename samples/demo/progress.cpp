#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace demo {

Progress::Progress(bool verbose) : terminal_{::isatty(STDOUT_FILENO) == 1}, verbose_{verbose} {}

void Progress::phase(std::string name, std::size_t steps) {
  endLine();
  name_ = std::move(name);
  steps_ = steps;
  done_ = 0;
  if (terminal_) {
    draw();
  } else {
    std::cout << name_ << std::endl;
  }
}

void Progress::step() {
  ++done_;
  if (terminal_) draw();
}

void Progress::note(const std::string& text) {
  if (!verbose_) return;
  if (open_) std::cout << "\r\033[K";
  std::cout << "  " << text << '\n';
  if (terminal_) draw();
}

void Progress::finish() {
  endLine();
  std::cout << std::flush;
}

void Progress::draw() {
  constexpr std::size_t width = 24;
  std::cout << "\r\033[K" << name_;
  if (steps_ > 0) {
    const auto filled = std::min(width, width * done_ / steps_);
    std::cout << "  [" << std::string(filled, '#') << std::string(width - filled, '.') << "] " << done_ << '/' << steps_;
  }
  std::cout << std::flush;
  open_ = true;
}

void Progress::endLine() {
  if (open_) std::cout << '\n';
  open_ = false;
}

}  // namespace demo
