#pragma once

#include <fstream>
#include <string>

namespace bench {

/// The most memory that this process has had resident.
inline double peakMiB() {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  while (status >> word && word != "VmHWM:") continue;
  double kibibytes = 0;
  status >> kibibytes;
  return kibibytes / 1024;
}

}  // namespace bench
