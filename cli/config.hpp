#pragma once

#include <openapi/http_options.hpp>
#include <openapi/json.hpp>

#include <cli/binary.hpp>
#include <marshal/json_struct.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace openapi::cli {

/// A configuration file, read: its members with `…File` replaced by what the files hold, and how requests travel.
struct ConfigFile {
  std::string folder{};  ///< that the paths in the file are relative to
  Fields members{};
  HttpOptions http{};
};

/// `members` with `{"$base64":"…"}` and `…File` of `texts` replaced by what they hold. `scope` (`redis.`) stands before the
/// names in messages.
[[nodiscard]] Fields withFiles(const Fields& members, const std::vector<std::string_view>& texts, const std::string& folder,
                               std::string_view scope = {});

/// Reads `path`. `texts` are the members that may come from a file: `keyFile` is the path of the file that holds `key`,
/// relative to the folder of the configuration. Throws `Error` with `Errc::config` that names the file and the member.
[[nodiscard]] ConfigFile readConfig(const std::string& path, const std::vector<std::string_view>& texts);

/// Runs `work`; whatever is wrong is the configuration's fault.
template <class Work>
auto asConfigError(const std::string& path, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error{Errc::config, path + ": " + error.what()};
  }
}

/// Throws for a name that is not one of `known` in either spelling. `texts` may come from files.
void refuseUnknown(const Fields& members, std::vector<std::string_view> known, const std::vector<std::string_view>& texts);

/// The provider's configuration struct. An unknown member is an error.
template <marshal::Described Config>
Config configFrom(const Fields& members) {
  refuseUnknown(members, marshal::memberNames<Config>(), textMembers<Config>());
  return marshal::fromJson<marshal::CamelStyle, Config>(Json{members});
}

}  // namespace openapi::cli
