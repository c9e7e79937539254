#pragma once

#include <openapi/weixin/file.hpp>
#include <openapi/weixin/service.hpp>

#include <vector>

namespace openapi::weixin {

/// An image by its address or by its bytes: exactly one of them.
struct ScanQRCodeRequest {
  std::optional<std::string> accessToken{};
  std::optional<std::string> imgUrl{};  ///< the platform fetches it
  std::optional<FileContent> img{};     ///< less than 2 MB
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ScanQRCodeRequest, (), (accessToken, imgUrl, img, extra))
using SuperresolutionRequest = ScanQRCodeRequest;

struct AiCropRequest {
  std::optional<std::string> accessToken{};
  std::optional<std::string> imgUrl{};
  std::optional<FileContent> img{};
  std::optional<std::string> ratios{};  ///< width over height of the results: `1,2.35`, at most five
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(AiCropRequest, (), (accessToken, imgUrl, img, ratios, extra))

/// Pixels from the upper left corner.
struct CropResult {
  std::int64_t cropLeft{};
  std::int64_t cropTop{};
  std::int64_t cropRight{};
  std::int64_t cropBottom{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CropResult, (), (cropLeft, cropTop, cropRight, cropBottom, extra))

struct ImgSize {
  std::int64_t w{};
  std::int64_t h{};
};
BOOST_DESCRIBE_STRUCT(ImgSize, (), (w, h))

struct AiCropResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::vector<CropResult> results{};
  std::optional<ImgSize> imgSize{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(AiCropResult, (), (errCode, errMsg, results, imgSize, extra))

struct ImgPoint {
  std::int64_t x{};
  std::int64_t y{};
};
BOOST_DESCRIBE_STRUCT(ImgPoint, (), (x, y))

struct CodePosition {
  ImgPoint leftTop{};
  ImgPoint rightTop{};
  ImgPoint rightBottom{};
  ImgPoint leftBottom{};
};
BOOST_DESCRIBE_STRUCT(CodePosition, (), (leftTop, rightTop, rightBottom, leftBottom))

struct CodeResult {
  std::string typeName{};  ///< `QR_CODE`, `EAN_13`, `CODE_128`, `DATAMATRIX`, `PDF417`, …
  std::string data{};
  std::optional<CodePosition> pos{};  ///< bar codes and PDF417 have none
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CodeResult, (), (typeName, data, pos, extra))

struct ScanQRCodeResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::vector<CodeResult> codeResults{};
  std::optional<ImgSize> imgSize{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ScanQRCodeResult, (), (errCode, errMsg, codeResults, imgSize, extra))

struct SuperresolutionResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string mediaId{};  ///< of the image with twice the size; for `customerServiceMessage.getTempMedia`, three days
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SuperresolutionResult, (), (errCode, errMsg, mediaId, extra))

/// Image processing. https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/aiCrop.html
class Img {
 public:
  explicit Img(SharedServices services) : services_{std::move(services)} {}

  Awaitable<AiCropResult> aiCrop(const AiCropRequest& request) const;
  Awaitable<ScanQRCodeResult> scanQRCode(const ScanQRCodeRequest& request) const;
  /// Doubles width and height. WeChat no longer offers it to new apps; its answer is handed over.
  Awaitable<SuperresolutionResult> superresolution(const SuperresolutionRequest& request) const;

  OPENAPI_NAMED_REQUEST(aiCrop, AiCropRequest);
  OPENAPI_NAMED_REQUEST(scanQRCode, ScanQRCodeRequest);
  OPENAPI_NAMED_REQUEST(superresolution, SuperresolutionRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
