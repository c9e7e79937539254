#include <gateways/bmob/sms_text.hpp>

#include <codec/ascii.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::bmob {
namespace {

constexpr std::int64_t signatureCharacters = 6;  // 【比目科技】
constexpr std::int64_t oneMessage = 70;
constexpr std::int64_t eachOfMany = 67;
constexpr int longestNumber = 6;  // a code; more digits are a phone number

bool startsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// Digits in a row, with dashes between them.
bool hasPhoneNumber(std::string_view text) {
  int digits = 0;
  for (const char c : text) {
    const bool isDigit = codec::isDigit(c);
    if (isDigit) ++digits;
    if (digits > longestNumber) return true;
    if (!isDigit && c != '-') digits = 0;
  }
  return false;
}

}  // namespace

std::int64_t chargedMessages(std::string_view text) {
  const auto length = std::count_if(text.begin(), text.end(), startsCharacter) + signatureCharacters;
  return length <= oneMessage ? 1 : (length + eachOfMany - 1) / eachOfMany;
}

bool isAllowedText(std::string_view text) {
  constexpr std::array<std::string_view, 8> forbidden{"【", "】", "[", "]", "://", "www.", "@", "微信号"};
  const auto contains = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  return std::none_of(forbidden.begin(), forbidden.end(), contains) && !hasPhoneNumber(text);
}

std::string filled(std::string text, std::string_view variable, std::string_view value) {
  const auto mark = '%' + std::string{variable} + '%';
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
  return text;
}

}  // namespace openapi::gateway::bmob
