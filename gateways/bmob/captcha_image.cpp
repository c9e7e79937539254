#include <gateways/bmob/captcha_image.hpp>

#include <gd.h>
#include <gdfontg.h>

#include <memory>
#include <random>
#include <stdexcept>

namespace openapi::gateway::bmob {
namespace {

struct Destroy {
  void operator()(gdImageStruct* image) const { gdImageDestroy(image); }
};
using Image = std::unique_ptr<gdImageStruct, Destroy>;
using Random = std::mt19937;

constexpr int white = 0xFFFFFF;
constexpr int transparent = 0x7FFFFFFF;

int between(Random& random, int low, int high) { return std::uniform_int_distribution<int>{low, high}(random); }

int darkColor(Random& random) {
  const int red = between(random, 0, 120);
  const int green = between(random, 0, 120);
  const int blue = between(random, 0, 120);
  return gdTrueColor(red, green, blue);
}

Image blank(int width, int height, int color) {
  Image image{gdImageCreateTrueColor(width, height)};
  if (!image) throw std::runtime_error{"no memory for a picture"};
  gdImageAlphaBlending(image.get(), 0);
  gdImageFilledRectangle(image.get(), 0, 0, width - 1, height - 1, color);
  gdImageAlphaBlending(image.get(), 1);
  return image;
}

/// One character, stretched to its place and tilted.
void draw(gdImagePtr picture, char letter, int centerX, int centerY, int width, int height, Random& random) {
  auto* font = gdFontGetGiant();
  const Image small = blank(font->w, font->h, transparent);
  gdImageChar(small.get(), font, 0, 0, static_cast<unsigned char>(letter), darkColor(random));
  const Image large = blank(width, height, transparent);
  gdImageAlphaBlending(large.get(), 0);
  gdImageCopyResampled(large.get(), small.get(), 0, 0, 0, 0, width, height, font->w, font->h);
  gdImageCopyRotated(picture, large.get(), centerX, centerY, 0, 0, width, height, between(random, -18, 18));
}

void drawNoise(gdImagePtr picture, Random& random) {
  const int right = gdImageSX(picture) - 1;
  const int bottom = gdImageSY(picture) - 1;
  for (int line = 0; line < 3; ++line) {
    const int from = between(random, 0, bottom);
    const int to = between(random, 0, bottom);
    gdImageLine(picture, 0, from, right, to, darkColor(random));
  }
  for (int dot = 0; dot < right * bottom / 40; ++dot) {
    const int x = between(random, 0, right);
    const int y = between(random, 0, bottom);
    gdImageSetPixel(picture, x, y, darkColor(random));
  }
}

}  // namespace

std::string drawCaptcha(std::string_view text, int width, int height, unsigned seed) {
  Random random{seed};
  const Image picture = blank(width, height, white);
  const int place = width / static_cast<int>(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int center = static_cast<int>(i) * place + place / 2;
    draw(picture.get(), text[i], center, height / 2, place * 9 / 10, height * 9 / 10, random);
  }
  drawNoise(picture.get(), random);
  int size = 0;
  void* bytes = gdImagePngPtr(picture.get(), &size);
  if (bytes == nullptr) throw std::runtime_error{"the captcha cannot be drawn"};
  std::string png{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  gdFree(bytes);
  return png;
}

}  // namespace openapi::gateway::bmob
