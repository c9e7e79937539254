#pragma once

#include "day.hpp"

#include <iosfwd>

namespace demo {

/// The day as a person reads it. Whether everything agrees.
bool report(std::ostream& out, const Ledger& ledger, const Shop& shop, const Outcomes& outcomes);

}  // namespace demo
