#include <gateways/faults.hpp>

#include <codec/fail.hpp>
#include <near_name.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace openapi::gateway {
namespace {

struct KindName {
  std::string_view name;
  FaultKind kind;
};
constexpr std::array<KindName, 11> kinds{{{"dropAfterCommit", FaultKind::dropAfterCommit},
                                          {"dropBeforeCommit", FaultKind::dropBeforeCommit},
                                          {"delay", FaultKind::delay},
                                          {"status", FaultKind::status},
                                          {"badSignature", FaultKind::badSignature},
                                          {"truncate", FaultKind::truncate},
                                          {"errorCode", FaultKind::errorCode},
                                          {"notReady", FaultKind::notReady},
                                          {"damagedGzip", FaultKind::damagedGzip},
                                          {"wrongDigest", FaultKind::wrongDigest},
                                          {"xmlInstead", FaultKind::xmlInstead}}};

FaultKind kindOf(const std::string& name) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindName& kind) { return kind.name == name; });
  if (found != kinds.end()) return found->kind;
  std::string names;
  for (const auto& kind : kinds) names += (names.empty() ? "" : ", ") + std::string{kind.name};
  throw ControlError{400, "fault must be one of " + names, "fault"};
}

/// Where a fault of bills makes sense; empty: everywhere.
std::vector<std::string_view> pathsOf(FaultKind kind) {
  switch (kind) {
    case FaultKind::notReady:
      return {weixinTradeBill, weixinFundFlow, alipayBillUrl};
    case FaultKind::damagedGzip:
    case FaultKind::xmlInstead:
      return {weixinTradeBill, weixinFundFlow, alipayBillFile};
    case FaultKind::wrongDigest:
      return {weixinFundFlow};
    default:
      return {};
  }
}

void checkPath(const Fault& fault) {
  const auto paths = pathsOf(fault.kind);
  if (paths.empty() || std::find(paths.begin(), paths.end(), fault.path) != paths.end()) return;
  std::string names;
  for (const auto path : paths) names += (names.empty() ? "" : " or ") + std::string{path};
  throw ControlError{400, "the path of this fault must be " + names, "path"};
}

}  // namespace

void refuseOthers(const Json& input, std::span<const std::string_view> known) {
  if (input.object() == nullptr) return;
  for (const auto& [name, value] : *input.object()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw ControlError{400, codec::printable(name) + ": " + noSuchField(name, known), name};
  }
}

std::string requireText(const Json& input, std::string_view field) {
  auto text = optionalText(input, field);
  if (text.empty()) throw ControlError{400, std::string{field} + " is missing", std::string{field}};
  return text;
}

std::string optionalText(const Json& input, std::string_view field, std::string fallback) {
  const auto* value = input.find(field);
  if (value == nullptr || value->isNull()) return fallback;
  if (value->string() == nullptr) throw ControlError{400, std::string{field} + " must be a text", std::string{field}};
  return *value->string();
}

std::int64_t optionalInteger(const Json& input, std::string_view field, std::int64_t fallback, std::int64_t least,
                             std::int64_t most) {
  const auto* value = input.find(field);
  if (value == nullptr || value->isNull()) return fallback;
  const auto* number = value->integer();
  if (number == nullptr || *number < least || *number > most) {
    throw ControlError{
        400, std::string{field} + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most),
        std::string{field}};
  }
  return *number;
}

void Faults::add(const Json& input) {
  Fault fault;
  fault.path = requireText(input, "path");
  fault.times = optionalInteger(input, "times", 1, 0, 1'000'000);
  if (fault.times == 0) {
    std::erase_if(waiting_, [&](const Fault& other) { return other.path == fault.path; });
    return;
  }
  fault.kind = kindOf(requireText(input, "fault"));
  checkPath(fault);
  fault.ms = optionalInteger(input, "ms", 1000, 0, 600'000);
  fault.status = static_cast<int>(optionalInteger(input, "status", 502, 200, 599));
  if (fault.kind == FaultKind::errorCode) {
    fault.errCode = requireText(input, "errCode");
    fault.errMsg = optionalText(input, "errMsg", fault.errCode);
  }
  waiting_.push_back(std::move(fault));
}

std::optional<Fault> Faults::take(std::span<const std::string> names) {
  const auto matches = [&](const Fault& fault) { return std::find(names.begin(), names.end(), fault.path) != names.end(); };
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), matches);
  if (found == waiting_.end()) return std::nullopt;
  auto fault = *found;
  if (--found->times == 0) waiting_.erase(found);
  return fault;
}

}  // namespace openapi::gateway
