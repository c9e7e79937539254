#include <cli/bill_folder.hpp>
#include <cli/bill_input.hpp>

#include <openapi/error.hpp>

#include <unistd.h>

#include <cerrno>
#include <filesystem>
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

/// In place of a bill `bill download` may have left a mark that says why it is not there.
void explainAbsence(const std::string& file) {
  std::error_code error;
  if (std::filesystem::exists(file, error)) return;
  const auto place = billPlace(file);
  const auto explain = [&](const std::filesystem::path& mark, const std::string& why) {
    if (isFile(mark)) throw Error{Errc::invalidArgument, file + " is not there: " + why + " (" + mark.filename().string() + ")"};
  };
  explain(place.noBill, "the platform made no bill for that day");
  explain(place.notReady, "it was not ready; run `openapi bill download` again");
}

}  // namespace

bill::BillReader openBill(const std::string& file, bill::BillOptions options) {
  if (file == "-") return bill::BillReader{std::make_unique<StandardInput>(), std::move(options)};
  explainAbsence(file);
  return bill::BillReader{std::filesystem::path{file}, std::move(options)};
}

}  // namespace openapi::cli
