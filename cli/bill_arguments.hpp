#pragma once

#include <cli/commands.hpp>

#include <CLI/App.hpp>

namespace openapi::cli {

/// `openapi bill`: its subcommands, and what they were given.
struct BillArguments {
  BillDownloadOptions download{};
  BillShowOptions show{};
  BillReconcileOptions reconcile{};
  CLI::App* bill = nullptr;
  CLI::App* downloadCommand = nullptr;
  CLI::App* showCommand = nullptr;
};

/// Adds the commands to `app`, which then fills `arguments`.
void addBill(CLI::App& app, BillArguments& arguments);
/// Runs the one that was chosen, and gives the exit code.
[[nodiscard]] int runBill(const BillArguments& arguments);

}  // namespace openapi::cli
