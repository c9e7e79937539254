#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi {

/// HTTP header fields in the order of arrival. Names are compared without regard to case.
class Headers {
 public:
  using Item = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Item> items) : items_{items} {}

  void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
  /// The first value of `name`, or an empty text.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] auto begin() const { return items_.begin(); }
  [[nodiscard]] auto end() const { return items_.end(); }
  [[nodiscard]] bool empty() const { return items_.empty(); }

 private:
  std::vector<Item> items_;
};

/// An HTTP request that a platform sent to the merchant: a notification.
///
/// `body` must be the bytes as they arrived. A body that was parsed and written again, re-encoded or
/// trimmed does not verify.
struct Event {
  Headers headers{};
  std::string body{};
  bool isBase64Encoded = false;  ///< `body` is the base64 of the bytes (as cloud functions hand it over)
};

/// The exact answer that a platform expects to a notification. Send it unchanged.
struct NotifyReply {
  int status = 200;
  std::string contentType{};
  std::string body{};
};

enum class Provider { weixin, alipay };

/// The acknowledgement for a notification of `provider`. With `ok` the platform stops sending it;
/// otherwise it sends it again on its schedule. `reason` goes to WeChat in a failure; Alipay takes none.
[[nodiscard]] NotifyReply notifyReply(Provider provider, bool ok, std::string_view reason = {});

}  // namespace openapi
