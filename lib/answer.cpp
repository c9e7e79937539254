#include <answer.hpp>

#include <openapi/error.hpp>

#include <string>

namespace openapi {

void failMissing(std::string_view name) { throw Error{Errc::badResponse, std::string{name} + ": missing in the answer"}; }

void requirePresent(std::string_view name, std::string_view value) {
  if (value.empty()) failMissing(name);
}

}  // namespace openapi
