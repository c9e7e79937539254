// Public headers must survive the macros that other headers leave behind.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define small char
#define near
#define far
#define interface struct
#define ERROR 0
#define DELETE 0x10000
#define TRUE 1
#define FALSE 0
#define IN
#define OUT
#define OPTIONAL
#define major(x) x
#define minor(x) x
#define unix 1
#define linux 1
#define errno_t int
#define check(x) x
#define verify(x) x
#define require(x) x

#include <openapi/beast.hpp>
#include <openapi/openapi.hpp>

static_assert(openapi::Fen{8800}.count() == 8800);
