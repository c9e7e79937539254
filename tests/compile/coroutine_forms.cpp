// The forms of co_await that the guide recommends, with an argument type that counts: whatever is built
// must be destroyed exactly once. g++ 12 destroys some other forms twice; they are listed, as lines that
// tools/gcc12-coroutines.clang-query must report, in tools/gcc12_coroutines_example.cpp.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using boost::asio::awaitable;

// Knows which of its objects are alive. A second destruction is an error, not a crash.
class Counted {
 public:
  explicit Counted(std::set<const Counted*>& alive, int& errors) : alive_{&alive}, errors_{&errors} { alive_->insert(this); }
  Counted(const Counted& other) : alive_{other.alive_}, errors_{other.errors_} { alive_->insert(this); }
  Counted& operator=(const Counted&) = default;
  ~Counted() { *errors_ += alive_->erase(this) == 1 ? 0 : 1; }

 private:
  std::set<const Counted*>* alive_;
  int* errors_;
};

struct Request {
  Counted counted;
  std::string number;
};

struct Pair {
  std::string left;
  std::string right;
};

struct Fixture {
  std::set<const Counted*> alive;
  int errors = 0;

  [[nodiscard]] Counted counted() { return Counted{alive, errors}; }
  [[nodiscard]] Request request(std::string number) { return {counted(), std::move(number)}; }

  // Runs the coroutine to its end; then nothing may be left, and nothing destroyed twice.
  std::string run(awaitable<std::string> operation) {
    boost::asio::io_context context;
    std::optional<std::string> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, std::move(operation), [&](std::exception_ptr error, std::string value) {
      failure = error;
      result = std::move(value);
    });
    context.run();
    BOOST_TEST(alive.size() == 0U);
    BOOST_TEST(errors == 0);
    if (failure) std::rethrow_exception(failure);
    return result.value();
  }
};

// An operation like the library's: a plain function that copies its request into the coroutine.
awaitable<std::string> perform(Request request) { co_return request.number; }
awaitable<std::string> operation(const Request& request) { return perform(request); }
awaitable<std::string> failing(Request request) {
  if (!request.number.empty()) throw std::runtime_error("refused");
  co_return request.number;
}
awaitable<std::string> call(std::function<std::string()> function) { co_return function(); }
awaitable<bool> truth(bool value) { co_return value; }

awaitable<std::string> namedVariable(Fixture& fixture) {
  Request request{fixture.counted(), "1"};
  auto result = co_await operation(request);
  co_return result;
}

awaitable<std::string> movedVariable(Fixture& fixture) {
  Request request{fixture.counted(), "2"};
  auto result = co_await perform(std::move(request));
  co_return result;
}

awaitable<std::string> resultOfFunction(Fixture& fixture) {
  auto result = co_await operation(fixture.request("3"));
  co_return result;
}

awaitable<std::string> namedLambda(Fixture& fixture) {
  auto function = [held = fixture.counted()] { return std::string{"4"}; };
  auto result = co_await call(function);
  co_return result;
}

awaitable<std::string> namedChoice(Fixture& fixture, bool first) {
  Request one{fixture.counted(), "one"};
  Request two{fixture.counted(), "two"};
  const Request& chosen = first ? one : two;
  auto result = co_await operation(chosen);
  co_return result;
}

awaitable<std::string> namedCondition(Fixture& fixture) {
  Request request{fixture.counted(), "5"};
  const bool wanted = co_await truth(true);
  if (wanted) co_return co_await operation(request);
  co_return std::string{};
}

awaitable<std::string> namedResults(Fixture& fixture) {
  Request request{fixture.counted(), "6"};
  auto left = co_await operation(request);
  auto right = co_await operation(request);
  Pair pair{left, right};
  co_return pair.left + pair.right;
}

awaitable<std::string> storedAndAwaitedLater(Fixture& fixture) {
  auto pending = operation(fixture.request("7"));
  auto result = co_await std::move(pending);
  co_return result;
}

awaitable<std::string> thrownThrough(Fixture& fixture) {
  Request request{fixture.counted(), "8"};
  auto result = co_await failing(request);
  co_return result;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(coroutineForms, Fixture)

BOOST_AUTO_TEST_CASE(aNamedRequest) { BOOST_TEST(run(namedVariable(*this)) == "1"); }
BOOST_AUTO_TEST_CASE(aMovedRequest) { BOOST_TEST(run(movedVariable(*this)) == "2"); }
BOOST_AUTO_TEST_CASE(theResultOfAFunction) { BOOST_TEST(run(resultOfFunction(*this)) == "3"); }
BOOST_AUTO_TEST_CASE(aNamedLambda) { BOOST_TEST(run(namedLambda(*this)) == "4"); }
BOOST_AUTO_TEST_CASE(aNamedChoice) {
  BOOST_TEST(run(namedChoice(*this, true)) == "one");
  BOOST_TEST(run(namedChoice(*this, false)) == "two");
}
BOOST_AUTO_TEST_CASE(aNamedCondition) { BOOST_TEST(run(namedCondition(*this)) == "5"); }
BOOST_AUTO_TEST_CASE(namedResultsInBraces) { BOOST_TEST(run(namedResults(*this)) == "66"); }
BOOST_AUTO_TEST_CASE(anAwaitableKept) { BOOST_TEST(run(storedAndAwaitedLater(*this)) == "7"); }
BOOST_AUTO_TEST_CASE(anExceptionThroughTwoCoroutines) { BOOST_CHECK_THROW(run(thrownThrough(*this)), std::runtime_error); }

BOOST_AUTO_TEST_SUITE_END()
