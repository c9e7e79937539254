#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace openapi::codec {

/// Decodes one gzip stream (RFC 1952) piece by piece, trailer checked, in constant memory.
class Gunzip {
 public:
  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool finished = false;  ///< the trailer was there and agrees; what was not consumed does not belong to the stream
  };

  virtual ~Gunzip() = default;

  /// Decodes from `in` into `out` until one of them is used up. Throws `Error` with `Errc::badResponse` when the data is
  /// damaged. Not to be called again after it has finished.
  virtual Step run(std::span<const char> in, std::span<char> out) = 0;
};

/// Refuses a stream that grows out of all proportion.
class GrowthGuard {
 public:
  /// Throws `Error` with `Errc::badResponse`.
  void add(const Gunzip::Step& step);

 private:
  std::uint64_t consumed_ = 0;
  std::uint64_t produced_ = 0;
};

[[nodiscard]] std::unique_ptr<Gunzip> zlibGunzip();
/// Null when this build has no ISA-L.
[[nodiscard]] std::unique_ptr<Gunzip> isalGunzip();
/// The fastest that this build has.
[[nodiscard]] std::unique_ptr<Gunzip> fastestGunzip();

}  // namespace openapi::codec
