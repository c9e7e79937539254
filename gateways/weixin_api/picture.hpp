#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct gdImageStruct;

namespace openapi::gateway::weixin_api {

enum class PictureFormat { jpeg, png, gif };

/// What the first bytes of a file say about the image in it.
struct PictureHeader {
  PictureFormat format{};
  std::int64_t width{};
  std::int64_t height{};
};

inline constexpr std::int64_t maxPicturePixels = 25'000'000;

/// Reads the size of a PNG, JPEG or GIF without decoding it. No value for other bytes, for an empty image and for one that would
/// cost too much to decode: more than `maxPicturePixels`, or a JPEG in more than 100 scans; and for a PNG or JPEG that was cut.
[[nodiscard]] std::optional<PictureHeader> pictureHeader(std::string_view bytes);

struct Rgb {
  int red = 0;
  int green = 0;
  int blue = 0;
};

/// Brightness of each pixel, row by row; what is transparent is white.
struct GreyPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels{};

  /// The same picture with half the width and height.
  [[nodiscard]] GreyPicture halved() const;
};

/// A picture in memory.
class Picture {
 public:
  /// A picture of one colour; with no colour it is transparent.
  Picture(int width, int height, std::optional<Rgb> ground);
  /// Decodes a PNG, JPEG or GIF. No value for what `pictureHeader` refuses and for damaged files.
  [[nodiscard]] static std::optional<Picture> read(std::string_view bytes);

  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  void fill(int left, int top, int width, int height, Rgb color);
  [[nodiscard]] GreyPicture grey() const;
  [[nodiscard]] Picture doubled() const;

  [[nodiscard]] std::string jpeg() const;
  [[nodiscard]] std::string png() const;

 private:
  struct Destroy {
    void operator()(gdImageStruct* image) const;
  };
  explicit Picture(gdImageStruct* image);
  std::unique_ptr<gdImageStruct, Destroy> image_;
};

}  // namespace openapi::gateway::weixin_api
