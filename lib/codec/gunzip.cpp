#include "codec/gunzip.hpp"

#include "codec/fail.hpp"

namespace openapi::codec {

void GrowthGuard::add(const Gunzip::Step& step) {
  constexpr std::uint64_t alwaysFine = 16UL * 1024 * 1024;
  constexpr std::uint64_t mostGrowth = 200;
  consumed_ += step.consumed;
  produced_ += step.produced;
  if (produced_ > alwaysFine && produced_ / mostGrowth > consumed_) {
    failBadResponse("gzip: the data grows more than 200 times, refused as a gzip bomb");
  }
}

}  // namespace openapi::codec
