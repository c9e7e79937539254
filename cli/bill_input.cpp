#include <cli/bill_input.hpp>

#include <openapi/error.hpp>

#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace openapi::cli {
namespace {

class StandardInput final : public bill::BillSource {
 public:
  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw Error{Errc::config, "standard input: " + std::system_category().message(errno)};
    }
  }
};

}  // namespace

bill::BillReader openBill(const std::string& file, bill::BillOptions options) {
  if (file == "-") return bill::BillReader{std::make_unique<StandardInput>(), std::move(options)};
  return bill::BillReader{std::filesystem::path{file}, std::move(options)};
}

}  // namespace openapi::cli
