#pragma once

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <openapi/error.hpp>
#include <random>
#include <string>
#include <string_view>

namespace unit {

/// The bytes of a file below `tests/`.
inline std::string readTestFile(const std::string& name) {
  std::ifstream file{std::string{OPENAPI_SOURCE_DIR} + "/tests/" + name, std::ios::binary};
  BOOST_REQUIRE_MESSAGE(file, "cannot open tests/" << name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The message of the `Error` with `code` that `action` throws; fails the test when it throws none.
template <class Action>
std::string messageOf(openapi::Errc code, Action action) {
  try {
    action();
  } catch (const openapi::Error& error) {
    BOOST_TEST(toString(error.errc()) == toString(code));
    BOOST_TEST(error.what() != std::string{});
    return error.what();
  }
  BOOST_ERROR("no error was thrown");
  return {};
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Calls `read` with every proper prefix of `text` and with `rounds` random mutations of it. Each call must return or throw
/// `Error`. Says how many were accepted.
template <class Read>
std::size_t acceptedDamage(const std::string& text, int rounds, Read read) {
  std::size_t accepted = 0;
  const auto attempt = [&](const std::string& damaged) {
    try {
      read(damaged);
      ++accepted;
    } catch (const openapi::Error& error) {
      BOOST_TEST(error.what() != std::string{});
    }
  };
  for (std::size_t size = 0; size < text.size(); ++size) attempt(text.substr(0, size));
  std::mt19937 random{20261121};
  for (int i = 0; i < rounds; ++i) {
    std::string damaged = text;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % damaged.size();
      switch (random() % 4) {
        case 0:
          damaged[at] = static_cast<char>(random());
          break;
        case 1:
          damaged[at] = "<>&;]![{}\"',:=%/"[random() % 16];
          break;
        case 2:
          damaged.erase(at, 1 + random() % 4);
          break;
        default:
          damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 12));
          break;
      }
      if (damaged.empty()) damaged = "x";
    }
    attempt(damaged);
  }
  return accepted;
}

}  // namespace unit
