#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <openapi/error.hpp>
#include <string_view>

namespace fuzz {

/// Stops the program, so that the fuzzer keeps the input.
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

inline std::string_view textOf(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

/// Whether `action` returns; it may throw `Error` with `code` and nothing else.
template <class Action>
bool accepts(openapi::Errc code, Action action) {
  try {
    action();
    return true;
  } catch (const openapi::Error& error) {
    require(error.errc() == code, "another kind of error");
    require(std::string_view{error.what()}.size() < 500, "a message without end");
    for (const char c : std::string_view{error.what()}) require(c >= 0x20 && c <= 0x7E, "raw bytes in a message");
    return false;
  }
}

}  // namespace fuzz
