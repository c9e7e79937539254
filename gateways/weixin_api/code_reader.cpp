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
/// Above this a blurred code may be read only after the picture was made smaller.
constexpr int smallEnough = 500;

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

ZXing::DecodeHints hints(ZXing::BarcodeFormats formats) {
  ZXing::DecodeHints wanted;
  wanted.setFormats(formats);
  wanted.setMaxNumberOfSymbols(maxCodes);
  // ZXing 1.4 stops the program when it finds a bar code in two of its own sizes.
  wanted.setTryDownscale(false);
  return wanted;
}

/// A part of the picture, and where its upper left corner lies there.
struct Part {
  ZXing::ImageView view;
  int left = 0;
  int top = 0;
};

Part whole(const GreyPicture& picture) {
  return {{picture.pixels.data(), picture.width, picture.height, ZXing::ImageFormat::Lum}};
}

/// The largest part whose middle is this row, or column.
Part around(const GreyPicture& picture, int middle, bool row) {
  const auto all = whole(picture);
  const int reach = std::min(middle, (row ? picture.height : picture.width) - middle);
  if (row) return {all.view.cropped(0, middle - reach, picture.width, 2 * reach), 0, middle - reach};
  return {all.view.cropped(middle - reach, 0, 2 * reach, picture.height), middle - reach, 0};
}

ReadCode described(const ZXing::Result& result, const Part& part) {
  ReadCode code{std::string{nameOf(result.format())}, result.text(), {}};
  if (result.format() == BarcodeFormat::QRCode || result.format() == BarcodeFormat::DataMatrix) {
    const auto& at = result.position();
    const auto point = [&](const ZXing::PointI& corner) { return CodePoint{part.left + corner.x, part.top + corner.y}; };
    code.corners = {point(at.topLeft()), point(at.topRight()), point(at.bottomRight()), point(at.bottomLeft())};
  }
  return code;
}

/// What the reader throws over an odd picture means that it found nothing.
std::vector<ReadCode> search(const Part& part, ZXing::BarcodeFormats formats) {
  std::vector<ReadCode> codes;
  try {
    for (const auto& result : ZXing::ReadBarcodes(part.view, hints(formats))) {
      auto code = described(result, part);
      if (result.isValid() && !code.typeName.empty() && codec::isUtf8(code.data)) codes.push_back(std::move(code));
    }
  } catch (const std::exception&) {
    return {};
  }
  return codes;
}

bool holds(const std::vector<ReadCode>& codes, const ReadCode& code) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](const ReadCode& known) { return known.typeName == code.typeName && known.data == code.data; });
}

/// Adds the codes of the smaller picture that are not known yet.
void addNew(std::vector<ReadCode>& codes, std::vector<ReadCode> more, int scale) {
  std::erase_if(more, [&](const ReadCode& code) { return holds(codes, code); });
  for (auto& code : more) {
    if (code.corners) {
      for (auto& corner : *code.corners) corner = {corner.x * scale, corner.y * scale};
    }
    codes.push_back(std::move(code));
  }
}

/// The reader finds a Data Matrix only across the middle of a picture: every few lines are the middle once.
void addDataMatrix(std::vector<ReadCode>& codes, const GreyPicture& picture, int scale) {
  for (const bool row : {true, false}) {
    const int length = row ? picture.height : picture.width;
    const int step = std::max(16, length / 32);
    for (int middle = step; middle < length - 8; middle += step) {
      addNew(codes, search(around(picture, middle, row), BarcodeFormat::DataMatrix), scale);
    }
  }
}

}  // namespace

std::vector<ReadCode> readCodes(GreyPicture picture) {
  const auto all = BarcodeFormat::QRCode | BarcodeFormat::DataMatrix | BarcodeFormat::PDF417 | BarcodeFormat::EAN13 |
                   BarcodeFormat::EAN8 | BarcodeFormat::UPCA | BarcodeFormat::UPCE | BarcodeFormat::Code128 |
                   BarcodeFormat::Code39 | BarcodeFormat::Code93 | BarcodeFormat::Codabar | BarcodeFormat::ITF;
  std::vector<ReadCode> codes;
  bool looked = false;
  for (int scale = 1;; scale *= 2) {
    if (picture.pixels.size() <= maxPixels) addNew(codes, search(whole(picture), all), scale);
    if (!looked && picture.pixels.size() <= maxPixels / 4) {
      addDataMatrix(codes, picture, scale);
      looked = true;
    }
    const bool small = std::min(picture.width, picture.height) <= smallEnough && looked;
    if (small) break;
    picture = picture.halved();
  }
  if (codes.size() > maxCodes) codes.resize(maxCodes);
  return codes;
}

}  // namespace openapi::gateway::weixin_api
