#include <openapi/token_store.hpp>

#include <map>
#include <mutex>
#include <utility>

namespace openapi {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

class MemoryTokenStore : public TokenStore {
 public:
  asio::awaitable<std::optional<StoredToken>> load(std::string key) override {
    const std::lock_guard guard{mutex_};
    const auto entry = tokens_.find(key);
    if (entry == tokens_.end()) co_return std::nullopt;
    co_return entry->second;
  }

  asio::awaitable<bool> save(std::string key, std::string owner, StoredToken token) override {
    const std::lock_guard guard{mutex_};
    if (!holds(key, owner)) co_return false;
    tokens_[key] = std::move(token);
    co_return true;
  }

  asio::awaitable<bool> lock(std::string key, std::string owner, std::chrono::milliseconds lease) override {
    const std::lock_guard guard{mutex_};
    const auto now = steady_clock::now();
    const auto held = locks_.find(key);
    if (held != locks_.end() && now < held->second.until) co_return false;
    locks_[key] = Lock{std::move(owner), now + lease};
    co_return true;
  }

  asio::awaitable<void> unlock(std::string key, std::string owner) override {
    const std::lock_guard guard{mutex_};
    if (holds(key, owner)) locks_.erase(key);
    co_return;
  }

 private:
  struct Lock {
    std::string owner;
    steady_clock::time_point until;
  };

  bool holds(const std::string& key, const std::string& owner) const {
    const auto held = locks_.find(key);
    return held != locks_.end() && held->second.owner == owner && steady_clock::now() < held->second.until;
  }

  std::mutex mutex_;
  std::map<std::string, StoredToken> tokens_;
  std::map<std::string, Lock> locks_;
};

}  // namespace

std::shared_ptr<TokenStore> makeMemoryTokenStore() { return std::make_shared<MemoryTokenStore>(); }

}  // namespace openapi
