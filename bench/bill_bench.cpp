// Reads a trade bill to its end, every row typed and the summary checked: bill_bench FILE. Prints what it read as JSON.
#include "memory.hpp"

#include <openapi/bill/reader.hpp>

#include <cstdio>
#include <exception>

using namespace openapi;

namespace {

int run(const char* file) {
  bill::BillReader reader{file};
  Fen paid{};
  Fen refunded{};
  std::size_t characters = 0;
  while (const auto* row = reader.nextTrade()) {
    paid += row->totalFee.value_or(Fen{});
    if (row->kind == bill::TradeKind::refund) refunded += row->refundAppliedFee.value_or(Fen{});
    characters += row->outTradeNo.size() + row->transactionId.size();
  }
  std::printf(R"({"rows":%llu,"paid":"%s","refunded":"%s","characters":%zu,"bytes":%llu,"peakMiB":%.1f})"
              "\n",
              static_cast<unsigned long long>(reader.summary().rows), paid.yuan().c_str(), refunded.yuan().c_str(), characters,
              static_cast<unsigned long long>(reader.bytesRead()), bench::peakMiB());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2) return run(argv[1]);
    std::fprintf(stderr, "usage: bill_bench FILE\n");
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bill_bench: %s\n", error.what());
    return 1;
  }
}
