#include "token/token_source.hpp"

#include "crypto/random.hpp"
#include "http/retry.hpp"
#include "token/waiter.hpp"

#include <openapi/error.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

namespace openapi::token {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using SystemTime = std::chrono::system_clock::time_point;

namespace {

constexpr seconds longestFetch{10};
constexpr seconds leaseMargin{2};        // the lock outlives the longest fetch by this, time to save what came
constexpr seconds savePatience{2};       // for the store after a fetch, whatever the deadline of the call
constexpr seconds aheadPause{5};         // between renewals that are not urgent
constexpr seconds leaderGrace{1};        // after its deadline a leader counts as gone
constexpr milliseconds fetchGrace{200};  // for a fetch to notice its own deadline
constexpr milliseconds tick{1000};       // how often a waiter looks whether the leader is still there
constexpr seconds longestAttempt{30};    // of one leader
constexpr milliseconds nearly{200};      // so close to its end an attempt has run out of time
constexpr std::size_t ownerLength = 24;

enum class Kind { current, instead, renew };

/// What a caller wants.
struct Want {
  Kind kind = Kind::current;
  std::string refused{};
  bool force = false;
  Deadline deadline{};
};

/// What a renewal gave.
struct Renewed {
  StoredToken token{};
  seconds expiresIn{};
  bool fetched = false;  ///< not found in the store
  bool forced = false;
};

bool satisfies(const Renewed& renewed, const Want& want) {
  switch (want.kind) {
    case Kind::instead:
      return renewed.token.value != want.refused;
    case Kind::renew:
      return renewed.fetched && (renewed.forced || !want.force);
    default:
      return true;
  }
}

/// Thrown within a renewal: the store failed, not the platform.
struct StoreTrouble {
  std::exception_ptr reason;
};

Error late() {
  Error::Details details;
  details.retryable = true;
  return Error(Errc::timeout, "no access token before the deadline; nothing was sent", std::move(details));
}

Error slowStore() {
  Error::Details details;
  details.retryable = true;
  return Error(Errc::timeout, "the token store does not answer; check that it runs and can be reached", std::move(details));
}

Error refusedAgain() {
  Error::Details details;
  details.outcome = Outcome::rejected;
  return Error(Errc::rejected,
               "the platform gives the access token again that it refuses, and a new one was forced a moment ago; "
               "check that nobody else fetches tokens for this app, and try again in half a minute",
               std::move(details));
}

/// Whether the same request for a token will be refused the next moment as well.
bool isRefusal(const Error& error) {
  return error.errc() == Errc::rejected && error.outcome() == Outcome::rejected && !error.retryable();
}

/// For a while a failure is not provoked again.
struct Pause {
  std::optional<Error> reason{};
  SystemTime end{};
};

/// Whether `now` is in the pause of this length that ends then; not when the clock was put back since.
bool inPause(SystemTime now, SystemTime end, seconds length) { return now < end && end - now <= length; }

/// The failure of a store as the failure of a call that was not sent.
[[noreturn]] void throwUnsent(const std::exception_ptr& reason) {
  try {
    std::rethrow_exception(reason);
  } catch (const Error& error) {
    Error::Details details = error.details();
    details.outcome = Outcome::notSent;
    throw Error(error.errc(), error.what(), std::move(details));
  } catch (...) {  // of a store of the user's own: its text may hold anything
    throw Error(Errc::connect, "the token store failed with an exception that is no openapi::Error");
  }
}

/// Whether `failure` only means that the attempt had no more time.
bool ranOut(const std::exception_ptr& failure, Deadline until) {
  if (steady_clock::now() + nearly < until) return false;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.errc() == Errc::timeout;
  } catch (...) {
    return false;
  }
}

void checkFresh(const FreshToken& fresh) {
  if (fresh.value.empty() || fresh.expiresIn <= seconds{0})
    throw Error(Errc::badResponse, "the platform gave an access token that is empty or has ended already");
}

milliseconds pollPause() {
  std::random_device source;
  return milliseconds{std::uniform_int_distribution<int>{50, 100}(source)};
}

Deadline halfway(Deadline deadline) {
  const auto now = steady_clock::now();
  return deadline <= now ? now : now + (deadline - now) / 2;
}

Deadline fetchEnd(Deadline until) { return (std::min)(until, steady_clock::now() + longestFetch); }

Renewed fromStore(StoredToken token) {
  Renewed renewed;
  renewed.token = std::move(token);
  return renewed;
}

template <class T>
asio::awaitable<T> failed(std::exception_ptr reason) {
  std::rethrow_exception(reason);
  co_return T();
}

/// `make()`, whose failure comes when it is awaited, whether it is a coroutine or not.
template <class Make>
auto begin(const Make& make) -> decltype(make()) {
  try {
    return make();
  } catch (...) {
    return failed<typename decltype(make())::value_type>(std::current_exception());
  }
}

asio::awaitable<bool> done(asio::awaitable<void> operation) {
  co_await std::move(operation);
  co_return true;
}

}  // namespace

