// The reader of bills over plain text, in two block sizes: UTF-8 and GBK, every layout.
#include "bill_oracle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::textOf(data, size);
  // What begins like gzip or zip belongs to the other targets.
  if (text.starts_with("PK") || text.starts_with("\x1F\x8B")) return 0;
  const auto whole = fuzz::readBill(text, 64UL * 1024);
  const auto pieces = fuzz::readBill(text, 1 + size % 97);
  fuzz::require(whole == pieces, "another block size gives another bill");
  return 0;
}
