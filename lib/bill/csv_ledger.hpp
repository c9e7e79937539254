#pragma once

#include <openapi/bill/ledger.hpp>
#include <openapi/bill/reader.hpp>

#include <memory>
#include <string>

namespace openapi::bill {

/// A CSV ledger from anywhere; `name` stands in messages.
[[nodiscard]] std::unique_ptr<Ledger> readCsvLedger(std::unique_ptr<BillSource> source, std::string name);

}  // namespace openapi::bill
