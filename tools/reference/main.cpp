// Makes docs/reference.md and docs/reference.zh.md from the described structs, the comments in the public headers and the
// tables in this folder. usage: openapi_reference ROOT OUT_DIR
#include "page.hpp"

#include <exception>
#include <fstream>
#include <iostream>

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out{file, std::ios::binary};
  out << text;
  if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: openapi_reference ROOT OUT_DIR\n";
    return 2;
  }
  reference::Texts texts{argv[1]};
  const std::filesystem::path folder{argv[2]};
  const auto providers = openapi::cli::providers();
  std::filesystem::create_directories(folder);
  write(folder / "reference.md", page(texts, providers, reference::Language::english));
  write(folder / "reference.zh.md", page(texts, providers, reference::Language::chinese));
  texts.requireAllUsed();
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
