#pragma once

#include <gateways/bmob/context.hpp>

#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

/// What a request's signature covers.
struct SignedParts {
  std::string_view path{};
  std::string_view timestamp{};
  std::string_view safeCode{};
  std::string_view nonce{};
  std::string_view body{};     ///< formula B only
  std::string_view version{};  ///< `X-Bmob-SDK-Version`; empty: formula A, without a body
};

/// Lower-case hex MD5 of the parts.
[[nodiscard]] std::string safeSign(const SignedParts& parts);

/// Checks `X-Bmob-Safe-Sign` and what belongs to it. `isFile`: the body is bytes, which SDKs sign in several forms.
/// Refuses with 401 another secret key, and with code 400 a wrong signature, a timestamp that is more than ten seconds away, and
/// a nonce that was there before.
void checkSignature(Context& context, const Request& request, bool isFile);

}  // namespace openapi::gateway::bmob
