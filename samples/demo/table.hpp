#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace demo {

using Row = std::vector<std::string>;

/// The first column to the left, all others to the right.
void table(std::ostream& out, const std::vector<Row>& rows);

}  // namespace demo