class TokenSource::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(std::shared_ptr<TokenStore> store, TokenRules rules, Fetch fetch, Clock clock)
      : store_{std::move(store)}, rules_{std::move(rules)}, fetch_{std::move(fetch)}, clock_{std::move(clock)} {}

  static asio::awaitable<Renewed> obtain(std::shared_ptr<Impl> self, Want want);
  void noteRefusedToo(const Error& error) { startPause(refusedToo_, error, rules_.replacePause); }

 private:
  class Seat;
  class Leading;
  using Shared = std::shared_ptr<Impl>;

  /// A renewal, for all who wait for its end. Another caller leads it when its leader has gone.
  struct Attempt {
    enum class State { led, vacant, succeeded, failed };
    State state = State::led;
    int term = 1;          // of its leader
    Deadline givenUpAt{};  // then the leader counts as gone, should its event loop stand still
    Renewed renewed{};
    std::exception_ptr failure{};
    std::list<Seat*> waiting{};

    [[nodiscard]] bool leaderless() const {
      return state == State::vacant || (state == State::led && steady_clock::now() > givenUpAt);
    }
  };
  using SharedAttempt = std::shared_ptr<Attempt>;

  /// What a caller has to do.
  struct Part {
    enum class Kind { use, late, follow, lead };
    Kind kind = Kind::use;
    Renewed renewed{};        // to use, or the old one that serves
    SharedAttempt attempt{};  // to follow or to lead
    int term = 0;
    Deadline until{};    // of the attempt
    bool ahead = false;  // the old token serves, should the attempt fail
  };

  Part assign(const Want& want);
  Part lead(Deadline deadline, bool ahead);
  void wakeHeir(Attempt& attempt);
  void end(const Part& part, const Renewed* renewed, std::exception_ptr failure);
  void abandon(const Part& part);
  bool acceptable(const Want& want, const Part& part, const StoredToken& token, SystemTime now) const;

  static asio::awaitable<void> follow(Shared self, SharedAttempt attempt, Deadline deadline);
  static asio::awaitable<Renewed> leadAttempt(Shared self, Want want, Part part);
  static asio::awaitable<Renewed> renewal(Shared self, Want want, Part part, std::string owner);
  static asio::awaitable<Renewed> throughStore(Shared self, Want want, Part part, std::string owner);
  static asio::awaitable<Renewed> fetched(Shared self, Want want, Part part, std::string owner, bool alone);
  static asio::awaitable<FreshToken> fetchOnce(Shared self, bool force, Deadline until);
  static asio::awaitable<FreshToken> askPlatform(Shared self, bool force, Deadline until);
  void throwDuring(const Pause& pause, seconds length);
  void startPause(Pause& pause, const Error& reason, seconds length);
  static asio::awaitable<bool> mayForce(Shared self, bool alone, Deadline until);
  static asio::awaitable<Renewed> keep(Shared self, Want want, std::string owner, Renewed renewed);
  static asio::awaitable<std::optional<StoredToken>> found(Shared self, Want want, Part part);
  static asio::awaitable<bool> takeLock(Shared self, std::string owner, Deadline until);
  bool mayHoldLock(const std::string& owner);
  static asio::awaitable<void> giveLockBack(Shared self, std::string owner);

  template <class T>
  static asio::awaitable<T> ask(Shared self, asio::awaitable<T> operation, Deadline until);

  const std::shared_ptr<TokenStore> store_;
  const TokenRules rules_;
  const Fetch fetch_;
  const Clock clock_;

  std::mutex mutex_;
  std::optional<StoredToken> cached_;
  SharedAttempt attempt_;
  SystemTime nextAhead_{};
  SystemTime nextForce_{};
  Pause refusal_;          // after the platform gave no token
  Pause refusedToo_;       // after it refused the token that came in the place of another
  std::string lockOwner_;  // of a lock that this process may hold
};

