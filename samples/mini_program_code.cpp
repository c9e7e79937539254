// A code that opens a page of the mini program, on disk. The image and an error come from the same address of the platform;
// the library tells them apart, so what is written is an image. A file that is complete gets its name last.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace wx = openapi::weixin;

void save(const fs::path& file, const openapi::Bytes& image) {
  auto unfinished = file;
  unfinished += ".part";
  std::ofstream out{unfinished, std::ios::binary};
  out << image.data;
  out.close();
  if (!out) throw std::runtime_error{"cannot write " + unfinished.string()};
  fs::rename(unfinished, file);
}

asio::awaitable<void> drawCode(const wx::Wxacode& wxacode, std::string scene, fs::path folder) {
  wx::GetUnlimitedRequest request{.scene = scene, .page = "pages/goods/index", .width = 430};
  auto code = co_await wxacode.getUnlimited(request);
  const auto file = folder / (code.contentType == "image/png" ? "goods.png" : "goods.jpg");
  save(file, code.buffer);
  std::cout << file.filename().string() << ": " << code.contentType << ", " << fs::file_size(file) << " bytes\n";
}

/// What the code says, read by WeChat.
asio::awaitable<std::string> readCode(const wx::Img& img, std::string image) {
  wx::ScanQRCodeRequest request{.img = wx::FileContent{.contentType = "image/jpeg", .value = {image}}};
  auto answer = co_await img.scanQRCode(request);
  co_return answer.codeResults.empty() ? "" : answer.codeResults.front().data;
}

asio::awaitable<void> drawAndRead(openapi::Weixin& weixin, fs::path folder, std::string& found) {
  co_await drawCode(weixin.wxacode, "goods-20261121", folder);
  std::ifstream in{folder / "goods.jpg", std::ios::binary};
  const std::string image{std::istreambuf_iterator<char>{in}, {}};
  found = co_await readCode(weixin.img, image);
  std::cout << "it says " << found << '\n';
}

int main() try {
  samples::LocalPlatforms platforms;
  const samples::Folder folder{"openapi-codes"};
  asio::io_context context;
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};
  std::string found;
  asio::co_spawn(context, drawAndRead(weixin, folder.path(), found), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  samples::require(found.find("goods-20261121") != std::string::npos, "the code holds the scene");
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
