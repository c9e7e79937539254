// What ThreadSanitizer must not look at: OpenSSL counts references with atomics of its own, which are not instrumented,
// so that the last `free` of a session's certificate chain seems to race with an earlier read.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:OPENSSL_sk_free\n"; }
#endif