/// A place among those who wait for an attempt. Its destruction leaves it.
class TokenSource::Impl::Seat {
 public:
  Seat(Impl& source, SharedAttempt attempt, const Waiter& waiter)
      : source_{source}, attempt_{std::move(attempt)}, bell_{waiter.bell()} {
    const std::lock_guard lock{source_.mutex_};
    position_ = attempt_->waiting.insert(attempt_->waiting.end(), this);
  }
  ~Seat() {
    const std::lock_guard lock{source_.mutex_};
    const bool wasHeir = attempt_->state == Attempt::State::vacant && attempt_->waiting.back() == this;
    attempt_->waiting.erase(position_);
    if (wasHeir) source_.wakeHeir(*attempt_);
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  [[nodiscard]] bool over() const {
    const std::lock_guard lock{source_.mutex_};
    return attempt_->state != Attempt::State::led || attempt_->leaderless();
  }
  void ring() { bell_->ring(); }

 private:
  Impl& source_;
  const SharedAttempt attempt_;
  const std::shared_ptr<http::Pool::Bell> bell_;
  std::list<Seat*>::iterator position_{};
};

/// Leads an attempt until it says how it went. Otherwise it was cancelled, or its event loop destroyed.
class TokenSource::Impl::Leading {
 public:
  Leading(Shared self, Part part) : self_{std::move(self)}, part_{std::move(part)} {}
  ~Leading() {
    if (!ended_) self_->abandon(part_);
  }
  Leading(const Leading&) = delete;
  Leading& operator=(const Leading&) = delete;

  void succeed(const Renewed& renewed) {
    ended_ = true;
    self_->end(part_, &renewed, nullptr);
  }
  void fail(const std::exception_ptr& failure) {
    ended_ = true;
    self_->end(part_, nullptr, failure);
  }
  void leave() {
    ended_ = true;
    self_->abandon(part_);
  }

