#include <gateways/weixin/coupon.hpp>

#include <openapi/json.hpp>

namespace openapi::gateway::weixin {

std::int64_t sumOf(const std::vector<Coupon>& coupons) {
  std::int64_t sum = 0;
  for (const auto& coupon : coupons) sum += coupon.fee;
  return sum;
}

std::int64_t sumOf(const std::vector<Coupon>& coupons, std::string_view type) {
  std::int64_t sum = 0;
  for (const auto& coupon : coupons) sum += coupon.type == type ? coupon.fee : 0;
  return sum;
}

std::string storedCoupons(const std::vector<Coupon>& coupons) {
  Json::Array list;
  for (const auto& coupon : coupons) list.push_back(Fields{{"id", coupon.id}, {"type", coupon.type}, {"fee", coupon.fee}});
  return Json{std::move(list)}.json();
}

std::vector<Coupon> couponsFromStored(const std::string& text) {
  const auto list = Json::parse(text);
  std::vector<Coupon> coupons;
  for (const auto& item : *list.array()) {
    coupons.push_back({*item.find("id")->string(), *item.find("type")->string(), *item.find("fee")->integer()});
  }
  return coupons;
}

std::string digits(std::int64_t number, std::size_t width) {
  auto text = std::to_string(number);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

}  // namespace openapi::gateway::weixin
