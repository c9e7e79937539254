#pragma once

#include <openapi/json.hpp>

#include <gateways/clock.hpp>
#include <gateways/database.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway {

/// How a platform notifies.
struct NotifyRules {
  std::vector<std::chrono::seconds> schedule{};  ///< the wait before each further attempt, in platform time
  std::string contentType{};
  /// Whether this answer ends the notification.
  std::function<bool(int status, std::string_view body)> acknowledged{};
  /// Makes the bytes of one attempt from the stored body (to sign anew, say). Empty: the stored body.
  std::function<std::string(const std::string& body)> render{};
};

struct Notification {
  std::string provider{};  ///< `weixin`, `alipay`
  std::string kind{};      ///< `payment`, `refund`
  std::string url{};
  std::string outTradeNo{};
  std::string body{};
};

/// How a caller of `POST /pay` or `POST /notify` wants it sent.
struct NotifyOptions {
  int times = 1;                       ///< the first attempt goes out this many times, on connections of their own
  std::chrono::milliseconds delay{0};  ///< real time before the first attempt
  std::optional<Time> notBefore{};     ///< platform time of the event it tells of, if that is still to come
  [[nodiscard]] static NotifyOptions from(const Json& input);  ///< reads `notifyTimes` and `notifyDelayMs`; throws `ControlError`
};

/// One HTTP request to a merchant, and what came back.
struct NotifyAttempt {
  std::string url{};
  std::string contentType{};
  std::string body{};
};
struct NotifyAnswer {
  int status = 0;  ///< 0: none
  std::string body{};
  std::string error{};
};

/// Sends notifications until the merchant acknowledges them, on the platform's schedule, `scale` times as fast.
/// Keeps everything in the database, so that it goes on after a restart. Does no I/O itself. One thread.
class Notifier {
 public:
  using Sender = std::function<void(const NotifyAttempt&, std::function<void(const NotifyAnswer&)>)>;

  /// `rearm` is called whenever `nextDue()` may have changed.
  Notifier(
      Clock& clock, Database& database, int scale, Sender sender, std::function<void()> rearm = [] {});

  void setRules(const std::string& provider, NotifyRules rules);
  /// Queues a notification, due at once unless it is delayed or held: `runDue` sends it. Gives its id.
  std::int64_t enqueue(const Notification& notification, NotifyOptions options = {});
  /// Sends the notifications of an order again. Says how many there were.
  int repeat(std::string_view outTradeNo, std::string_view kind, NotifyOptions options);
  /// From now on new notifications wait for `release`.
  void hold() { holding_ = true; }
  /// Sends what was held, the last one first when `reverse`. Says how many.
  int release(bool reverse);

  /// Sends everything that is due.
  void runDue();
  /// When the next attempt is due; no value when nothing waits.
  [[nodiscard]] std::optional<Time> nextDue();
  /// Every notification with its attempts, for `GET /notifies`.
  [[nodiscard]] Json list();

 private:
  struct UnderWay {
    int remaining;
    std::int64_t due;
  };
  void send(std::int64_t id);
  void finish(std::int64_t id, const NotifyAnswer& answer);
  void reschedule(std::int64_t id, std::int64_t sentDue, const NotifyRules& rules);

  Clock& clock_;
  Database& database_;
  int scale_;
  Sender sender_;
  std::function<void()> rearm_;
  std::map<std::string, NotifyRules> rules_;
  std::map<std::int64_t, UnderWay> underWay_;
  bool holding_ = false;
};

}  // namespace openapi::gateway
