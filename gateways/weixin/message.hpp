#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace openapi::gateway::weixin {

/// The elements of one XML message, in the order in which they are sent.
using Message = std::vector<std::pair<std::string, std::string>>;

enum class SignType { md5, hmacSha256 };

/// The signature of `fields`: those named `sign` and the empty ones are left out.
[[nodiscard]] std::string sign(std::span<const std::pair<std::string, std::string>> fields, const std::string& key,
                               SignType type);

/// Adds `nonce_str` and `sign`.
[[nodiscard]] Message withSignature(Message message, const std::string& key, SignType type);

/// The key of `req_info`: the MD5 of the API key as 32 lower-case letters and digits.
[[nodiscard]] std::string refundKey(const std::string& key);

}  // namespace openapi::gateway::weixin
