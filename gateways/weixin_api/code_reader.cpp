#define ZX_USE_UTF8 1
#include <gateways/weixin_api/code_reader.hpp>

#include <codec/text.hpp>

#include <ReadBarcode.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::uint8_t maxCodes = 32;
/// Above this the picture is made smaller first: reading takes seconds otherwise.
constexpr std::size_t maxPixels = 4'000'000;
/// Above this a blurred code may be read only after the picture was made smaller.
constexpr int smallEnough = 500;
constexpr int bandHeight = 32;
constexpr int maxCodesInBand = 8;

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

constexpr auto bars = BarcodeFormat::EAN13 | BarcodeFormat::EAN8 | BarcodeFormat::UPCA | BarcodeFormat::UPCE |
                      BarcodeFormat::Code128 | BarcodeFormat::Code39 | BarcodeFormat::Code93 | BarcodeFormat::Codabar |
                      BarcodeFormat::ITF;
constexpr auto squares = BarcodeFormat::QRCode | BarcodeFormat::DataMatrix | BarcodeFormat::PDF417;

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
ZXing::Results read(const ZXing::ImageView& view, const ZXing::DecodeHints& hints) {
  try {
    auto results = ZXing::ReadBarcodes(view, hints);
    std::erase_if(results, [](const ZXing::Result& result) {
      return !result.isValid() || nameOf(result.format()).empty() || !codec::isUtf8(result.text());
    });
    return results;
  } catch (const std::exception&) {
    return {};
  }
}

std::vector<ReadCode> search(const Part& part, ZXing::BarcodeFormats formats) {
  ZXing::DecodeHints hints;
  hints.setFormats(formats).setMaxNumberOfSymbols(maxCodes).setTryDownscale(false);
  std::vector<ReadCode> codes;
  for (const auto& result : read(part.view, hints)) codes.push_back(described(result, part));
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

GreyPicture turned(const GreyPicture& picture) {
  GreyPicture result{picture.height, picture.width, {}};
  result.pixels.reserve(picture.pixels.size());
  const auto width = static_cast<std::size_t>(picture.width);
  for (std::size_t x = 0; x != width; ++x) {
    for (std::size_t at = x; at < picture.pixels.size(); at += width) result.pixels.push_back(picture.pixels[at]);
  }
  return result;
}

void whiten(GreyPicture& picture, int left, int right, int top, int bottom) {
  for (int y = top; y != bottom; ++y) {
    const auto row = picture.pixels.begin() + std::ptrdiff_t{y} * picture.width;
    std::fill(row + std::max(0, left), row + std::min(picture.width, right + 1), std::uint8_t{255});
  }
}

/// Upright bar codes, in bands of the picture and one at a time: ZXing 1.4 stops the program when it finds the same bar code
/// twice.
void addUprightBars(std::vector<ReadCode>& codes, GreyPicture picture) {
  ZXing::DecodeHints hints;
  hints.setFormats(bars).setMaxNumberOfSymbols(1).setTryDownscale(false).setTryRotate(false);
  for (int top = 0; top < picture.height; top += bandHeight) {
    const int bottom = std::min(picture.height, top + bandHeight);
    for (int round = 0; round != maxCodesInBand; ++round) {
      const auto band = whole(picture).view.cropped(0, top, picture.width, bottom - top);
      const auto results = read(band, hints);
      if (results.empty()) break;
      addNew(codes, {described(results.front(), {band})}, 1);
      const auto& at = results.front().position();
      whiten(picture, std::min(at.topLeft().x, at.topRight().x), std::max(at.topLeft().x, at.topRight().x), top, bottom);
    }
  }
}

}  // namespace

std::vector<ReadCode> readCodes(GreyPicture picture) {
  std::vector<ReadCode> codes;
  bool looked = false;
  for (int scale = 1;; scale *= 2) {
    if (picture.pixels.size() <= maxPixels) {
      addNew(codes, search(whole(picture), squares), scale);
      addUprightBars(codes, picture);
      addUprightBars(codes, turned(picture));
    }
    if (!looked && picture.pixels.size() <= maxPixels / 4) {
      addDataMatrix(codes, picture, scale);
      looked = true;
    }
    const bool small = std::min(picture.width, picture.height) <= smallEnough;
    if (small && looked) break;
    picture = picture.halved();
  }
  if (codes.size() > maxCodes) codes.resize(maxCodes);
  return codes;
}

}  // namespace openapi::gateway::weixin_api
