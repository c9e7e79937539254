#pragma once

#include <gateways/weixin_api/context.hpp>

#include <codec/multipart.hpp>

#include <string_view>
#include <vector>

namespace openapi::gateway::weixin_api {

/// The parts of a multipart body. Throws `Refused` 41005 when it is none.
[[nodiscard]] std::vector<codec::MultipartPart> uploadedParts(const Call& call);
/// The file called `name`. It needs a file name in ASCII: names in `filename*=` the platform does not see. Throws `Refused`
/// 41005.
[[nodiscard]] const codec::MultipartPart& uploadedFile(const std::vector<codec::MultipartPart>& parts, std::string_view name);

}  // namespace openapi::gateway::weixin_api
