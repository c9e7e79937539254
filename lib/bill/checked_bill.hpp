#pragma once

#include <string>

namespace openapi::bill {

/// Reads the bill in `file` to its end. Throws `Error` with `badResponse` that names `shownAs`, line and column of what is wrong:
/// a row that cannot be read, a summary that is not that of the rows.
void checkBill(const std::string& file, const std::string& shownAs);

}  // namespace openapi::bill
