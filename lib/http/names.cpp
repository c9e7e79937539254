#include "http/names.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <system_error>
#include <thread>
#include <utility>

namespace openapi::http {

namespace {

constexpr std::size_t mostKnown = 1024;

NameAnswer askSystem(const std::string& host) {
  namespace asio = boost::asio;
  NameAnswer answer;
  asio::io_context context{1};
  asio::ip::tcp::resolver resolver{context};
  const auto results = resolver.resolve(host, "", answer.failure);
  for (const auto& result : results) answer.addresses.push_back(result.endpoint().address());
  return answer;
}

}  // namespace

Resolve systemResolver() {
  return [](const std::string& host, std::function<void(NameAnswer)> done) {
    std::thread{[host, done = std::move(done)] { done(askSystem(host)); }}.detach();
  };
}

std::optional<NameAnswer> Names::Lookup::answer() const {
  const std::lock_guard lock{mutex_};
  return answer_;
}

std::optional<Addresses> Names::cached(const std::string& host) {
  const std::lock_guard lock{mutex_};
  const auto entry = known_.find(host);
  if (entry == known_.end()) return std::nullopt;
  if (std::chrono::steady_clock::now() < entry->second.until) return entry->second.addresses;
  known_.erase(entry);
  return std::nullopt;
}

std::shared_ptr<Names::Lookup> Names::lookUp(const std::string& host, const std::shared_ptr<Pool::Bell>& bell) {
  std::unique_lock lock{mutex_};
  auto& running = running_[host];
  const bool first = !running;
  if (first) running = std::make_shared<Lookup>();
  auto lookup = running;
  {
    const std::lock_guard lookupLock{lookup->mutex_};
    std::erase_if(lookup->bells_, [](const auto& old) { return old.expired(); });
    lookup->bells_.push_back(bell);
  }
  lock.unlock();
  if (!first) return lookup;
  const auto done = [self = shared_from_this(), host, lookup](NameAnswer answer) {
    self->finish(host, lookup, std::move(answer));
  };
  try {
    resolve_(host, done);
  } catch (const std::system_error& error) {  // no thread to be had
    done({.failure = error.code()});
  }
  return lookup;
}

void Names::finish(const std::string& host, const std::shared_ptr<Lookup>& lookup, NameAnswer answer) {
  {
    const std::lock_guard lock{mutex_};
    const auto entry = running_.find(host);
    if (entry != running_.end() && entry->second == lookup) running_.erase(entry);
    if (!answer.failure && !answer.addresses.empty()) {
      if (known_.size() >= mostKnown) known_.clear();
      known_[host] = {answer.addresses, std::chrono::steady_clock::now() + cacheTime_};
    }
  }
  std::vector<std::weak_ptr<Pool::Bell>> bells;
  {
    const std::lock_guard lock{lookup->mutex_};
    if (lookup->answer_) return;
    lookup->answer_ = std::move(answer);
    bells.swap(lookup->bells_);
  }
  for (const auto& weak : bells) {
    if (const auto bell = weak.lock()) bell->ring();
  }
}

void Names::forget(const std::string& host) {
  const std::lock_guard lock{mutex_};
  known_.erase(host);
}

}  // namespace openapi::http
