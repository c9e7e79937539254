#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace openapi::bill {

/// Where a bill goes while it is downloaded. The calls come one after the other, on the thread that reads the answer, and the
/// next bytes are read when `write` has returned. What they throw ends the download and reaches its caller.
class BillSink {
 public:
  virtual ~BillSink() = default;
  /// An attempt begins: what was written before is void.
  virtual void restart() = 0;
  /// The next bytes of the bill: decompressed, UTF-8.
  virtual void write(std::string_view bytes) = 0;
  /// The bill is complete, and whatever the platform gave for checking was checked.
  virtual void complete() = 0;
};

/// A sink that is a file. It appears under `path` only when it is complete: until then the bytes are in a file of another name in
/// the same folder (`.NAME.part`), which is locked, synced, then renamed; without `complete` it is removed with the sink, and
/// what a killed process left behind is removed by the next sink for the same `path`. An existing file is replaced.
/// With `check` the finished bill is read before it is renamed: every row must be readable, and the summary be that of the rows.
/// Throws `Error`: `config` when the file cannot be written (no such folder, no rights, disk full), `badResponse` when
/// the check fails. One sink for one path at a time: another one, in any process, gives `config`, which is then `retryable()`.
[[nodiscard]] std::shared_ptr<BillSink> makeBillFile(std::string path, bool check = true);

}  // namespace openapi::bill

namespace openapi {
using bill::BillSink;
}
