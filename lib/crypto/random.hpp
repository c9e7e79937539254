#pragma once

#include <cstddef>
#include <string>

namespace openapi::crypto {

/// `length` letters and digits from the system's cryptographic random source, each equally likely.
[[nodiscard]] std::string randomText(std::size_t length);

}  // namespace openapi::crypto
