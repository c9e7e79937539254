#pragma once

#include <cstddef>
#include <string>

namespace demo {

/// What is going on: one line that changes on a terminal, one line for each phase elsewhere.
class Progress {
 public:
  explicit Progress(bool verbose);
  void phase(std::string name, std::size_t steps = 0);
  void step();
  /// A detail, shown with `--verbose`.
  void note(const std::string& text);
  void finish();

 private:
  void draw();
  void endLine();

  bool terminal_;
  bool verbose_;
  bool open_ = false;  ///< the line on the terminal is not ended
  std::string name_;
  std::size_t steps_ = 0;
  std::size_t done_ = 0;
};

}  // namespace demo
