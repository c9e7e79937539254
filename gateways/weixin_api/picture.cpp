#include <gateways/weixin_api/picture.hpp>

#include <gd.h>
#include <zlib.h>

#include <algorithm>
#include <cstdarg>
#include <stdexcept>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::size_t maxScans = 100;
constexpr int jpegQuality = 92;
constexpr int fastPng = 3;

using namespace std::string_view_literals;

std::size_t byteAt(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::int64_t bigEndian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i != count; ++i) value = value * 256 + static_cast<std::int64_t>(byteAt(bytes, at + i));
  return value;
}

/// Whether every chunk up to the end is there and undamaged; libpng would complain on the standard error stream.
bool isWholePng(std::string_view bytes) {
  std::size_t at = 8;
  while (bytes.size() - at >= 12) {
    const auto length = static_cast<std::size_t>(bigEndian(bytes, at, 4));
    if (length > bytes.size() - at - 12) return false;
    const auto content = bytes.substr(at + 4, length + 4);
    const auto sum = crc32_z(0, reinterpret_cast<const unsigned char*>(content.data()), content.size());
    if (static_cast<std::int64_t>(sum) != bigEndian(bytes, at + 8 + length, 4)) return false;
    if (content.starts_with("IEND"sv)) return true;
    at += 12 + length;
  }
  return false;
}

std::optional<PictureHeader> pngHeader(std::string_view bytes) {
  if (bytes.size() < 33 || bytes.substr(8, 8) != "\0\0\0\rIHDR"sv || !isWholePng(bytes)) return std::nullopt;
  return PictureHeader{PictureFormat::png, bigEndian(bytes, 16, 4), bigEndian(bytes, 20, 4)};
}

std::optional<PictureHeader> gifHeader(std::string_view bytes) {
  if (bytes.size() < 13) return std::nullopt;
  const auto number = [&](std::size_t at) { return static_cast<std::int64_t>(byteAt(bytes, at) + 256 * byteAt(bytes, at + 1)); };
  return PictureHeader{PictureFormat::gif, number(6), number(8)};
}

/// Whether it is decoded in so many passes over the whole image that this takes long.
bool hasManyScans(std::string_view bytes) {
  std::size_t count = 0;
  for (auto at = bytes.find("\xFF\xDA"sv); at != std::string_view::npos; at = bytes.find("\xFF\xDA"sv, at + 2)) ++count;
  return count > maxScans;
}

/// Whether the end of the image follows its last scan; libgd takes what is missing for grey.
bool isWholeJpeg(std::string_view bytes) {
  const auto end = bytes.rfind("\xFF\xD9"sv);
  const auto scan = bytes.rfind("\xFF\xDA"sv);
  return end != std::string_view::npos && scan != std::string_view::npos && end > scan;
}

std::optional<PictureHeader> jpegHeader(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && byteAt(bytes, at) == 0xFF) {
    const auto marker = byteAt(bytes, at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    const bool segment = frame || marker == 0xC4 || marker == 0xCC || marker >= 0xDB;
    if (!segment) return std::nullopt;
    if (frame) {
      if (at + 9 > bytes.size() || hasManyScans(bytes) || !isWholeJpeg(bytes)) return std::nullopt;
      return PictureHeader{PictureFormat::jpeg, bigEndian(bytes, at + 7, 2), bigEndian(bytes, at + 5, 2)};
    }
    at += 2 + static_cast<std::size_t>(bigEndian(bytes, at + 2, 2));
  }
  return std::nullopt;
}

std::optional<PictureHeader> anyHeader(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return pngHeader(bytes);
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return jpegHeader(bytes);
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return gifHeader(bytes);
  return std::nullopt;
}

/// libgd writes what it dislikes to the standard error stream unless it is told where to.
void keepQuiet() {
  static const bool done = [] {
    gdSetErrorMethod([](int, const char*, va_list) {});
    return true;
  }();
  static_cast<void>(done);
}

gdImagePtr decode(PictureFormat format, std::string_view bytes) {
  keepQuiet();
  std::string copy{bytes};
  const auto size = static_cast<int>(copy.size());
  if (format == PictureFormat::png) return gdImageCreateFromPngPtr(size, copy.data());
  if (format == PictureFormat::gif) return gdImageCreateFromGifPtr(size, copy.data());
  return gdImageCreateFromJpegPtr(size, copy.data());
}

