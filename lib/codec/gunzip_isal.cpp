#include "codec/gunzip.hpp"

#ifdef OPENAPI_WITH_ISAL
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

#include "codec/fail.hpp"
#endif

namespace openapi::codec {

#ifdef OPENAPI_WITH_ISAL
namespace {

std::uint32_t stepOf(std::size_t size) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(size, std::numeric_limits<std::int32_t>::max()));
}

class IsalGunzip final : public Gunzip {
 public:
  IsalGunzip() {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
  }

  Step run(std::span<const char> in, std::span<char> out) override {
    const std::uint32_t offered = stepOf(in.size());
    const std::uint32_t room = stepOf(out.size());
    state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));  // ISA-L only reads
    state_.avail_in = offered;
    state_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state_.avail_out = room;
    const int result = isal_inflate(&state_);
    if (result < 0 || result == ISAL_NEED_DICT) failBadResponse("gzip: damaged data");
    return {offered - state_.avail_in, room - state_.avail_out, state_.block_state == ISAL_BLOCK_FINISH};
  }

 private:
  inflate_state state_{};
};

}  // namespace

std::unique_ptr<Gunzip> isalGunzip() { return std::make_unique<IsalGunzip>(); }

#else

std::unique_ptr<Gunzip> isalGunzip() { return nullptr; }

#endif

}  // namespace openapi::codec
