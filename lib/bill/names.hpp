#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openapi::bill {

/// `text` as it may stand in a message: at most 64 characters of valid UTF-8 without control characters.
[[nodiscard]] std::string shown(std::string_view text);

/// The cells of a line of names: separated by commas, full-width ones too, without blanks around them.
[[nodiscard]] std::vector<std::string> splitNames(std::string_view line);

[[nodiscard]] bool isBlank(std::string_view line);

}  // namespace openapi::bill
