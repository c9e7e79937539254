#include <gateways/weixin_api/qr_image.hpp>

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace openapi::gateway::weixin_api {
namespace {

constexpr int quietModules = 4;

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

/// Long contents get less redundancy, so that a module has at least two pixels in the smallest image.
Code encode(std::string_view content) {
  const auto level = content.size() > 256 ? QR_ECLEVEL_L : QR_ECLEVEL_M;
  const auto* bytes = reinterpret_cast<const unsigned char*>(content.data());
  return Code{QRcode_encodeData(static_cast<int>(content.size()), bytes, 0, level)};
}

Picture paint(const QRcode& code, const QrStyle& style) {
  const auto ground = style.transparent ? std::nullopt : std::optional<Rgb>{Rgb{255, 255, 255}};
  Picture picture{style.width, style.width, ground};
  const int module = style.width / (code.width + 2 * quietModules);
  if (module == 0) throw std::runtime_error{"the code does not fit into the image"};
  const int margin = (style.width - module * code.width) / 2;
  for (int y = 0; y != code.width; ++y) {
    for (int x = 0; x != code.width; ++x) {
      if ((code.data[y * code.width + x] & 1U) == 0) continue;
      picture.fill(margin + x * module, margin + y * module, module, module, style.color);
    }
  }
  return picture;
}

}  // namespace

QrImage drawQr(std::string_view content, const QrStyle& style) {
  if (content.empty() || content.size() > maxQrBytes) throw std::runtime_error{"the content is no content of a QR code"};
  const auto code = encode(content);
  if (code == nullptr) throw std::runtime_error{"the content does not fit into a QR code"};
  const auto picture = paint(*code, style);
  if (style.transparent) return {"image/png", picture.png()};
  return {"image/jpeg", picture.jpeg()};
}

}  // namespace openapi::gateway::weixin_api
