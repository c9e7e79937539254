#include <bill/checked_bill.hpp>

#include <openapi/bill/reader.hpp>

namespace openapi::bill {

void checkBill(const std::string& file, const std::string& shownAs) {
  BillOptions options;
  options.name = shownAs;
  BillReader reader{std::filesystem::path{file}, std::move(options)};
  static_cast<void>(reader.finish());
}

}  // namespace openapi::bill
