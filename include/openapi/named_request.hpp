#pragma once

namespace openapi {

/// Stands in the message of the compiler when a request is written inside the call: g++ 12 destroys such
/// a temporary twice (memory corruption). Write `OrderQueryRequest query{…};` first, then pass `query`.
struct NameTheRequestInAVariableFirst {};

}  // namespace openapi

/// Declares that `method` takes no temporary `Request`, on the compilers that have the fault.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#define OPENAPI_NAMED_REQUEST(method, Request) void method(Request&&, ::openapi::NameTheRequestInAVariableFirst = {}) = delete
#else
#define OPENAPI_NAMED_REQUEST(method, Request) static_assert(true)
#endif