 private:
  const Shared self_;
  const Part part_;
  bool ended_ = false;
};

TokenSource::Impl::Part TokenSource::Impl::assign(const Want& want) {
  const auto now = clock_();
  const std::lock_guard lock{mutex_};
  const bool serves = want.kind != Kind::renew && cached_ && cached_->expiresAt > now && cached_->value != want.refused;
  const bool renewable = !attempt_ || attempt_->leaderless();
  if (serves) {
    const bool due = want.kind == Kind::current && cached_->expiresAt - now < rules_.renewAhead &&
                     (now >= nextAhead_ || nextAhead_ - now > aheadPause);
    if (due && renewable && steady_clock::now() < want.deadline) {
      nextAhead_ = now + aheadPause;
      auto part = lead(halfway(want.deadline), true);
      part.renewed.token = *cached_;
      return part;
    }
    Part part;
    part.renewed.token = *cached_;
    return part;
  }
  if (steady_clock::now() >= want.deadline) return {.kind = Part::Kind::late};
  if (!renewable) return {.kind = Part::Kind::follow, .attempt = attempt_};
  if (want.kind == Kind::instead && cached_ && cached_->value == want.refused) cached_.reset();
  return lead(want.deadline, false);
}

TokenSource::Impl::Part TokenSource::Impl::lead(Deadline deadline, bool ahead) {
  const auto until = (std::min)(deadline, steady_clock::now() + longestAttempt);
  if (attempt_) {
    ++attempt_->term;
    attempt_->state = Attempt::State::led;
  } else {
    attempt_ = std::make_shared<Attempt>();
  }
  attempt_->givenUpAt = until + leaderGrace;
  return {.kind = Part::Kind::lead, .attempt = attempt_, .term = attempt_->term, .until = until, .ahead = ahead};
}

/// The one who came last: its deadline is likely to be the last.
void TokenSource::Impl::wakeHeir(Attempt& attempt) {
  if (!attempt.waiting.empty()) {
    attempt.waiting.back()->ring();
  } else if (attempt_.get() == &attempt) {
    attempt_.reset();
  }
}

void TokenSource::Impl::abandon(const Part& part) {
  const std::lock_guard lock{mutex_};
  if (part.attempt->term != part.term) return;
  part.attempt->state = Attempt::State::vacant;
  wakeHeir(*part.attempt);
}

void TokenSource::Impl::end(const Part& part, const Renewed* renewed, std::exception_ptr failure) {
  const std::lock_guard lock{mutex_};
  auto& attempt = *part.attempt;
  if (attempt.term != part.term) return;  // someone else leads it by now
  attempt.state = renewed ? Attempt::State::succeeded : Attempt::State::failed;
  attempt.failure = std::move(failure);
  if (renewed) {
    attempt.renewed = *renewed;
    cached_ = renewed->token;
  }
  attempt_.reset();
  for (auto* seat : attempt.waiting) seat->ring();
}

asio::awaitable<Renewed> TokenSource::Impl::obtain(Shared self, Want want) {
  for (;;) {
    const auto before = co_await asio::this_coro::cancellation_state;
    if (before.cancelled() != asio::cancellation_type::none) throwCancelled();
    auto part = self->assign(want);
    if (part.kind == Part::Kind::use) co_return part.renewed;
    if (part.kind == Part::Kind::late) throw late();
    if (part.kind == Part::Kind::follow) {
      co_await follow(self, part.attempt, want.deadline);
      const std::lock_guard lock{self->mutex_};
      const auto& attempt = *part.attempt;
      if (attempt.state == Attempt::State::failed) std::rethrow_exception(attempt.failure);
      const bool good = attempt.state == Attempt::State::succeeded && satisfies(attempt.renewed, want) &&
                        attempt.renewed.token.expiresAt > self->clock_();
      if (good) co_return attempt.renewed;
      continue;
    }
    std::exception_ptr failure;
    try {
      auto renewed = co_await leadAttempt(self, want, part);
      co_return renewed;
    } catch (...) {
      failure = std::current_exception();
    }
    const auto after = co_await asio::this_coro::cancellation_state;
    if (after.cancelled() != asio::cancellation_type::none) throwCancelled();
    const bool again = part.ahead || (ranOut(failure, part.until) && part.until < want.deadline);
    if (!again) std::rethrow_exception(failure);
  }
}

asio::awaitable<void> TokenSource::Impl::follow(Shared self, SharedAttempt attempt, Deadline deadline) {
  const auto executor = co_await asio::this_coro::executor;
  Waiter waiter{executor, self};
  const Seat seat{*self, std::move(attempt), waiter};
  bool over = seat.over();
  while (!over) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) throwCancelled();
    const auto now = steady_clock::now();
    if (now >= deadline) throw late();
    co_await waiter.sleepUntil((std::min)(deadline, now + tick));
    over = seat.over();
  }
}

