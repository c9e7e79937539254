#define ZX_USE_UTF8 1
#include <codec/form.hpp>
#include <codec/multipart_writer.hpp>
#include <codec/text.hpp>
#include <gateways/sandbox.hpp>
#include <gateways/weixin_api/code_reader.hpp>
#include <gateways/weixin_api/crop.hpp>
#include <gateways/weixin_api/picture.hpp>
#include <gateways/weixin_api/qr_image.hpp>
#include <http/client.hpp>
#include <openapi/transport.hpp>
#include <openapi/wait.hpp>

#include <BitMatrix.h>
#include <MultiFormatWriter.h>
#include <ReadBarcode.h>
#include <gd.h>
#include <zlib.h>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::gateway;
using namespace std::string_literals;

namespace {

constexpr auto createPath = "/cgi-bin/wxaapp/createwxaqrcode";
constexpr auto getPath = "/wxa/getwxacode";
constexpr auto unlimitedPath = "/wxa/getwxacodeunlimit";
constexpr auto cropPath = "/cv/img/aicrop";
constexpr auto scanPath = "/cv/img/qrcode";
constexpr auto enlargePath = "/cv/img/superresolution";

struct DestroyImage {
  void operator()(gdImagePtr image) const { gdImageDestroy(image); }
};

/// An image as the test sees it: libgd and ZXing, and nothing of the gateway.
class Image {
 public:
  Image(int width, int height) : image_{gdImageCreateTrueColor(width, height)} {
    gdImageFilledRectangle(image_.get(), 0, 0, width - 1, height - 1, gdTrueColor(255, 255, 255));
  }
  static Image decoded(const HttpResponse& response) {
    const auto type = response.headers.get("Content-Type");
    std::string bytes{response.body};
    const auto size = static_cast<int>(bytes.size());
    BOOST_REQUIRE_MESSAGE(type == "image/png" || type == "image/jpeg", type << " " << bytes.substr(0, 200));
    return Image{type == "image/png" ? gdImageCreateFromPngPtr(size, bytes.data())
                                     : gdImageCreateFromJpegPtr(size, bytes.data())};
  }

  [[nodiscard]] int width() const { return gdImageSX(image_.get()); }
  [[nodiscard]] int height() const { return gdImageSY(image_.get()); }
  [[nodiscard]] int pixel(int x, int y) const { return gdImageGetTrueColorPixel(image_.get(), x, y); }
  void box(int left, int top, int right, int bottom, int color) {
    gdImageFilledRectangle(image_.get(), left, top, right, bottom, color);
  }
  void draw(int left, int top, const ZXing::BitMatrix& code) {
    for (int y = 0; y != code.height(); ++y) {
      for (int x = 0; x != code.width(); ++x) {
        if (code.get(x, y)) gdImageSetPixel(image_.get(), left + x, top + y, 0);
      }
    }
  }

  [[nodiscard]] std::string png() const {
    int size = 0;
    auto* bytes = gdImagePngPtr(image_.get(), &size);
    return copied(bytes, size);
  }
  [[nodiscard]] std::string jpeg() const {
    int size = 0;
    auto* bytes = gdImageJpegPtr(image_.get(), &size, 95);
    return copied(bytes, size);
  }
  [[nodiscard]] std::string gif() const {
    int size = 0;
    auto* bytes = gdImageGifPtr(image_.get(), &size);
    return copied(bytes, size);
  }

  /// What the code says; what is transparent is white.
  [[nodiscard]] std::string read() const {
    std::vector<std::uint8_t> pixels;
    for (int y = 0; y != height(); ++y) {
      for (int x = 0; x != width(); ++x) {
        const int color = pixel(x, y);
        const bool clear = gdTrueColorGetAlpha(color) == gdAlphaTransparent;
        for (const int part : {gdTrueColorGetRed(color), gdTrueColorGetGreen(color), gdTrueColorGetBlue(color)}) {
          pixels.push_back(clear ? std::uint8_t{255} : static_cast<std::uint8_t>(part));
        }
      }
    }
    const auto result = ZXing::ReadBarcode({pixels.data(), width(), height(), ZXing::ImageFormat::RGB});
    BOOST_TEST(result.isValid());
    BOOST_TEST((result.format() == ZXing::BarcodeFormat::QRCode));
    return result.text();
  }

