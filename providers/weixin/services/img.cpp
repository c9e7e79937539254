#include <check.hpp>
#include <codec/ascii.hpp>
#include <weixin/services/services.hpp>

#include <algorithm>

namespace openapi::weixin {

namespace {

constexpr std::size_t maxImageBytes = 2 * 1024 * 1024 - 1;

// Sent by POST, and paid for by the call.
constexpr ServiceOperation aiCropOperation{"img.aiCrop", Verb::post, "/cv/img/aicrop"};
constexpr ServiceOperation scanQRCodeOperation{"img.scanQRCode", Verb::post, "/cv/img/qrcode"};
constexpr ServiceOperation superresolutionOperation{"img.superresolution", Verb::post, "/cv/img/superresolution"};

void checkRatios(const std::string& ratios) {
  const auto fits = [](char c) { return codec::isDigit(c) || c == '.' || c == ','; };
  const bool wellFormed = !ratios.empty() && ratios.size() <= 64 && std::all_of(ratios.begin(), ratios.end(), fits) &&
                          std::count(ratios.begin(), ratios.end(), ',') < 5;
  if (!wellFormed) check::invalid("ratios", "must be one to five numbers with commas between them: 1,2.35");
}

/// The image goes up as a file, or its address in the query.
template <class Request>
ServiceCall imageCall(const Request& request, std::vector<std::pair<std::string, std::string>> fields) {
  if (request.img && request.imgUrl) check::invalid("imgUrl", "give either imgUrl or img");
  if (!request.img && !request.imgUrl) check::invalid("imgUrl", "required, or img");
  ServiceCall call;
  call.accessToken = request.accessToken;
  call.query = extraQuery(request.extra);
  if (request.img) {
    checkFile("img", *request.img, maxImageBytes);
    call.upload = Upload{"img", *request.img, std::move(fields)};
  } else {
    check::url("imgUrl", *request.imgUrl, 2048);
    call.query.emplace(call.query.begin(), "img_url", *request.imgUrl);
    call.query.insert(call.query.end(), fields.begin(), fields.end());
  }
  return call;
}

ServiceCall cropCall(const ServiceOperation&, const AiCropRequest& request) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (request.ratios) {
    checkRatios(*request.ratios);
    fields.emplace_back("ratios", *request.ratios);
  }
  return imageCall(request, std::move(fields));
}

ServiceCall plainCall(const ServiceOperation&, const ScanQRCodeRequest& request) { return imageCall(request, {}); }

SuperresolutionResult mediaIn(const ServiceAnswer& answer) {
  auto result = resultOf<SuperresolutionResult>(answer);
  requirePresent("media_id", result.mediaId);
  return result;
}

}  // namespace

Awaitable<AiCropResult> Img::aiCrop(const AiCropRequest& request) const {
  return perform(services_, &aiCropOperation, request, cropCall, resultOf<AiCropResult>);
}

Awaitable<ScanQRCodeResult> Img::scanQRCode(const ScanQRCodeRequest& request) const {
  return perform(services_, &scanQRCodeOperation, request, plainCall, resultOf<ScanQRCodeResult>);
}

Awaitable<SuperresolutionResult> Img::superresolution(const SuperresolutionRequest& request) const {
  return perform(services_, &superresolutionOperation, request, plainCall, mediaIn);
}

}  // namespace openapi::weixin
