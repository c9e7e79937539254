#include "http/pool.hpp"

#include <algorithm>
#include <utility>

namespace openapi::http {

namespace {

constexpr std::chrono::seconds sweepInterval{1};

}  // namespace

// Connections are destroyed under the lock here, so that `shutdown` cannot return while another thread still closes one.
void Pool::dropIdle() {
  for (auto& [key, host] : hosts_) {
    host.open -= host.idle.size();
    host.idle.clear();
  }
}

void Pool::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  dropIdle();
}

void Pool::shutdown() {
  const std::lock_guard lock{mutex_};
  closed_ = shut_ = true;
  dropIdle();
  for (auto& [key, host] : hosts_) {
    for (auto* place : host.waiting) place->state_ = Place::State::outside;
    host.waiting.clear();
  }
}

std::size_t Pool::idleConnections() const {
  const std::lock_guard lock{mutex_};
  std::size_t count = 0;
  for (const auto& [key, host] : hosts_) count += host.idle.size();
  return count;
}

void Pool::dropExpired(Host& host, Clock::time_point now, Connections& dropped) {
  const auto expired = [&](const Idle& idle) { return now - idle.since >= limits_.idleTimeout; };
  auto& idle = host.idle;
  const auto fresh = std::find_if_not(idle.begin(), idle.end(), expired);  // the oldest come first
  for (auto old = idle.begin(); old != fresh; ++old) dropped.push_back(std::move(old->connection));
  host.open -= static_cast<std::size_t>(fresh - idle.begin());
  idle.erase(idle.begin(), fresh);
}

void Pool::sweep(Clock::time_point now, Connections& dropped) {
  if (now < nextSweep_) return;
  nextSweep_ = now + sweepInterval;
  for (auto entry = hosts_.begin(); entry != hosts_.end();) {
    dropExpired(entry->second, now, dropped);
    entry = entry->second.open == 0 && entry->second.waiting.empty() ? hosts_.erase(entry) : std::next(entry);
  }
}

Pool::Place::Place(std::shared_ptr<Pool> pool, std::string key, Sleeper& sleeper)
    : pool_{std::move(pool)}, key_{std::move(key)}, sleeper_{sleeper} {}

Pool::Place::~Place() {
  Connections dropped;
  const std::lock_guard lock{pool_->mutex_};
  if (state_ == State::waiting) host_->waiting.erase(position_);
  if (state_ == State::granted) giveBack(dropped);
}

void Pool::Place::giveBack(Connections& dropped) {
  if (!host_->waiting.empty()) {
    auto* next = host_->waiting.front();
    host_->waiting.pop_front();
    next->state_ = State::granted;
    next->kept_ = pool_->closed_ ? nullptr : std::move(kept_);
    next->sleeper_.wake();
  } else if (kept_ && !pool_->closed_) {
    host_->idle.push_back({std::move(kept_), Clock::now()});
  } else {
    --host_->open;
  }
  if (kept_) dropped.push_back(std::move(kept_));
}

bool Pool::Place::enter() {
  Connections dropped;
  const std::lock_guard lock{pool_->mutex_};
  const auto now = Clock::now();
  pool_->sweep(now, dropped);
  host_ = &pool_->hosts_[key_];
  pool_->dropExpired(*host_, now, dropped);
  if (!host_->idle.empty()) {
    kept_ = std::move(host_->idle.back().connection);
    host_->idle.pop_back();
    state_ = State::granted;
  } else if (host_->open < pool_->limits_.connectionsPerHost) {
    ++host_->open;
    state_ = State::granted;
  } else if (!pool_->shut_) {
    position_ = host_->waiting.insert(host_->waiting.end(), this);
    state_ = State::waiting;
  }
  return state_ == State::granted;
}

bool Pool::Place::granted() const {
  const std::lock_guard lock{pool_->mutex_};
  return state_ == State::granted;
}

std::shared_ptr<PooledConnection> Pool::Place::takeIdle() {
  for (;;) {
    auto connection = std::move(kept_);
    if (!connection || connection->usable()) return connection;
    connection.reset();
    const std::lock_guard lock{pool_->mutex_};
    if (host_->idle.empty()) return nullptr;
    kept_ = std::move(host_->idle.back().connection);
    host_->idle.pop_back();
    --host_->open;  // the place of the one that was dropped
  }
}

void Pool::Bell::ring() {
  const std::lock_guard lock{pool_->mutex_};
  if (sleeper_ && !pool_->shut_) sleeper_->wake();
}

void Pool::Bell::disarm() {
  const std::lock_guard lock{pool_->mutex_};
  sleeper_ = nullptr;
}

}  // namespace openapi::http
