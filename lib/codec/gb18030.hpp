#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace openapi::codec {

/// Converts GBK, GB2312 and GB18030 to UTF-8 piece by piece. Bytes that are no text become 0xFF bytes, which no UTF-8 has: who
/// reads the text finds them where they are.
class Gb18030Stream {
 public:
  Gb18030Stream();
  Gb18030Stream(Gb18030Stream&&) noexcept;
  Gb18030Stream& operator=(Gb18030Stream&&) noexcept;
  ~Gb18030Stream();

  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };

  /// Converts from `in` into `out`, which has room for 8 bytes or more. A character that `in` holds only the beginning of is
  /// not consumed, unless nothing follows (`last`).
  Step run(std::span<const char> in, std::span<char> out, bool last);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace openapi::codec