 private:
  explicit Image(gdImagePtr image) : image_{image} { BOOST_REQUIRE(image != nullptr); }
  static std::string copied(void* bytes, int size) {
    std::string copy{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    gdFree(bytes);
    return copy;
  }
  std::unique_ptr<gdImage, DestroyImage> image_;
};

ZXing::BitMatrix encode(ZXing::BarcodeFormat format, const std::string& text, int width, int height) {
  ZXing::MultiFormatWriter writer{format};
  if (format == ZXing::BarcodeFormat::QRCode) writer.setEncoding(ZXing::CharacterSet::UTF8);
  return writer.setMargin(0).encode(text, width, height);
}

/// One sandbox, and a client of its WeChat API over HTTPS.
struct Api {
  Sandbox sandbox{};
  std::shared_ptr<Transport> client{};
  std::string token{};

  Api() {
    HttpOptions options;
    options.caFile = sandbox.urls().caFile;
    options.proxy = "";
    options.maxAttempts = 1;
    client = http::makeClient(options);
    login();
  }

  void login() {
    const WeixinIdentity identity;
    const auto answer =
        send("GET", "/cgi-bin/token?grant_type=client_credential&appid=" + identity.appId + "&secret=" + identity.secret);
    token = *Json::parse(answer.body).find("access_token")->string();
  }

