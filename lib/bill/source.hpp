#pragma once

#include <openapi/bill/reader.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace openapi::bill {

/// How far a bill was read.
struct Progress {
  std::uint64_t read = 0;
  std::optional<std::uint64_t> total{};
};

/// The decoded bytes of a bill, and where they come from.
struct OpenedSource {
  std::unique_ptr<BillSource> source{};
  std::shared_ptr<Progress> progress{};
  std::string entry{};  ///< the name inside a zip archive
};

/// Recognises gzip and zip by their first bytes, and takes the wrapping off. `totals`: see `BillOptions`.
[[nodiscard]] OpenedSource openFile(const std::filesystem::path& file, bool totals);
[[nodiscard]] OpenedSource openSource(std::unique_ptr<BillSource> source, bool totals);

/// GB18030 to UTF-8; `begin` was already read.
[[nodiscard]] std::unique_ptr<BillSource> fromGb18030(std::unique_ptr<BillSource> source, std::string begin);

}  // namespace openapi::bill