asio::awaitable<Renewed> TokenSource::Impl::leadAttempt(Shared self, Want want, Part part) {
  Leading leading{self, part};
  const std::string owner = crypto::randomText(ownerLength);
  std::optional<Renewed> renewed;
  std::exception_ptr failure;
  try {
    auto result = co_await renewal(self, want, part, owner);
    renewed = std::move(result);
  } catch (...) {
    failure = std::current_exception();
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  const bool cancelled = state.cancelled() != asio::cancellation_type::none;
  if (renewed) {
    leading.succeed(*renewed);
  } else if (cancelled || ranOut(failure, part.until)) {
    leading.leave();
  } else {
    leading.fail(failure);
  }
  if (self->mayHoldLock(owner)) {
    auto release = giveLockBack(self, owner);
    const auto executor = co_await asio::this_coro::executor;
    if (cancelled) {
      asio::co_spawn(executor, std::move(release), asio::detached);
    } else {
      co_await finishWithin(self, std::move(release), steady_clock::now() + savePatience);
    }
  }
  if (!renewed) std::rethrow_exception(failure);
  co_return std::move(*renewed);
}

/// Takes the token from the store, or the lock and then a new one from the platform.
asio::awaitable<Renewed> TokenSource::Impl::renewal(Shared self, Want want, Part part, std::string owner) {
  std::exception_ptr trouble;
  try {
    auto renewed = co_await throughStore(self, want, part, owner);
    co_return renewed;
  } catch (const StoreTrouble& caught) {
    trouble = caught.reason;
  }
  if (!self->rules_.repeatable) throwUnsent(trouble);
  auto renewed = co_await fetched(self, want, part, owner, true);
  co_return renewed;
}

asio::awaitable<Renewed> TokenSource::Impl::throughStore(Shared self, Want want, Part part, std::string owner) {
  auto token = co_await found(self, want, part);
  bool locked = false;
  while (!token && !locked) {
    locked = co_await takeLock(self, owner, part.until);
    if (!locked) {
      if (part.ahead) co_return part.renewed;  // someone else renews it
      const bool slept = co_await http::sleepWithin(pollPause(), part.until);
      if (!slept) throw late();
    }
    token = co_await found(self, want, part);
  }
  if (token) co_return fromStore(std::move(*token));
  auto renewed = co_await fetched(self, want, part, owner, false);
  co_return renewed;
}

asio::awaitable<Renewed> TokenSource::Impl::fetched(Shared self, Want want, Part part, std::string owner, bool alone) {
  const auto until = fetchEnd(part.until);
  const bool wantsForce = want.kind == Kind::renew && want.force;
  if (want.kind == Kind::instead) self->throwDuring(self->refusedToo_, self->rules_.replacePause);
  if (want.kind != Kind::renew) self->throwDuring(self->refusal_, self->rules_.refusalPause);
  bool forced = false;
  if (wantsForce) forced = co_await mayForce(self, alone, until);
  const auto begun = self->clock_();
  auto fresh = co_await fetchOnce(self, forced, until);
  if (want.kind == Kind::instead && fresh.value == want.refused) {
    forced = co_await mayForce(self, alone, until);
    if (!forced) throw refusedAgain();
    fresh = co_await fetchOnce(self, true, until);
    if (fresh.value == want.refused) throw refusedAgain();
  }
  Renewed renewed;
  renewed.token = StoredToken{fresh.value, begun + fresh.expiresIn};
  renewed.expiresIn = fresh.expiresIn;
  renewed.fetched = true;
  renewed.forced = forced || wantsForce;
  if (!alone) renewed = co_await keep(self, want, owner, renewed);
  co_return renewed;
}

asio::awaitable<FreshToken> TokenSource::Impl::fetchOnce(Shared self, bool force, Deadline until) {
  try {
    auto fresh = co_await askPlatform(self, force, until);
    co_return fresh;
  } catch (const Error& error) {
    if (isRefusal(error)) self->startPause(self->refusal_, error, self->rules_.refusalPause);
    throw;
  }
}

asio::awaitable<FreshToken> TokenSource::Impl::askPlatform(Shared self, bool force, Deadline until) {
  auto work = self->fetch_(force, until);
  auto fresh = co_await resultWithin(self, std::move(work), until + fetchGrace);
  if (!fresh) throw late();
  checkFresh(*fresh);
  co_return std::move(*fresh);
}

void TokenSource::Impl::throwDuring(const Pause& pause, seconds length) {
  const auto now = clock_();
  const std::lock_guard lock{mutex_};
  if (pause.reason && inPause(now, pause.end, length)) throw Error{*pause.reason};
}

void TokenSource::Impl::startPause(Pause& pause, const Error& reason, seconds length) {
  const auto now = clock_();
  const std::lock_guard lock{mutex_};
  pause.reason = reason;
  pause.end = now + length;
}

/// Whether a new token may be forced now; if so, nobody else may for a while.
asio::awaitable<bool> TokenSource::Impl::mayForce(Shared self, bool alone, Deadline until) {
  if (!self->rules_.forceable) co_return false;
  const auto now = self->clock_();
  {
    const std::lock_guard lock{self->mutex_};
    if (inPause(now, self->nextForce_, self->rules_.forcePause)) co_return false;
    self->nextForce_ = now + self->rules_.forcePause;
  }
  if (alone) co_return true;
  std::exception_ptr trouble;
  try {
    auto operation = begin([&] {
      return self->store_->lock(self->rules_.key + ":force", crypto::randomText(ownerLength), self->rules_.forcePause);
    });
    const bool taken = co_await ask(self, std::move(operation), halfway(until));
    if (taken) co_return true;
  } catch (const StoreTrouble& caught) {
    trouble = caught.reason;
  }
  if (trouble && self->rules_.repeatable) co_return true;
  {
    const std::lock_guard lock{self->mutex_};
    self->nextForce_ = SystemTime{};
  }
  if (trouble) throwUnsent(trouble);
  co_return false;
}

/// Saves what came. When the lock was lost meanwhile, someone else's token may be the newer one.
asio::awaitable<Renewed> TokenSource::Impl::keep(Shared self, Want want, std::string owner, Renewed renewed) {
  const auto until = steady_clock::now() + savePatience;
  const auto& key = self->rules_.key;
  std::exception_ptr trouble;
  try {
    auto operation = begin([&] { return self->store_->save(key, owner, renewed.token); });
    const bool saved = co_await ask(self, std::move(operation), until);
    if (saved || self->rules_.repeatable) co_return renewed;
    auto reading = begin([&] { return self->store_->load(key); });
    auto other = co_await ask(self, std::move(reading), until);
    const bool better = other && other->value != want.refused && other->expiresAt > self->clock_();
    if (better && other->value != renewed.token.value) {
      renewed = fromStore(std::move(*other));
      renewed.expiresIn = std::chrono::duration_cast<seconds>(renewed.token.expiresAt - self->clock_());
    }
    co_return renewed;
  } catch (const StoreTrouble& caught) {
    trouble = caught.reason;
  }
  if (self->rules_.repeatable) co_return renewed;
  {
    // The token has ended everyone's old one: without it here, the next call would fetch yet another.
    const std::lock_guard lock{self->mutex_};
    self->cached_ = renewed.token;
  }
  throwUnsent(trouble);
}

bool TokenSource::Impl::acceptable(const Want& want, const Part& part, const StoredToken& token, SystemTime now) const {
  if (token.value.empty() || token.value == want.refused) return false;
  return part.ahead ? token.expiresAt - now >= rules_.renewAhead : token.expiresAt > now;
}

/// One operation of the store. Throws `StoreTrouble` when it fails or takes too long.
template <class T>
asio::awaitable<T> TokenSource::Impl::ask(Shared self, asio::awaitable<T> operation, Deadline until) {
  std::exception_ptr failure;
  try {
    auto answer = co_await resultWithin(self->store_, std::move(operation), until);
    if (answer) co_return std::move(*answer);
    failure = std::make_exception_ptr(slowStore());
  } catch (...) {
    failure = std::current_exception();
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) throwCancelled();
  throw StoreTrouble{failure};
}

/// The token in the store, if it serves.
asio::awaitable<std::optional<StoredToken>> TokenSource::Impl::found(Shared self, Want want, Part part) {
  if (want.kind == Kind::renew) co_return std::nullopt;
  auto operation = begin([&] { return self->store_->load(self->rules_.key); });
  auto token = co_await ask(self, std::move(operation), halfway(part.until));
  if (token && !self->acceptable(want, part, *token, self->clock_())) token.reset();
  co_return token;
}

asio::awaitable<bool> TokenSource::Impl::takeLock(Shared self, std::string owner, Deadline until) {
  std::string previous;
  {
    const std::lock_guard lock{self->mutex_};
    previous = self->lockOwner_;  // kept until it is given back: this leader may go meanwhile, too
  }
  const auto& key = self->rules_.key;
  if (!previous.empty() && previous != owner) {  // of a leader who went without giving it back
    auto release = done(begin([&] { return self->store_->unlock(key, previous); }));
    co_await ask(self, std::move(release), halfway(until));
  }
  {
    const std::lock_guard lock{self->mutex_};
    self->lockOwner_ = owner;
  }
  const auto lease = std::chrono::ceil<milliseconds>(fetchEnd(until) - steady_clock::now()) + leaseMargin;
  auto operation = begin([&] { return self->store_->lock(key, owner, lease); });
  const bool taken = co_await ask(self, std::move(operation), halfway(until));
  if (taken) co_return true;
  const std::lock_guard lock{self->mutex_};
  if (self->lockOwner_ == owner) self->lockOwner_.clear();
  co_return false;
}

bool TokenSource::Impl::mayHoldLock(const std::string& owner) {
  const std::lock_guard lock{mutex_};
  return lockOwner_ == owner;
}

/// Does not fail: the lock ends by itself.
asio::awaitable<void> TokenSource::Impl::giveLockBack(Shared self, std::string owner) {
  try {
    auto operation = self->store_->unlock(self->rules_.key, owner);
    co_await std::move(operation);
    const std::lock_guard lock{self->mutex_};
    if (self->lockOwner_ == owner) self->lockOwner_.clear();
  } catch (const std::exception&) {
    co_return;
  }
}

void TokenSource::refusedToo(const Error& error) { impl_->noteRefusedToo(error); }

TokenSource::TokenSource(std::shared_ptr<TokenStore> store, TokenRules rules, Fetch fetch, Clock clock)
    : impl_{std::make_shared<Impl>(std::move(store), std::move(rules), std::move(fetch), std::move(clock))} {}

TokenSource::~TokenSource() = default;

namespace {

asio::awaitable<std::string> valueOf(asio::awaitable<Renewed> renewal) {
  auto renewed = co_await std::move(renewal);
  co_return std::move(renewed.token.value);
}

asio::awaitable<FreshToken> freshOf(asio::awaitable<Renewed> renewal) {
  auto renewed = co_await std::move(renewal);
  FreshToken fresh;
  fresh.value = std::move(renewed.token.value);
  fresh.expiresIn = renewed.expiresIn;
  co_return fresh;
}

}  // namespace

asio::awaitable<std::string> TokenSource::current(Deadline deadline) {
  Want want;
  want.deadline = deadline;
  return valueOf(Impl::obtain(impl_, std::move(want)));
}

asio::awaitable<std::string> TokenSource::instead(std::string refused, Deadline deadline) {
  Want want;
  want.kind = Kind::instead;
  want.refused = std::move(refused);
  want.deadline = deadline;
  return valueOf(Impl::obtain(impl_, std::move(want)));
}

asio::awaitable<FreshToken> TokenSource::renew(bool force, Deadline deadline) {
  Want want;
  want.kind = Kind::renew;
  want.force = force;
  want.deadline = deadline;
  return freshOf(Impl::obtain(impl_, std::move(want)));
}

}  // namespace openapi::token
