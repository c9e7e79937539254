#include "bill/csv_ledger.hpp"

#include <openapi/error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "bill/csv_records.hpp"
#include "bill/descriptor.hpp"
#include "bill/ledger_columns.hpp"

namespace openapi::bill {
namespace {

[[noreturn]] void failToRead(const std::filesystem::path& file, int reason) {
  throw Error{Errc::config, "cannot read the ledger " + file.string() + ": " + std::system_category().message(reason)};
}

class FileBytes final : public BillSource {
 public:
  explicit FileBytes(std::filesystem::path path) : path_{std::move(path)}, file_{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)} {
    if (file_.get() < 0) failToRead(path_, errno);
  }

  std::size_t read(std::span<char> buffer) override {
    while (true) {
      const auto count = ::read(file_.get(), buffer.data(), buffer.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) failToRead(path_, errno);
    }
  }

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

class CsvLedger final : public Ledger {
 public:
  CsvLedger(std::unique_ptr<BillSource> source, const std::string& name) : records_{std::move(source), name} {
    if (!records_.next()) throw Error{Errc::invalidArgument, name + ": it is empty; the first line has the names of the columns"};
    const std::vector<std::string> names{records_.cells().begin(), records_.cells().end()};
    columns_ = names.size();
    rows_.emplace(name, records_.line(), names);
  }

  const LedgerEntry* next() override {
    if (!records_.next()) return nullptr;
    const auto& cells = records_.cells();
    if (cells.size() != columns_) {
      records_.fail(std::to_string(columns_) + " columns, but " + std::to_string(cells.size()) + " cells in this row");
    }
    LedgerCells row;
    const auto& positions = rows_->positions();
    for (std::size_t column = 0; column < ledgerColumnCount; ++column) {
      if (positions[column]) row[column] = cells[*positions[column]];
    }
    return &rows_->read(records_.line(), row);
  }

 private:
  CsvRecords records_;
  std::size_t columns_ = 0;
  std::optional<LedgerRows> rows_{};
};

}  // namespace

std::unique_ptr<Ledger> readCsvLedger(std::unique_ptr<BillSource> source, std::string name) {
  return std::make_unique<CsvLedger>(std::move(source), name);
}

std::unique_ptr<Ledger> openCsvLedger(const std::filesystem::path& file) {
  return readCsvLedger(std::make_unique<FileBytes>(file), file.string());
}

}  // namespace openapi::bill
