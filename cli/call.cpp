#include <cli/binary.hpp>
#include <cli/commands.hpp>
#include <cli/error_line.hpp>
#include <cli/files.hpp>
#include <cli/methods.hpp>
#include <cli/output_file.hpp>
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

/// A login code, say, given as it is.
bool looksUnquoted(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && std::string_view{"{[\""}.find(text[first]) == std::string_view::npos;
}

Json inputOf(const CallOptions& options) {
  const auto text = inputText(options.input);
  const bool blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (blank && !options.input) return Fields{};
  try {
    return Json::parse(text);
  } catch (const Error& error) {
    failInput(error.what() + std::string{looksUnquoted(text) ? "; a text needs quotes: '\"…\"'" : ""});
  }
}

/// What a call gave, and the file that its bytes go to, if they do.
struct Called {
  Json result{};
  std::unique_ptr<OutputFile> file{};
};

Called callMethod(const CallOptions& options, const ProviderEntry& provider, const Method& method) {
  Called called;
  std::shared_ptr<Client> client;  // outlives the event loop's work
  called.result = runInterruptible([&](boost::asio::any_io_executor executor) {
    // From here on a signal ends the call, and not the program: nothing unfinished stays behind.
    if (options.output) called.file = std::make_unique<OutputFile>(*options.output);
    client = provider.open(std::move(executor), options.config, {.timeout = options.timeout});
    return method.call(*client, inputOf(options));
  });
  return called;
}

[[noreturn]] void failWriting(const std::string& problem) {
  throw unknownOutcome(Errc::badResponse, "the call succeeded, but " + problem);
}

/// The names of the methods that give bytes.
std::string methodsWithBytes(const ProviderEntry& provider) {
  std::string names;
  for (const auto& method : provider.methods) {
    if (!fileMember(method.output()).empty()) names += (names.empty() ? "" : ", ") + std::string{method.name};
  }
  return names;
}

void requireBytes(const CallOptions& options, const ProviderEntry& provider, const Method& method) {
  if (!options.output) return;
  if (options.output->empty() || *options.output == "-") throw UsageError{"--output: expected the name of a file"};
  if (!fileMember(method.output()).empty()) return;
  const auto names = methodsWithBytes(provider);
  throw UsageError{"--output: " + std::string{method.name} + " gives no bytes; " +
                   (names.empty() ? "no method of " + std::string{provider.name} + " does" : "these do: " + names)};
}

/// Puts the bytes of `result` into `file`, and the name of the file in their place. Without bytes there is no file.
Json saved(const Json& result, std::string_view member, const std::string& name, OutputFile& file) {
  const auto* found = result.find(member);
  if (found == nullptr) return result;
  const auto bytes = withBytes(*found, member, Errc::badResponse);
  if (bytes.string() == nullptr || bytes.string()->empty()) return result;
  try {
    file.write(*bytes.string());
  } catch (const FileError& error) {
    failWriting(name + " could not be written: " + error.what());
  }
  auto fields = *result.object();
  fields.set(std::string{member}, Fields{{"$file", name}});
  return fields;
}

void printResult(const Json& result) {
  try {
    writeOutput(jsonText(result) + "\n");
  } catch (const FileError& error) {
    failWriting(std::string{"its result could not be written: "} + error.what());
  }
}

}  // namespace

int runCall(const CallOptions& options) {
  const auto provider = findProvider(options.provider);
  const auto method = findMethod(provider, options.method);
  requireBytes(options, provider, method);
  std::optional<Error> failure;
  try {
    const auto called = callMethod(options, provider, method);
    const auto member = fileMember(method.output());
    printResult(called.file ? saved(called.result, member, *options.output, *called.file) : called.result);
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
