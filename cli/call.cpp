#include <cli/binary.hpp>
#include <cli/commands.hpp>
#include <cli/error_line.hpp>
#include <cli/files.hpp>
#include <cli/methods.hpp>
#include <cli/run.hpp>

#include <iostream>

namespace openapi::cli {
namespace {

constexpr std::size_t maxInputBytes = 16 * 1024 * 1024;

[[noreturn]] void failInput(const std::string& problem) { throw Error{Errc::invalidArgument, "input: " + problem}; }

std::string inputText(const std::optional<std::string>& source) {
  try {
    if (source && *source != "-") return readFile(*source, maxInputBytes);
    if (source || !standardInputIsTerminal()) return readStandardInput(maxInputBytes);
    return {};
  } catch (const FileError& error) {
    failInput(source && *source != "-" ? "cannot read " + *source + ": " + error.what() : error.what());
  }
}

Json inputOf(const CallOptions& options) {
  const auto text = inputText(options.input);
  const bool blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (blank && !options.input) return Fields{};
  try {
    return Json::parse(text);
  } catch (const Error& error) {
    failInput(error.what());
  }
}

Json callMethod(const CallOptions& options, const ProviderEntry& provider, const Method& method) {
  std::shared_ptr<Client> client;  // outlives the event loop's work
  return runInterruptible([&](boost::asio::any_io_executor executor) {
    client = provider.open(std::move(executor), options.config, options.timeout);
    return method.call(*client, inputOf(options));
  });
}

void printResult(const Json& result) {
  try {
    writeOutput(jsonText(result) + "\n");
  } catch (const FileError& error) {
    throw unknownOutcome(Errc::badResponse,
                         std::string{"the call succeeded, but its result could not be written: "} + error.what());
  }
}

}  // namespace

int runCall(const CallOptions& options) {
  const auto provider = findProvider(options.provider);
  const auto method = findMethod(provider, options.method);
  std::optional<Error> failure;
  try {
    printResult(callMethod(options, provider, method));
    return 0;
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure = unknownOutcome(Errc::badResponse, std::string{"unexpected failure: "} + error.what());
  }
  std::cerr << errorLine(*failure, provider.name, method.name) + "\n" << std::flush;
  return 1;
}

}  // namespace openapi::cli
