#pragma once

#include <openapi/bytes.hpp>
#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

struct CreateQRCodeRequest {
  std::optional<std::string> accessToken{};
  std::string path{};                   ///< page with parameters, 1 to 128 bytes
  std::optional<std::int64_t> width{};  ///< pixels, 280 to 1280; default 430
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CreateQRCodeRequest, (), (accessToken, path, width, extra))

/// Each 0 to 255.
struct LineColor {
  std::int64_t r{};
  std::int64_t g{};
  std::int64_t b{};
};
BOOST_DESCRIBE_STRUCT(LineColor, (), (r, g, b))

struct GetRequest {
  std::optional<std::string> accessToken{};
  std::string path{};                       ///< page with parameters, 1 to 1024 bytes
  std::optional<std::int64_t> width{};      ///< pixels, 280 to 1280; default 430
  std::optional<bool> autoColor{};          ///< the platform chooses the colour
  std::optional<LineColor> lineColor{};     ///< without `autoColor`; default black
  std::optional<bool> isHyaline{};          ///< transparent ground; the image is then a PNG
  std::optional<std::string> envVersion{};  ///< `release` (default), `trial`, `develop`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetRequest, (), (accessToken, path, width, autoColor, lineColor, isHyaline, envVersion, extra))

struct GetUnlimitedRequest {
  std::optional<std::string> accessToken{};
  std::string scene{};                ///< 1 to 32 of letters, digits and `!#$&'()*+,/:;=?@-._~`
  std::optional<std::string> page{};  ///< without leading `/` and without parameters; default: the home page
  std::optional<bool> checkPath{};    ///< whether `page` must exist in the published version; default true
  std::optional<std::string> envVersion{};
  std::optional<std::int64_t> width{};
  std::optional<bool> autoColor{};
  std::optional<LineColor> lineColor{};
  std::optional<bool> isHyaline{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetUnlimitedRequest, (),
                      (accessToken, scene, page, checkPath, envVersion, width, autoColor, lineColor, isHyaline, extra))

struct CodeImageResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string contentType{};  ///< `image/jpeg`, `image/png`
  Bytes buffer{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CodeImageResult, (), (errCode, errMsg, contentType, buffer, extra))
using CreateQRCodeResult = CodeImageResult;
using GetResult = CodeImageResult;
using GetUnlimitedResult = CodeImageResult;

/// Codes that open a page of the mini program. `createQRCode` and `get` share 100,000 for the life of an app.
/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html
class Wxacode {
 public:
  explicit Wxacode(SharedServices services) : services_{std::move(services)} {}

  /// A square QR code, for ever, of a limited number. An attempt that fails may have used one up.
  Awaitable<CreateQRCodeResult> createQRCode(const CreateQRCodeRequest& request) const;
  /// A mini-program code, for ever, of a limited number.
  Awaitable<GetResult> get(const GetRequest& request) const;
  /// A mini-program code, for ever, as many as you like.
  Awaitable<GetUnlimitedResult> getUnlimited(const GetUnlimitedRequest& request) const;

  OPENAPI_NAMED_REQUEST(createQRCode, CreateQRCodeRequest);
  OPENAPI_NAMED_REQUEST(get, GetRequest);
  OPENAPI_NAMED_REQUEST(getUnlimited, GetUnlimitedRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
