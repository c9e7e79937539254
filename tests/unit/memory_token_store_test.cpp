// The store of one process.
#include "token_platform.hpp"

using namespace tokens;

BOOST_AUTO_TEST_SUITE(memory_token_store)

BOOST_AUTO_TEST_CASE(locks_and_tokens) {
  asio::io_context loop{1};
  const auto store = openapi::makeMemoryTokenStore();
  const StoredToken token{"value", morning};
  BOOST_TEST(!resultOf(loop, store->load("a")));
  BOOST_TEST(!resultOf(loop, store->save("a", "me", token)));  // without the lock
  BOOST_TEST(resultOf(loop, store->lock("a", "me", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->lock("a", "you", seconds{60})));
  BOOST_TEST(resultOf(loop, store->lock("b", "you", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->save("a", "you", token)));
  BOOST_TEST(resultOf(loop, store->save("a", "me", token)));
  const auto found = resultOf(loop, store->load("a"));
  BOOST_REQUIRE(found);
  BOOST_TEST(found->value == "value");
  BOOST_TEST((found->expiresAt == morning));
  BOOST_TEST(!resultOf(loop, store->load("b")));
}

BOOST_AUTO_TEST_CASE(a_lock_is_given_back_or_ends) {
  asio::io_context loop{1};
  const auto store = openapi::makeMemoryTokenStore();
  const auto unlock = [](std::shared_ptr<openapi::TokenStore> from, std::string owner) -> asio::awaitable<bool> {
    auto unlocking = from->unlock("a", owner);
    co_await std::move(unlocking);
    co_return true;
  };
  BOOST_TEST(resultOf(loop, store->lock("a", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, unlock(store, "you")));
  BOOST_TEST(!resultOf(loop, store->lock("a", "you", seconds{60})));
  BOOST_TEST(resultOf(loop, unlock(store, "me")));
  BOOST_TEST(resultOf(loop, store->lock("a", "you", milliseconds{1})));
  awaitOthers([&] { return resultOf(loop, store->lock("a", "third", seconds{60})); });
  BOOST_TEST(!resultOf(loop, store->save("a", "you", StoredToken{"late", morning})));
  BOOST_TEST(!resultOf(loop, store->load("a")));
}

BOOST_AUTO_TEST_SUITE_END()
