#include <openapi/bill/absence.hpp>

#include <stamp.hpp>

#include <algorithm>
#include <string_view>

namespace openapi::bill {

namespace {

using Time = std::chrono::system_clock::time_point;

constexpr std::chrono::hours bookTime{10};

/// The first moment after the day or month, in GMT+8.
Time endOf(const std::string& billDate) {
  Time begin;
  const bool month = billDate.size() == 6;
  if (!parseGmt8(billDate + (month ? "01" : "") + "000000", begin)) return Time::max();
  if (!month) return begin + std::chrono::days{1};
  const auto inNext = formatGmt8(begin + std::chrono::days{31}, "%Y%m");
  Time end;
  return parseGmt8(inNext + "01000000", end) ? end : Time::max();
}

bool isOneOf(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool saysDate(std::string_view text) { return text.find("bill_date") != std::string_view::npos; }

}  // namespace

Time readyAt(const std::string& billDate) {
  const auto end = endOf(billDate);
  return end == Time::max() ? end : end + bookTime;
}

Absence whyNoBill(const Error& error, const std::string& billDate, Time now) {
  if (error.errc() != Errc::rejected) return Absence::other;
  const auto& code = error.errCode();
  if (isOneOf(code, {"20003", "BILL_CREATING"})) return Absence::notReady;
  if (isOneOf(code, {"BILL_DATE_BEFORE_REGISTRATION"})) return Absence::wrongDate;
  const bool dateRefused = (isOneOf(code, {"20001", "PARAM_ERROR"}) && saysDate(error.errMsg())) || code == "INVAILID_ARGUMENTS";
  const bool nothing = isOneOf(code, {"20002", "NO_BILL_EXIST", "NO_BILL_DATA", "BILL_NOT_EXIST"});
  if (!dateRefused && !nothing) return Absence::other;
  if (now < endOf(billDate)) return Absence::wrongDate;
  // A day that is over is a date that both platforms take, as soon as they have its bill.
  if (now < readyAt(billDate)) return Absence::notReady;
  return nothing ? Absence::noBill : Absence::wrongDate;
}

}  // namespace openapi::bill
