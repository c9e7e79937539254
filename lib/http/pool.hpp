#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace openapi::http {

/// What a pool keeps.
class PooledConnection {
 public:
  virtual ~PooledConnection() = default;
  /// False once the peer closed it or sent bytes that nobody asked for. Does not block.
  [[nodiscard]] virtual bool usable() = 0;
};

/// Someone who waits on an event loop. `wake` may be called from any thread; it only posts.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  virtual void wake() = 0;
};

/// The connections of one client on one event loop: those at rest, the number of those in use, and who waits.
/// Everything here may be called from several threads.
class Pool : public std::enable_shared_from_this<Pool> {
 public:
  struct Limits {
    std::size_t connectionsPerHost;
    std::chrono::milliseconds idleTimeout;
  };
  class Place;
  class Bell;

  explicit Pool(Limits limits) : limits_{limits} {}

  /// The client is gone: connections at rest close, those in use close when they are given back.
  void close();
  /// The event loop is about to go: the same, and nobody is woken any more.
  void shutdown();

  [[nodiscard]] std::size_t idleConnections() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Idle {
    std::shared_ptr<PooledConnection> connection;
    Clock::time_point since;
  };
  struct Host {
    std::size_t open = 0;  ///< in use, at rest, or about to be opened
    std::vector<Idle> idle{};
    std::list<Place*> waiting{};
  };
  using Connections = std::vector<std::shared_ptr<PooledConnection>>;

  void dropIdle();
  void dropExpired(Host& host, Clock::time_point now, Connections& dropped);
  void sweep(Clock::time_point now, Connections& dropped);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Host> hosts_;
  Clock::time_point nextSweep_{};
  bool closed_ = false;
  bool shut_ = false;
};

/// A place among the connections to one host: first in the queue, then with the right to one connection.
/// Its destruction leaves the queue, or gives the connection back.
class Pool::Place {
 public:
  Place(std::shared_ptr<Pool> pool, std::string key, Sleeper& sleeper);
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// True if there is a place now. Otherwise this is queued, and the sleeper will be woken.
  [[nodiscard]] bool enter();
  [[nodiscard]] bool granted() const;
  /// Looks for a connection at rest that still works. None: open a new one.
  [[nodiscard]] std::shared_ptr<PooledConnection> takeIdle();
  /// The connection goes back to the pool with this place.
  void keep(std::shared_ptr<PooledConnection> connection) { kept_ = std::move(connection); }

 private:
  friend class Pool;
  enum class State { outside, waiting, granted };

  void giveBack(Connections& dropped);

  std::shared_ptr<Pool> pool_;
  std::string key_;
  Sleeper& sleeper_;
  Host* host_ = nullptr;
  State state_ = State::outside;
  std::list<Place*>::iterator position_{};
  std::shared_ptr<PooledConnection> kept_;
};

/// Wakes a sleeper from a thread that does not belong to its event loop, as long as both exist.
class Pool::Bell {
 public:
  Bell(std::shared_ptr<Pool> pool, Sleeper& sleeper) : pool_{std::move(pool)}, sleeper_{&sleeper} {}
  void ring();
  /// The sleeper leaves.
  void disarm();

 private:
  std::shared_ptr<Pool> pool_;
  Sleeper* sleeper_;
};

}  // namespace openapi::http
