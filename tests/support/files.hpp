#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace openapi::test {

inline std::string sourcePath(const std::string& name) { return std::string{OPENAPI_SOURCE_DIR} + "/" + name; }

inline std::string readFile(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"cannot read " + path.string()};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace openapi::test
