#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

// Codes that open the mini program; the bodies are JSON.
[[nodiscard]] Reply createQrCode(Context& context, const Call& call);      ///< `/cgi-bin/wxaapp/createwxaqrcode`
[[nodiscard]] Reply getCode(Context& context, const Call& call);           ///< `/wxa/getwxacode`
[[nodiscard]] Reply getUnlimitedCode(Context& context, const Call& call);  ///< `/wxa/getwxacodeunlimit`

// Image processing; the body is multipart, or empty when the query has `img_url`.
[[nodiscard]] Reply cropImage(Context& context, const Call& call);     ///< `/cv/img/aicrop`
[[nodiscard]] Reply scanCodes(Context& context, const Call& call);     ///< `/cv/img/qrcode`
[[nodiscard]] Reply enlargeImage(Context& context, const Call& call);  ///< `/cv/img/superresolution`

/// Control route: what the platform will find at `url`, as `base64`. Throws `ControlError`.
Json registerImage(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
