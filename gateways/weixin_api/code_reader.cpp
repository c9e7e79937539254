#define ZX_USE_UTF8 1
#include <gateways/weixin_api/code_reader.hpp>

#include <codec/text.hpp>

#include <ReadBarcode.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::uint8_t maxCodes = 32;
/// Above this the picture is made smaller first: reading takes seconds otherwise.
constexpr std::size_t maxPixels = 4'000'000;

using ZXing::BarcodeFormat;

std::string_view nameOf(BarcodeFormat format) {
  switch (format) {
    case BarcodeFormat::QRCode:
      return "QR_CODE";
    case BarcodeFormat::DataMatrix:
      return "DATAMATRIX";
    case BarcodeFormat::PDF417:
      return "PDF417";
    case BarcodeFormat::EAN13:
      return "EAN_13";
    case BarcodeFormat::EAN8:
      return "EAN_8";
    case BarcodeFormat::UPCA:
      return "UPC_A";
    case BarcodeFormat::UPCE:
      return "UPC_E";
    case BarcodeFormat::Code128:
      return "CODE_128";
    case BarcodeFormat::Code39:
      return "CODE_39";
    case BarcodeFormat::Code93:
      return "CODE_93";
    case BarcodeFormat::Codabar:
      return "CODABAR";
    case BarcodeFormat::ITF:
      return "ITF";
    default:
      return {};
  }
}

ZXing::DecodeHints hints() {
  ZXing::DecodeHints wanted;
  wanted.setFormats(BarcodeFormat::QRCode | BarcodeFormat::DataMatrix | BarcodeFormat::PDF417 | BarcodeFormat::EAN13 |
                    BarcodeFormat::EAN8 | BarcodeFormat::UPCA | BarcodeFormat::UPCE | BarcodeFormat::Code128 |
                    BarcodeFormat::Code39 | BarcodeFormat::Code93 | BarcodeFormat::Codabar | BarcodeFormat::ITF);
  wanted.setMaxNumberOfSymbols(maxCodes);
  return wanted;
}

std::array<CodePoint, 4> cornersOf(const ZXing::Position& position, int scale) {
  const auto point = [&](const ZXing::PointI& corner) { return CodePoint{corner.x * scale, corner.y * scale}; };
  return {point(position.topLeft()), point(position.topRight()), point(position.bottomRight()), point(position.bottomLeft())};
}

ReadCode described(const ZXing::Result& result, int scale) {
  ReadCode code{std::string{nameOf(result.format())}, result.text(), {}};
  if (result.format() == BarcodeFormat::QRCode || result.format() == BarcodeFormat::DataMatrix) {
    code.corners = cornersOf(result.position(), scale);
  }
  return code;
}

/// What the reader throws over an odd picture means that it found nothing.
ZXing::Results search(const GreyPicture& picture) {
  const ZXing::ImageView view{picture.pixels.data(), picture.width, picture.height, ZXing::ImageFormat::Lum};
  try {
    return ZXing::ReadBarcodes(view, hints());
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

std::vector<ReadCode> readCodes(GreyPicture picture) {
  int scale = 1;
  for (; picture.pixels.size() > maxPixels; scale *= 2) picture = picture.halved();
  std::vector<ReadCode> codes;
  for (const auto& result : search(picture)) {
    auto code = described(result, scale);
    if (result.isValid() && !code.typeName.empty() && codec::isUtf8(code.data)) codes.push_back(std::move(code));
  }
  return codes;
}

}  // namespace openapi::gateway::weixin_api
