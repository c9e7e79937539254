#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace openapi::cli {

/// Where one bill lies, and what a run remembers of it: `DIR/NAME/20261120-ALL.csv`, and beside it in its place the empty files
/// `….nobill` (there was no trade that day) or `….notready` (it was being made).
struct BillPlace {
  std::filesystem::path file{};
  std::filesystem::path noBill{};
  std::filesystem::path notReady{};
};

[[nodiscard]] BillPlace billPlace(const std::filesystem::path& folder, const std::string& date, std::string_view bill);
/// The place of a bill whose file is `file`: its marks have the same name without `.csv`.
[[nodiscard]] BillPlace billPlace(const std::filesystem::path& file);

[[nodiscard]] bool isFile(const std::filesystem::path& path);
/// Makes the folder for `place`. Throws `Error` with `Errc::config`.
void makeFolder(const BillPlace& place);
/// Removes what a killed process left of an unfinished bill, unless another one is at work on it.
void removeLeftover(const BillPlace& place);

// What is known of the bill, on the disk. Both throw `Error` with `Errc::config`.
void setMark(const std::filesystem::path& mark);
void removeMarks(const BillPlace& place);

}  // namespace openapi::cli
