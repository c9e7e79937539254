#pragma once

#include <openapi/weixin/open_data.hpp>

#include <chrono>
#include <string_view>

// Open data of mini programs: without clock and I/O.
namespace openapi::weixin {

/// Decrypts and reads. Padding that is wrong and a text that is no JSON are the same error, so that nobody learns which.
[[nodiscard]] DecryptOpenDataResult decryptOpenData(std::string_view appId, const DecryptOpenDataRequest& request,
                                                    std::chrono::system_clock::time_point now);

/// Throws `badSignature` when `signature` is not that of `rawData`.
void checkOpenData(const CheckOpenDataRequest& request);

}  // namespace openapi::weixin
