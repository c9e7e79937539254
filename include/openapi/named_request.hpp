#pragma once

#include <concepts>
#include <type_traits>

namespace openapi {

/// Stands in the message of the compiler when a request is written inside the call: g++ 12 destroys such
/// a temporary twice (memory corruption). Write `OrderQueryRequest query{…};` first, then pass `query`.
struct NameTheRequestInAVariableFirst {};
/// The same for a function object, such as a lambda: write `Files::Progress progress = …;` first.
struct NameTheFunctionInAVariableFirst {};

}  // namespace openapi

// On the compilers that have the fault. The first declares that `method` takes no temporary `Request`. The second does so for a
// method of a request and a function, which takes no lambda either: converted to `Function`, that would be a temporary.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#define OPENAPI_NAMED_REQUEST(method, Request) void method(Request&&, ::openapi::NameTheRequestInAVariableFirst = {}) = delete
#define OPENAPI_NAMED_REQUEST_AND_FUNCTION(method, Request, Function)                       \
  template <class Other>                                                                    \
  void method(Request&&, Other&&, ::openapi::NameTheRequestInAVariableFirst = {}) = delete; \
  template <class Other>                                                                    \
    requires(!std::same_as<std::remove_cvref_t<Other>, Function>)                           \
  void method(const Request&, Other&&, ::openapi::NameTheFunctionInAVariableFirst = {}) = delete
#else
#define OPENAPI_NAMED_REQUEST(method, Request) static_assert(true)
#define OPENAPI_NAMED_REQUEST_AND_FUNCTION(method, Request, Function) static_assert(true)
#endif
