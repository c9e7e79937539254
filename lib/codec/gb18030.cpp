#include "codec/gb18030.hpp"

#include <iconv.h>

#include <cerrno>
#include <cstdint>
#include <openapi/error.hpp>

namespace openapi::codec {

struct Gb18030Stream::Handle {
  Handle() : iconv{iconv_open("UTF-8", "GB18030")} {
    if (!isOpen()) throw Error{Errc::config, "this system cannot convert GB18030 to UTF-8: install glibc's gconv modules"};
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (isOpen()) iconv_close(iconv);
  }
  [[nodiscard]] bool isOpen() const { return reinterpret_cast<std::intptr_t>(iconv) != -1; }

  iconv_t iconv;
};

Gb18030Stream::Gb18030Stream() : handle_{std::make_unique<Handle>()} {}
Gb18030Stream::Gb18030Stream(Gb18030Stream&&) noexcept = default;
Gb18030Stream& Gb18030Stream::operator=(Gb18030Stream&&) noexcept = default;
Gb18030Stream::~Gb18030Stream() = default;

Gb18030Stream::Step Gb18030Stream::run(std::span<const char> in, std::span<char> out, bool last) {
  char* from = const_cast<char*>(in.data());  // iconv only reads
  std::size_t left = in.size();
  char* to = out.data();
  std::size_t room = out.size();
  while (left > 0) {
    if (::iconv(handle_->iconv, &from, &left, &to, &room) != static_cast<std::size_t>(-1)) continue;
    if (errno == E2BIG || (errno == EINVAL && !last) || room == 0) break;
    *to++ = '\xFF';
    --room;
    ++from;
    --left;
  }
  return {in.size() - left, out.size() - room};
}

}  // namespace openapi::codec
