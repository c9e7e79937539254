// What g++ 12 miscompiles, one form in each line marked so; never built, read by clang-query only.
// tools/coroutines.sh proves with it that the matchers see.
#include <coroutine>
#include <exception>
#include <initializer_list>
#include <string>

template <class T>
struct Task {
  struct promise_type {
    T value;
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void unhandled_exception() { std::terminate(); }
    void return_value(T result) { value = result; }
  };
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  T await_resume() { return {}; }
};

struct Request {
  std::string number;
};
struct Both {
  int left;
  int right;
};
Task<int> query(const Request&);
Task<int> number();
Task<int> sum(std::initializer_list<int>);
Task<std::string> text();
template <class F>
Task<int> run(F) {
  return {};
}

Task<int> aggregate() {
  auto result = co_await query({.number = "1"});  // bad
  co_return result;
}
Task<int> lambda(std::string name) {
  auto result = co_await run([name] { return name.size(); });  // bad
  co_return result;
}
Task<int> list() {
  auto result = co_await sum({1, 2, 3});  // bad
  co_return result;
}
Task<int> chosenArgument(bool first) {
  auto result = co_await query(first ? Request{"1"} : Request{"2"});  // bad
  co_return result;
}
Task<std::string> chosenResult(bool wanted) {
  auto result = wanted ? co_await text() : std::string{};  // bad
  co_return result;
}
Task<int> insideBraces() {
  Both both{co_await number(), co_await number()};  // bad
  co_return both.left + both.right;
}
Task<int> condition() {  // bad
  if (co_await number()) co_return 1;
  co_return 0;
}

// The same work, written safely: none of these may be reported.
Task<int> named(bool first, std::string name) {
  Request request{.number = "1"};
  auto one = co_await query(request);
  Request other{"2"};
  const Request& chosen = first ? request : other;
  auto two = co_await query(chosen);
  auto size = [name] { return name.size(); };
  auto three = co_await run(size);
  auto left = co_await number();
  auto right = co_await number();
  Both both{left, right};
  co_return one + two + three + both.left + both.right;
}
