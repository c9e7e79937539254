#pragma once

#include "ledger.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace demo {

/// What the nightly commands said of one platform's day.
struct NightRun {
  Provider provider{};
  std::size_t entries = 0;              ///< of the shop's books
  int download = -1;                    ///< exit code of `openapi bill download`
  int honest = -1;                      ///< of `openapi bill reconcile` with the shop's books
  int spoilt = -1;                      ///< with books in which differences were planted
  std::vector<std::string> planted{};   ///< each as `amount payment D1`, sorted
  std::vector<std::string> reported{};  ///< what the second reconciliation reported, likewise

  [[nodiscard]] bool right() const { return download == 0 && honest == 0 && spoilt == 3 && reported == planted; }
};

/// What a finance team lets run every night: `openapi bill download` and `openapi bill reconcile`, for the bill of `date`
/// (yyyyMMdd). `command` is the command line's program, `configs` the folder with the configurations. Throws when the commands
/// cannot be run.
[[nodiscard]] NightRun nightlyRun(const std::string& command, const std::filesystem::path& configs, Provider provider,
                                  const Ledger& ledger, const std::string& date);

/// The runs as a person reads them. Whether all was as it should be.
bool report(std::ostream& out, const std::vector<NightRun>& runs);

}  // namespace demo
