#include "bill/scan.hpp"

#include <algorithm>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace openapi::bill {
namespace {

// The bytes of a block that are separators, line feeds, not ASCII: one bit for each.
struct Masks {
  std::uint64_t separators;
  std::uint64_t lineFeeds;
  std::uint64_t high;
};

constexpr std::size_t blockSize = 64;

template <Separator separator>
Masks plainMasks(const char* block) {
  Masks masks{};
  for (std::size_t i = 0; i < blockSize; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (block[i] == ',' && (separator == Separator::comma || block[i + 1] == '`')) masks.separators |= bit;
    if (block[i] == '\n') masks.lineFeeds |= bit;
    if ((static_cast<unsigned char>(block[i]) & 0x80U) != 0) masks.high |= bit;
  }
  return masks;
}

#if defined(__x86_64__)
template <Separator separator>
Masks sse2Masks(const char* block) {
  Masks masks{};
  for (unsigned part = 0; part < 4; ++part) {
    const auto* from = reinterpret_cast<const __m128i*>(block + 16 * part);
    const __m128i bytes = _mm_loadu_si128(from);
    __m128i found = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
    if constexpr (separator == Separator::tick) {
      const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * part + 1));
      found = _mm_and_si128(found, _mm_cmpeq_epi8(next, _mm_set1_epi8('`')));
    }
    const auto bits = [part](__m128i mask) {
      return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(mask))) << (16 * part);
    };
    masks.separators |= bits(found);
    masks.lineFeeds |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
    masks.high |= bits(bytes);
  }
  return masks;
}

template <Separator separator>
__attribute__((target("avx2"), always_inline)) inline Masks avx2Masks(const char* block) {
  Masks masks{};
  for (unsigned part = 0; part < 2; ++part) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32 * part));
    __m256i found = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(','));
    if constexpr (separator == Separator::tick) {
      const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32 * part + 1));
      found = _mm256_and_si256(found, _mm256_cmpeq_epi8(next, _mm256_set1_epi8('`')));
    }
    const auto separators = static_cast<unsigned>(_mm256_movemask_epi8(found));
    const auto lineFeeds = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'))));
    const auto high = static_cast<unsigned>(_mm256_movemask_epi8(bytes));
    masks.separators |= std::uint64_t{separators} << (32 * part);
    masks.lineFeeds |= std::uint64_t{lineFeeds} << (32 * part);
    masks.high |= std::uint64_t{high} << (32 * part);
  }
  return masks;
}
#endif

inline void finish(const char* line, std::size_t length, std::size_t separators, Separator separator, Cells& result) {
  result.begin = line;
  result.length = length;
  result.count = separators + 1;
  result.width = separator == Separator::tick ? 2 : 1;
  if (length > 0 && line[length - 1] == '\r') --length;
  result.before[std::min(separators, mostCells) + 1] = static_cast<std::uint32_t>(length);
}

// The loop over blocks, the same for all; a macro because what is built for one processor cannot be inlined into another's.
#define OPENAPI_BILL_SCAN(masksOf)                                                                                \
  std::size_t found = 0;                                                                                          \
  bool anyHigh = false;                                                                                           \
  result.firstHigh = result.endHigh = 0;                                                                          \
  result.before[0] = ~std::uint32_t{0};                                                                           \
  for (std::size_t block = 0;; block += blockSize) {                                                              \
    Masks masks = masksOf(line + block);                                                                          \
    const std::uint64_t lineFeeds = masks.lineFeeds;                                                              \
    if (lineFeeds != 0) {                                                                                         \
      const std::uint64_t inLine = (lineFeeds & (~lineFeeds + 1)) - 1;                                            \
      masks.separators &= inLine;                                                                                 \
      masks.high &= inLine;                                                                                       \
    }                                                                                                             \
    if (masks.high != 0) {                                                                                        \
      if (!anyHigh) result.firstHigh = block + static_cast<unsigned>(std::countr_zero(masks.high));               \
      anyHigh = true;                                                                                             \
      result.endHigh = block + blockSize - static_cast<unsigned>(std::countl_zero(masks.high));                   \
    }                                                                                                             \
    std::uint32_t* at = result.before.data() + 1 + std::min(found, mostCells);                                    \
    found += static_cast<unsigned>(std::popcount(masks.separators));                                              \
    for (; masks.separators != 0; masks.separators &= masks.separators - 1) {                                     \
      *at++ = static_cast<std::uint32_t>(block) + static_cast<std::uint32_t>(std::countr_zero(masks.separators)); \
    }                                                                                                             \
    if (lineFeeds != 0) {                                                                                         \
      finish(line, block + static_cast<unsigned>(std::countr_zero(lineFeeds)), found, separator, result);         \
      return;                                                                                                     \
    }                                                                                                             \
  }

template <Separator separator>
void plainScan(const char* line, Cells& result) {
  OPENAPI_BILL_SCAN(plainMasks<separator>)
}

#if defined(__x86_64__)
template <Separator separator>
void sse2Scan(const char* line, Cells& result) {
  OPENAPI_BILL_SCAN(sse2Masks<separator>)
}

template <Separator separator>
__attribute__((target("avx2,bmi,popcnt"))) void avx2Scan(const char* line, Cells& result) {
  OPENAPI_BILL_SCAN(avx2Masks<separator>)
}

bool hasAvx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0; }
#endif

template <Separator separator>
std::array<ScanLine, 3> all() {
#if defined(__x86_64__)
  return {plainScan<separator>, sse2Scan<separator>, hasAvx2() ? avx2Scan<separator> : sse2Scan<separator>};
#else
  return {plainScan<separator>, plainScan<separator>, plainScan<separator>};
#endif
}

}  // namespace

std::array<ScanLine, 3> allScanLines(Separator separator) {
  return separator == Separator::tick ? all<Separator::tick>() : all<Separator::comma>();
}

ScanLine scanLine(Separator separator) { return allScanLines(separator).back(); }

}  // namespace openapi::bill
