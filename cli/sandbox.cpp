#include <cli/commands.hpp>
#include <cli/error_line.hpp>
#include <cli/files.hpp>
#include <gateways/sandbox.hpp>

#include <csignal>
#include <exception>
#include <iostream>

namespace openapi::cli {
namespace {

/// The signals that stop the sandbox. Blocked before its thread starts, so that only `sigwait` takes them.
sigset_t blockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

}  // namespace

int runSandbox(const gateway::SandboxOptions& options) {
  const auto signals = blockStopSignals();
  try {
    const gateway::Sandbox sandbox{options};
    writeOutput(sandbox.readyLine() + "\n");
    int signal = 0;
    sigwait(&signals, &signal);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << errorLine(Error{Errc::config, error.what()}, "", "sandbox") + "\n" << std::flush;
    return 1;
  }
}

}  // namespace openapi::cli
