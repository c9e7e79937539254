#pragma once

#include <openapi/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway {

/// Why the control server refuses: goes out as `{"error":…,"field":…}`.
class ControlError : public std::runtime_error {
 public:
  ControlError(int status, const std::string& error, std::string field = {})
      : std::runtime_error{error}, status_{status}, field_{std::move(field)} {}
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const std::string& field() const { return field_; }

 private:
  int status_;
  std::string field_;
};

using FieldNames = std::vector<std::string_view>;

// Readers of control input. Each throws `ControlError` 400 that names the field.
/// For a member that is none of `known`: it would be ignored without a word.
void refuseOthers(const Json& input, std::span<const std::string_view> known);
[[nodiscard]] std::string requireText(const Json& input, std::string_view field);
[[nodiscard]] std::string optionalText(const Json& input, std::string_view field, std::string fallback = {});
[[nodiscard]] std::int64_t optionalInteger(const Json& input, std::string_view field, std::int64_t fallback, std::int64_t least,
                                           std::int64_t most);

enum class FaultKind {
  dropAfterCommit,
  dropBeforeCommit,
  delay,
  status,
  badSignature,
  truncate,
  errorCode,
  // of bills alone
  notReady,
  damagedGzip,
  wrongDigest,
  xmlInstead,
};

// The names of requests for bills.
inline constexpr std::string_view weixinTradeBill = "/pay/downloadbill";
inline constexpr std::string_view weixinFundFlow = "/pay/downloadfundflow";
inline constexpr std::string_view alipayBillUrl = "alipay.data.dataservice.bill.downloadurl.query";
inline constexpr std::string_view alipayBillFile = "/downloadBillFile.resource";

struct Fault {
  std::string path{};  ///< a request path, or an Alipay method name
  FaultKind kind = FaultKind::status;
  std::int64_t times = 1;
  std::int64_t ms = 0;
  int status = 500;
  std::string errCode{};
  std::string errMsg{};
};

/// The faults that wait for a request.
class Faults {
 public:
  /// From the body of `POST /fault`; `times` 0 removes those of the path. Throws `ControlError`.
  void add(const Json& input);
  /// The oldest fault for one of the names of a request; it is used up by one.
  [[nodiscard]] std::optional<Fault> take(std::span<const std::string> names);

 private:
  std::vector<Fault> waiting_;
};

}  // namespace openapi::gateway