std::string taken(void* bytes, int size) {
  if (bytes == nullptr) throw std::runtime_error{"the image cannot be written"};
  std::string copy{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  gdFree(bytes);
  return copy;
}

std::uint8_t brightness(int pixel) {
  const auto part = [&](int shift) { return static_cast<unsigned>(pixel >> shift) & 0xFFU; };
  const auto transparency = part(24) & 0x7FU;
  const auto luminance = (306 * part(16) + 601 * part(8) + 117 * part(0) + 512) / 1024;
  return static_cast<std::uint8_t>((luminance * (127 - transparency) + 255 * transparency + 63) / 127);
}

}  // namespace

std::optional<PictureHeader> pictureHeader(std::string_view bytes) {
  const auto header = anyHeader(bytes);
  if (!header || header->width < 1 || header->height < 1) return std::nullopt;
  if (header->width > maxPicturePixels / header->height) return std::nullopt;
  return header;
}

GreyPicture GreyPicture::halved() const {
  GreyPicture half{std::max(1, width / 2), std::max(1, height / 2), {}};
  half.pixels.reserve(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height));
  const auto at = [&](int x, int y) {
    const auto row = static_cast<std::size_t>(std::min(y, height - 1)) * static_cast<std::size_t>(width);
    return unsigned{pixels[row + static_cast<std::size_t>(std::min(x, width - 1))]};
  };
  for (int y = 0; y != half.height; ++y) {
    for (int x = 0; x != half.width; ++x) {
      const auto sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1);
      half.pixels.push_back(static_cast<std::uint8_t>((sum + 2) / 4));
    }
  }
  return half;
}

void Picture::Destroy::operator()(gdImageStruct* image) const { gdImageDestroy(image); }

Picture::Picture(gdImageStruct* image) : image_{image} {
  if (image == nullptr) throw std::bad_alloc{};
  gdImageAlphaBlending(image, 0);
  gdImageSaveAlpha(image, 1);
}

Picture::Picture(int width, int height, std::optional<Rgb> ground) : Picture{gdImageCreateTrueColor(width, height)} {
  const auto color =
      ground ? gdTrueColor(ground->red, ground->green, ground->blue) : gdTrueColorAlpha(255, 255, 255, gdAlphaTransparent);
  gdImageFilledRectangle(image_.get(), 0, 0, width - 1, height - 1, color);
  gdImageSaveAlpha(image_.get(), ground ? 0 : 1);
}

std::optional<Picture> Picture::read(std::string_view bytes) {
  const auto header = pictureHeader(bytes);
  if (!header) return std::nullopt;
  auto* image = decode(header->format, bytes);
  if (image == nullptr) return std::nullopt;
  Picture picture{image};
  if (gdImagePaletteToTrueColor(image) == 0) return std::nullopt;
  return picture;
}

int Picture::width() const { return gdImageSX(image_.get()); }
int Picture::height() const { return gdImageSY(image_.get()); }

void Picture::fill(int left, int top, int width, int height, Rgb color) {
  gdImageFilledRectangle(image_.get(), left, top, left + width - 1, top + height - 1,
                         gdTrueColor(color.red, color.green, color.blue));
}

GreyPicture Picture::grey() const {
  GreyPicture result{width(), height(), {}};
  result.pixels.reserve(static_cast<std::size_t>(result.width) * static_cast<std::size_t>(result.height));
  for (int y = 0; y != result.height; ++y) {
    const int* row = image_->tpixels[y];
    std::transform(row, row + result.width, std::back_inserter(result.pixels), brightness);
  }
  return result;
}

Picture Picture::doubled() const {
  gdImageSetInterpolationMethod(image_.get(), GD_BICUBIC);
  return Picture{gdImageScale(image_.get(), static_cast<unsigned>(2 * width()), static_cast<unsigned>(2 * height()))};
}

std::string Picture::jpeg() const {
  int size = 0;
  auto* bytes = gdImageJpegPtr(image_.get(), &size, jpegQuality);
  return taken(bytes, size);
}

std::string Picture::png() const {
  int size = 0;
  auto* bytes = gdImagePngPtrEx(image_.get(), &size, fastPng);
  return taken(bytes, size);
}

}  // namespace openapi::gateway::weixin_api