  HttpResponse send(const std::string& method, const std::string& target, const std::string& type = {},
                    const std::string& body = {}) {
    HttpRequest request;
    request.method = method;
    request.url = sandbox.urls().weixinApi + target;
    if (!type.empty()) request.headers.add("Content-Type", type);
    request.body = body;
    request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{120};
    return wait(client->send(std::move(request)));
  }
  HttpResponse post(const std::string& path, const std::string& body) {
    return send("POST", path + "?access_token=" + token, "application/json", body);
  }
  HttpResponse upload(const std::string& path, const std::string& image, const codec::FormFields& fields = {}) {
    const auto form = codec::writeMultipart(fields, {"img", "x.png", "image/png", image});
    return send("POST", path + "?access_token=" + token, form.contentType, form.body);
  }
  HttpResponse byUrl(const std::string& path, const std::string& url, const std::string& more = {}) {
    return send("POST", path + "?access_token=" + token + "&" + codec::writeForm({{"img_url", url}}) + more);
  }
  Json control(const std::string& path, Fields input) {
    input.set("provider", "weixinApi");
    return sandbox.control("POST", path, input);
  }
};

std::int64_t codeOf(const HttpResponse& response) {
  BOOST_TEST(response.status == 200);
  BOOST_REQUIRE_MESSAGE(response.body.starts_with('{'), "no JSON but " << response.headers.get("Content-Type"));
  return *Json::parse(response.body).find("errcode")->integer();
}

Json resultOf(const HttpResponse& response) {
  BOOST_REQUIRE_MESSAGE(codeOf(response) == 0, response.body);
  return Json::parse(response.body);
}

std::int64_t number(const Json& object, std::string_view name) {
  const auto* value = object.find(name);
  BOOST_REQUIRE_MESSAGE(value != nullptr && value->integer() != nullptr, name << " in " << object.json());
  return *value->integer();
}

void checkSize(const Json& result, std::int64_t width, std::int64_t height) {
  BOOST_TEST(number(*result.find("img_size"), "w") == width);
  BOOST_TEST(number(*result.find("img_size"), "h") == height);
}

std::string bigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

/// The bytes of a PNG whose header promises this size.
std::string resized(std::string png, std::uint32_t width, std::uint32_t height) {
  png.replace(16, 8, bigEndian(width) + bigEndian(height));
  const auto sum = crc32_z(0, reinterpret_cast<const unsigned char*>(png.data() + 12), 17);
  return png.replace(29, 4, bigEndian(static_cast<std::uint32_t>(sum)));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weixin_images, Api)

BOOST_AUTO_TEST_CASE(codes_read_as_what_was_asked_for) {
  for (const int width : {280, 281, 430, 999, 1280}) {
    const auto response = post(createPath, R"({"path":"page/index/index?from=门店&n=1","width":)" + std::to_string(width) + "}");
    const auto image = Image::decoded(response);
    BOOST_TEST(response.headers.get("Content-Type") == "image/jpeg");
    BOOST_TEST(response.headers.get("Content-disposition") == "attachment; filename=\"qrcode.jpg\"");
    BOOST_TEST(image.width() == width);
    BOOST_TEST(image.height() == width);
    BOOST_TEST(image.read() == "page/index/index?from=门店&n=1");
  }
  const auto plain = Image::decoded(post(createPath, R"({"path":"pages/index/index"})"));
  BOOST_TEST(plain.width() == 430);
  BOOST_TEST(plain.read() == "pages/index/index");

  const auto question =
      R"({"path":"funpackage/questionsWall/questionInfo?question_id=22579","env_version":"release","width":280})"s;
  BOOST_TEST(Image::decoded(post(getPath, question)).read() == "funpackage/questionsWall/questionInfo?question_id=22579");
  for (const std::size_t length : {127U, 128U, 500U, 1024U}) {
    std::string path = "p?";
    for (std::size_t i = 2; i != length; ++i) path += static_cast<char>('a' + (i * i + length) % 26);
    for (const auto* rest : {R"(","width":280})", R"(","width":280,"is_hyaline":true})"}) {
      BOOST_TEST(Image::decoded(post(getPath, R"({"path":")" + path + rest)).read() == path);
    }
  }
}

BOOST_AUTO_TEST_CASE(unlimited_codes_hold_page_and_scene) {
  const auto read = [&](const std::string& body) { return Image::decoded(post(unlimitedPath, body)).read(); };
  BOOST_TEST(read(R"({"page":"pages/index/index","scene":"a=1","check_path":true,"env_version":"release"})") ==
             "pages/index/index?scene=a%3D1");
  BOOST_TEST(read(R"({"scene":"7"})") == "pages/index/index?scene=7");
  BOOST_TEST(read(R"({"page":"","scene":"7"})") == "pages/index/index?scene=7");
  const auto all = "!#$&'()*+,/:;=?@-._~09AZaz"s;
  std::string encoded;
  codec::appendPercentEncoded(encoded, all);
  BOOST_TEST(read(R"({"page":"a/b","scene":")" + all + R"("})") == "a/b?scene=" + encoded);
  BOOST_TEST(read(R"({"scene":")" + std::string(32, 'x') + R"("})") == "pages/index/index?scene=" + std::string(32, 'x'));

  control("/settings", {{"releasedPages", Json::Array{"home/home", "shop/item"}}});
  BOOST_TEST(read(R"({"scene":"7"})") == "home/home?scene=7");
  BOOST_TEST(read(R"({"scene":"7","page":"shop/item"})") == "shop/item?scene=7");
  BOOST_TEST(codeOf(post(unlimitedPath, R"({"scene":"7","page":"shop/none"})")) == 41030);
  BOOST_TEST(read(R"({"scene":"7","page":"shop/none","check_path":false})") == "shop/none?scene=7");
}

BOOST_AUTO_TEST_CASE(colours_and_transparent_ground) {
  const auto response = post(getPath, R"({"path":"a","is_hyaline":true,"line_color":{"r":"200","g":16,"b":46},"width":300})");
  BOOST_TEST(response.headers.get("Content-Type") == "image/png");
  BOOST_TEST(response.headers.get("Content-disposition") == "attachment; filename=\"qrcode.png\"");
  const auto image = Image::decoded(response);
  BOOST_TEST(image.read() == "a");
  std::map<int, int> colors;
  for (int y = 0; y != 300; ++y) {
    for (int x = 0; x != 300; ++x) ++colors[image.pixel(x, y)];
  }
  BOOST_TEST(colors.size() == 2U);
  BOOST_TEST(colors.contains(gdTrueColor(200, 16, 46)));
  BOOST_TEST(gdTrueColorGetAlpha(image.pixel(0, 0)) == gdAlphaTransparent);

  struct Case {
    std::string body;
    int red, green, blue;
  };
  const std::vector<Case> cases{{R"({"path":"a","line_color":{"r":0,"g":0,"b":160}})", 0, 0, 160},
                                {R"({"path":"a"})", 0, 0, 0},
                                {R"({"path":"a","line_color":null,"auto_color":false,"is_hyaline":false})", 0, 0, 0},
                                {R"({"path":"a","line_color":{"r":"0","g":"0","b":"160"},"auto_color":true})", 0, 102, 51}};
  for (const auto& item : cases) {
    const auto drawn = Image::decoded(post(getPath, item.body));
    BOOST_TEST(drawn.read() == "a");
    // The first dark pixel on the diagonal belongs to the finder pattern; a JPEG is exact only inside of it.
    int at = 0;
    while (gdTrueColorGetRed(drawn.pixel(at, at)) > 128) ++at;
    const int color = drawn.pixel(at + 5, at + 5);
    BOOST_TEST(std::abs(gdTrueColorGetRed(color) - item.red) < 12);
    BOOST_TEST(std::abs(gdTrueColorGetGreen(color) - item.green) < 12);
    BOOST_TEST(std::abs(gdTrueColorGetBlue(color) - item.blue) < 12);
    BOOST_TEST(drawn.pixel(0, 0) == gdTrueColor(255, 255, 255));
  }
}

BOOST_AUTO_TEST_CASE(wrong_parameters_have_the_platforms_codes) {
  struct Case {
    const char* path;
    std::string body;
    std::int64_t code;
  };
  const std::vector<Case> cases{
      {createPath, R"({"path":"","width":430})", 40159},
      {createPath, "{}", 40159},
      {createPath, R"({"path":")" + std::string(129, 'a') + R"("})", 40159},
      {getPath, R"({"path":"","env_version":"release","width":280})", 40159},
      {getPath, R"({"path":")" + std::string(1025, 'a') + R"("})", 40159},
      {createPath, R"({"path":"a","width":279})", 40097},
      {createPath, R"({"path":"a","width":1281})", 40097},
      {getPath, R"({"path":"a","width":0})", 40097},
      {getPath, R"({"path":"a","width":-9223372036854775808})", 40097},
      {unlimitedPath, R"({"scene":"a","width":100000})", 40097},
      {getPath, R"({"path":"a","width":"wide"})", 47001},
      {getPath, R"({"path":"a","width":430.5})", 47001},
      {getPath, R"({"path":"a","line_color":{"r":256,"g":0,"b":0}})", 40097},
      {getPath, R"({"path":"a","line_color":{"r":0,"g":-1,"b":0}})", 40097},
      {getPath, R"({"path":"a","line_color":{"r":0,"g":0}})", 40097},
      {getPath, R"({"path":"a","line_color":{"r":"xxx","g":"0","b":"0"}})", 47001},
      {getPath, R"({"path":"a","line_color":"#000000"})", 47001},
      {getPath, R"({"path":"a","is_hyaline":"yes"})", 47001},
      {getPath, R"({"path":"a","env_version":"release_error"})", 40097},
      {getPath, R"({"path":"a","env_version":""})", 40097},
      {unlimitedPath, R"({"page":"pages/index/index","scene":"a=1","check_path":true,"env_version":"release_error"})", 40097},
      {unlimitedPath, R"({"scene":""})", 40169},
      {unlimitedPath, R"({"page":"pages/index/index"})", 40169},
      {unlimitedPath, R"({"scene":")" + std::string(33, 'a') + R"("})", 40169},
      {unlimitedPath, R"({"scene":"a b"})", 40129},
      {unlimitedPath, R"({"scene":"100%"})", 40129},
      {unlimitedPath, R"({"scene":"门店"})", 40129},
      {unlimitedPath, R"({"scene":"a\u0000b"})", 40129},
      {unlimitedPath, R"({"scene":"a","page":"/pages/index/index"})", 41030},
      {unlimitedPath, R"({"scene":"a","page":"pages/index/index?a=1"})", 41030},
      {unlimitedPath, R"({"scene":"a","check_path":false,"page":")" + std::string(2000, 'a') + R"("})", 41030},
      {createPath, R"({"path":"a?scancode_time=1"})", 85096},
      {getPath, R"({"path":"a?x=1&scancode_time"})", 85096},
      {unlimitedPath, R"({"scene":"scancode_time=1"})", 85096},
      {getPath, R"({"path":{"a":1}})", 47001},
      {getPath, "path=a", 47001},
      {getPath, R"(["a"])", 47001},
      {getPath, R"({"path":"a"} x)", 47001},
      {getPath, "{\"path\":\"\xFF\"}", 47001},
      {unlimitedPath, R"({"scene":"a","access_token":"x"})", 47001},
      {getPath, "", 44002},
  };
  for (const auto& item : cases) {
    BOOST_TEST_CONTEXT(item.path << " " << item.body.substr(0, 100)) BOOST_TEST(codeOf(post(item.path, item.body)) == item.code);
  }
  // Names that only begin like the reserved one are the caller's own.
  BOOST_TEST(Image::decoded(post(getPath, R"({"path":"a?scancode_times=1"})")).read() == "a?scancode_times=1");
  BOOST_TEST(codeOf(send("GET", getPath + "?access_token="s + token)) == 43002);
  BOOST_TEST(codeOf(send("POST", getPath, "application/json", R"({"path":"a"})")) == 41001);
  BOOST_TEST(codeOf(send("POST", getPath + "?access_token=x"s, "application/json", R"({"path":"a"})")) == 40014);
}

BOOST_AUTO_TEST_CASE(codes_of_limited_number) {
  control("/settings", {{"codeLimit", 3}});
  BOOST_TEST(post(getPath, R"({"path":"a"})").headers.get("Num-Used") == "1");
  BOOST_TEST(post(createPath, R"({"path":"a"})").headers.get("Num-Used").empty());
  BOOST_TEST(codeOf(post(getPath, R"({"path":""})")) == 40159);
  BOOST_TEST(post(getPath, R"({"path":"a"})").headers.get("Num-Used") == "3");
  BOOST_TEST(codeOf(post(getPath, R"({"path":"a"})")) == 45029);
  BOOST_TEST(codeOf(post(createPath, R"({"path":"a"})")) == 45029);
  control("/clock", {{"advanceSeconds", 86400}});
  login();
  BOOST_TEST(codeOf(post(createPath, R"({"path":"a"})")) == 45029);
  BOOST_TEST(Image::decoded(post(unlimitedPath, R"({"scene":"a"})")).read() == "pages/index/index?scene=a");
}

BOOST_AUTO_TEST_CASE(scanning_finds_every_code_in_a_picture) {
  Image image{1000, 900};
  image.draw(60, 50, encode(ZXing::BarcodeFormat::QRCode, "http://www.qq.com", 250, 250));
  image.draw(600, 60, encode(ZXing::BarcodeFormat::QRCode, "微信 https://mp.weixin.qq.com", 290, 290));
  image.draw(80, 450, encode(ZXing::BarcodeFormat::EAN13, "5906789678957", 380, 100));
  image.draw(80, 700, encode(ZXing::BarcodeFormat::Code128, "50090500019191", 400, 100));
  image.draw(650, 500, encode(ZXing::BarcodeFormat::DataMatrix, "DM-0042", 160, 160));
  for (const auto& bytes : {image.png(), image.jpeg(), image.gif()}) {
    const auto result = resultOf(upload(scanPath, bytes));
    checkSize(result, 1000, 900);
    std::map<std::string, Json> found;
    for (const auto& code : *result.find("code_results")->array()) {
      found[*code.find("type_name")->string() + " " + *code.find("data")->string()] = code;
    }
    BOOST_TEST(found.size() == 5U);
    const auto near = [&](const Json& pos, std::string_view corner, std::int64_t x, std::int64_t y) {
      BOOST_TEST(std::abs(number(*pos.find(corner), "x") - x) < 12);
      BOOST_TEST(std::abs(number(*pos.find(corner), "y") - y) < 12);
    };
    BOOST_REQUIRE(found.contains("QR_CODE http://www.qq.com"));
    const auto& first = *found["QR_CODE http://www.qq.com"].find("pos");
    near(first, "left_top", 60, 50);
    near(first, "right_top", 310, 50);
    near(first, "right_bottom", 310, 300);
    near(first, "left_bottom", 60, 300);
    BOOST_TEST(found.contains("QR_CODE 微信 https://mp.weixin.qq.com"));
    BOOST_REQUIRE(found.contains("DATAMATRIX DM-0042"));
    near(*found["DATAMATRIX DM-0042"].find("pos"), "left_top", 650, 500);
    BOOST_REQUIRE(found.contains("EAN_13 5906789678957"));
    BOOST_TEST(found["EAN_13 5906789678957"].find("pos") == nullptr);
    BOOST_REQUIRE(found.contains("CODE_128 50090500019191"));
    BOOST_TEST(found["CODE_128 50090500019191"].find("pos") == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(the_same_bar_code_twice) {
  Image image{900, 700};
  const auto code = encode(ZXing::BarcodeFormat::EAN13, "5906789678957", 380, 100);
  image.draw(40, 60, code);
  image.draw(480, 60, code);
  image.draw(40, 400, code);
  const auto result = resultOf(upload(scanPath, image.png()));
  const auto& codes = *result.find("code_results")->array();
  BOOST_REQUIRE(codes.size() == 1U);
  BOOST_TEST(*codes[0].find("data")->string() == "5906789678957");

  Image standing{700, 700};
  ZXing::BitMatrix turned = code.copy();
  turned.rotate90();
  standing.draw(100, 100, turned);
  const auto found = resultOf(upload(scanPath, standing.png()));
  BOOST_REQUIRE(found.find("code_results")->array()->size() == 1U);
}

BOOST_AUTO_TEST_CASE(scanning_one_code_of_each_kind) {
  struct Case {
    ZXing::BarcodeFormat format;
    std::string name;
    std::string text;
  };
  using enum ZXing::BarcodeFormat;
  const std::vector<Case> cases{
      {PDF417, "PDF417", "WX-PDF417-00042"}, {EAN8, "EAN_8", "96385074"},    {UPCA, "UPC_A", "123456789012"},
      {UPCE, "UPC_E", "01234565"},           {Code39, "CODE_39", "WX-39"},   {Code93, "CODE_93", "WX93ABC"},
      {ITF, "ITF", "30712345000010"},        {Codabar, "CODABAR", "123456"}, {QRCode, "QR_CODE", "x"}};
  for (const auto& item : cases) {
    Image image{640, 480};
    const auto text = item.format == Codabar ? "A" + item.text + "B" : item.text;
    image.draw(80, 100, encode(item.format, text, 450, 200));
    const auto result = resultOf(upload(scanPath, image.png()));
    const auto& codes = *result.find("code_results")->array();
    BOOST_TEST_CONTEXT(item.name << " " << result.json()) {
      BOOST_REQUIRE(codes.size() == 1U);
      BOOST_TEST(*codes[0].find("type_name")->string() == item.name);
      BOOST_TEST(*codes[0].find("data")->string() == item.text);
      BOOST_TEST((codes[0].find("pos") != nullptr) == (item.format == QRCode));
    }
  }
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{1, 1}, {1, 2000}, {2000, 1}, {3, 7}, {1500, 20}}) {
    BOOST_TEST(resultOf(upload(scanPath, Image{width, height}.png())).find("code_results")->array()->empty());
  }
  const auto nothing = resultOf(upload(scanPath, Image{33, 44}.png()));
  checkSize(nothing, 33, 44);
  BOOST_TEST(nothing.find("code_results")->array()->empty());
}

BOOST_AUTO_TEST_CASE(large_pictures_are_read_too) {
  Image image{4000, 3000};
  image.draw(2400, 1200, encode(ZXing::BarcodeFormat::QRCode, "large", 800, 800));
  const auto result = resultOf(upload(scanPath, image.png()));
  checkSize(result, 4000, 3000);
  const auto& codes = *result.find("code_results")->array();
  BOOST_REQUIRE(codes.size() == 1U);
  BOOST_TEST(*codes[0].find("data")->string() == "large");
  BOOST_TEST(std::abs(number(*codes[0].find("pos")->find("left_top"), "x") - 2400) < 40);
}

BOOST_AUTO_TEST_CASE(crops_have_the_ratio_and_the_detail) {
  Image image{966, 728};
  for (int i = 0; i != 30; ++i) image.box(600 + 8 * i, 300 + 8 * i, 603 + 8 * i, 520, gdTrueColor(200, 30, 30));
  const auto result = resultOf(upload(cropPath, image.jpeg()));
  checkSize(result, 966, 728);
  const auto& boxes = *result.find("results")->array();
  BOOST_REQUIRE(boxes.size() == 2U);
  BOOST_TEST(number(boxes[0], "crop_right") - number(boxes[0], "crop_left") == 727);
  BOOST_TEST(number(boxes[0], "crop_top") == 0);
  BOOST_TEST(number(boxes[0], "crop_bottom") == 727);
  BOOST_TEST(number(boxes[0], "crop_left") > 100);
  BOOST_TEST(number(boxes[0], "crop_right") <= 965);
  BOOST_TEST(number(boxes[1], "crop_left") == 0);
  BOOST_TEST(number(boxes[1], "crop_right") == 965);
  BOOST_TEST(number(boxes[1], "crop_bottom") - number(boxes[1], "crop_top") == 410);
  BOOST_TEST(number(boxes[1], "crop_top") <= 300);
  BOOST_TEST(number(boxes[1], "crop_bottom") >= 520);

  const auto count = [&](const std::string& ratios) {
    const auto answer = upload(cropPath, image.png(), {{"ratios", ratios}});
    return codeOf(answer) == 0 ? static_cast<std::int64_t>(Json::parse(answer.body).find("results")->array()->size())
                               : codeOf(answer);
  };
  BOOST_TEST(count("1") == 1);
  BOOST_TEST(count("0.5,1,2,2.35,100") == 5);
  for (const auto* wrong : {"1,2,3,4,5,6", "x", "1,", ",1", "0", "-1", "1e2", "nan", "inf", "101", "1 ,2", "1;2", "0.001"}) {
    BOOST_TEST_CONTEXT(wrong) BOOST_TEST(count(wrong) == 40097);
  }
  // An even picture is cropped in the middle.
  const auto even = resultOf(upload(cropPath, Image{300, 100}.png(), {{"ratios", "1"}}));
  BOOST_TEST(number((*even.find("results")->array())[0], "crop_left") == 100);
  const auto least = resultOf(upload(cropPath, Image{1, 1}.png(), {{"ratios", "100,0.01"}}));
  BOOST_TEST(number((*least.find("results")->array())[1], "crop_bottom") == 0);
}

BOOST_AUTO_TEST_CASE(superresolution_doubles_the_picture) {
  Image image{310, 201};
  image.draw(20, 10, encode(ZXing::BarcodeFormat::QRCode, "double", 180, 180));
  const std::map<std::string, std::string> types{{"image/png", image.png()}, {"image/jpeg", image.jpeg()}};
  for (const auto& [type, bytes] : types) {
    const auto result = resultOf(upload(enlargePath, bytes));
    const auto id = *result.find("media_id")->string();
    const auto media = send("GET", "/cgi-bin/media/get?access_token=" + token + "&media_id=" + id);
    BOOST_TEST(media.headers.get("Content-Type") == type);
    const auto twice = Image::decoded(media);
    BOOST_TEST(twice.width() == 620);
    BOOST_TEST(twice.height() == 402);
    BOOST_TEST(twice.read() == "double");
    // The address of a temporary file is one that the platform can fetch.
    const auto url = sandbox.urls().weixinApi + "/cgi-bin/media/get?access_token=x&media_id=" + id;
    checkSize(resultOf(byUrl(scanPath, url)), 620, 402);
    control("/clock", {{"advanceSeconds", 86400}});
    login();
  }
  BOOST_TEST(codeOf(upload(enlargePath, Image{2600, 2500}.png())) == 101002);
}

BOOST_AUTO_TEST_CASE(pictures_by_address) {
  Image image{300, 200};
  image.draw(20, 10, encode(ZXing::BarcodeFormat::QRCode, "by address", 180, 180));
  const auto url = "https://img.example.com/a b.png?x=1&y=2"s;
  const auto escaped = "https://img.example.com/a%20b.png?x=1&y=2"s;
  BOOST_CHECK_THROW(control("/image", {{"url", url}, {"base64", codec::toBase64(image.png())}}), ControlError);
  BOOST_CHECK_THROW(control("/image", {{"url", escaped}, {"base64", "?"}}), ControlError);
  BOOST_CHECK_THROW(control("/image", {{"url", escaped}}), ControlError);
  control("/image", {{"url", escaped}, {"base64", codec::toBase64(image.png())}});
  const auto scanned = resultOf(byUrl(scanPath, escaped));
  BOOST_TEST(*(*scanned.find("code_results")->array())[0].find("data")->string() == "by address");
  BOOST_TEST(resultOf(byUrl(cropPath, escaped)).find("results")->array()->size() == 2U);
  BOOST_TEST(resultOf(byUrl(cropPath, escaped, "&ratios=1")).find("results")->array()->size() == 1U);
  BOOST_TEST(resultOf(byUrl(enlargePath, escaped)).find("media_id") != nullptr);

  for (const auto& wrong :
       {"https://img.example.com/none.png"s, "img"s, ""s, "file:///etc/hostname"s, "http://127.0.0.1:1/a.png"s,
        sandbox.urls().weixinApi + "/cgi-bin/media/get"s, sandbox.urls().weixinApi + "/cgi-bin/media/get?media_id=x"s}) {
    for (const auto* path : {cropPath, scanPath, enlargePath}) {
      BOOST_TEST_CONTEXT(path << " " << wrong) BOOST_TEST(codeOf(byUrl(path, wrong)) == 101000);
    }
  }
  control("/image", {{"url", "https://img.example.com/page"}, {"base64", codec::toBase64("<html></html>")}});
  BOOST_TEST(codeOf(byUrl(scanPath, "https://img.example.com/page")) == 101002);
}

BOOST_AUTO_TEST_CASE(uploads_that_are_none) {
  const auto png = Image{20, 20}.png();
  const auto form = [&](const std::string& disposition, const std::string& content) {
    const auto body = "--b\r\nContent-Disposition: form-data; " + disposition + "\r\nContent-Type: image/png\r\n\r\n" + content +
                      "\r\n--b--\r\n";
    return codeOf(send("POST", scanPath + "?access_token="s + token, "multipart/form-data; boundary=b", body));
  };
  BOOST_TEST(form("name=\"img\"; filename=\"x.png\"", png) == 0);
  BOOST_TEST(form("name=\"img\"", png) == 41005);
  BOOST_TEST(form("name=\"img\"; filename*=UTF-8''x.png", png) == 41005);
  BOOST_TEST(form("name=\"img\"; filename=\"图.png\"", png) == 41005);
  BOOST_TEST(form("name=\"media\"; filename=\"x.png\"", png) == 41005);
  BOOST_TEST(form("name=\"img\"; filename=\"x.png\"", "") == 41005);
  BOOST_TEST(form("name=\"img\"; filename=\"x.png\"", "no image") == 101002);
  BOOST_TEST(codeOf(send("POST", scanPath + "?access_token="s + token, "image/png", png)) == 41005);
  BOOST_TEST(codeOf(send("POST", scanPath + "?access_token="s + token)) == 101000);
  BOOST_TEST(codeOf(send("GET", scanPath + "?access_token="s + token)) == 43002);
  BOOST_TEST(codeOf(send("POST", scanPath)) == 41001);

  std::string large(2 * 1024 * 1024 - 1 - png.size(), '\0');
  BOOST_TEST(codeOf(upload(scanPath, png + large)) == 0);
  for (const auto* path : {cropPath, scanPath, enlargePath}) BOOST_TEST(codeOf(upload(path, png + large + "x")) == 101002);
}

BOOST_AUTO_TEST_CASE(pictures_too_large_to_decode_are_refused) {
  const Image image{64, 64};
  const auto png = image.png();
  auto gif = image.gif();
  gif.replace(6, 4, "\xFF\xFF\xFF\xFF");
  auto jpeg = image.jpeg();
  const auto frame = jpeg.find("\xFF\xC0\x00\x11"s);
  BOOST_REQUIRE(frame != std::string::npos);
  auto many = jpeg;
  const auto end = many.rfind("\xFF\xD9"s);
  for (int i = 0; i != 200; ++i) many.insert(end, "\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00"s);
  jpeg.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
  const std::vector<std::string> bombs{resized(png, 50'000, 50'000),
                                       resized(png, 0x7FFFFFFF, 0x7FFFFFFF),
                                       resized(png, 0xFFFFFFFF, 1),
                                       resized(png, 25'000'001, 1),
                                       resized(png, 0, 64),
                                       resized(png, 64, 0),
                                       gif,
                                       jpeg,
                                       many};
  for (std::size_t i = 0; i != bombs.size(); ++i) {
    BOOST_TEST_CONTEXT("picture " << i) {
      BOOST_TEST(!weixin_api::pictureHeader(bombs[i]).has_value());
      for (const auto* path : {cropPath, scanPath, enlargePath}) BOOST_TEST(codeOf(upload(path, bombs[i])) == 101002);
    }
  }
}

BOOST_AUTO_TEST_CASE(damaged_pictures) {
  Image image{120, 110};
  image.draw(10, 10, encode(ZXing::BarcodeFormat::QRCode, "damaged", 84, 84));
  std::mt19937 random{20260731};
  for (const auto& whole : {image.png(), image.jpeg(), image.gif()}) {
    BOOST_REQUIRE(weixin_api::Picture::read(whole).has_value());
    const bool mayBeCut = whole.starts_with("GIF");
    for (std::size_t length = 0; length != whole.size(); ++length) {
      const auto picture = weixin_api::Picture::read(std::string_view{whole}.substr(0, length));
      if (!mayBeCut) BOOST_TEST(!picture.has_value(), "prefix of " << length << " of " << whole.size());
      if (picture) BOOST_TEST(picture->width() == 120);
    }
    std::size_t readable = 0;
    for (int round = 0; round != 3000; ++round) {
      auto bytes = whole;
      for (auto flips = 1 + random() % 4; flips != 0; --flips) bytes[random() % bytes.size()] = static_cast<char>(random());
      // Sizes that are allowed, but only waste time here.
      const auto header = weixin_api::pictureHeader(bytes);
      if (header && header->width * header->height > 100'000) continue;
      const auto picture = weixin_api::Picture::read(bytes);
      if (!picture) continue;
      ++readable;
      for (const auto& code : weixin_api::readCodes(picture->grey())) BOOST_TEST(codec::isUtf8(code.data));
    }
    BOOST_TEST(readable < 3000U);
  }
  // And through the door.
  const auto whole = image.png();
  for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 20) {
    BOOST_TEST(codeOf(upload(scanPath, whole.substr(0, length))) == (length == 0 ? 41005 : 101002));
  }
  BOOST_TEST(codeOf(upload(scanPath, whole)) == 0);
}

BOOST_AUTO_TEST_CASE(noise_is_no_code) {
  std::mt19937 random{7};
  for (int round = 0; round != 20; ++round) {
    Image image{200, 150};
    for (int i = 0; i != 400; ++i) {
      const int x = static_cast<int>(random() % 190);
      const int y = static_cast<int>(random() % 140);
      image.box(x, y, x + static_cast<int>(random() % 10), y + static_cast<int>(random() % 10),
                static_cast<int>(random() & 0xFFFFFF));
    }
    BOOST_TEST(codeOf(upload(scanPath, image.png())) == 0);
  }
}

BOOST_AUTO_TEST_CASE(contents_that_do_not_fit) {
  BOOST_CHECK_THROW(static_cast<void>(weixin_api::drawQr("", {})), std::runtime_error);
  BOOST_CHECK_THROW(static_cast<void>(weixin_api::drawQr(std::string(weixin_api::maxQrBytes + 1, 'x'), {})), std::runtime_error);
  BOOST_CHECK_THROW(static_cast<void>(weixin_api::drawQr(std::string(1000, 'x'), {.width = 50})), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
