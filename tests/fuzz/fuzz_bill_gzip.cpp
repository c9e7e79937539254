// The two decoders of gzip, and the reader of bills behind the one that is used.

#include "bill_oracle.hpp"
#include "codec/gunzip.hpp"

namespace {

struct Decoded {
  std::string text{};
  bool accepted = false;

  bool operator==(const Decoded&) const = default;
};

Decoded decode(openapi::codec::Gunzip& decoder, std::string_view bytes, std::size_t inStep) {
  constexpr std::size_t most = 1 << 20;
  Decoded result;
  std::string out(4096, '\0');
  std::size_t consumed = 0;
  bool finished = false;
  fuzz::accepts(openapi::Errc::badResponse, [&] {
    while (!finished && result.text.size() < most) {
      const auto in = bytes.substr(consumed, inStep);
      const auto step = decoder.run(in, out);
      fuzz::require(step.consumed <= in.size() && step.produced <= out.size(), "more than was offered");
      result.text.append(out, 0, step.produced);
      consumed += step.consumed;
      finished = step.finished;
      if (in.empty() && step.produced == 0) break;
    }
  });
  result.accepted = finished && consumed == bytes.size();
  if (!result.accepted) result.text.clear();  // how far a decoder comes in damaged data is its own affair
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::textOf(data, size);
  const auto zlib = openapi::codec::zlibGunzip();
  const auto reference = decode(*zlib, bytes, 1 + size % 61);
  if (const auto isal = openapi::codec::isalGunzip()) {
    const auto found = decode(*isal, bytes, bytes.size() + 1);
    // ISA-L ignores what the flags of the header reserve.
    if (reference.accepted) fuzz::require(found == reference, "ISA-L and zlib differ");
  }
  if (bytes.starts_with("\x1F\x8B")) (void)fuzz::readBill(bytes, 4096);
  return 0;
}
