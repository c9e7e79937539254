#include <openapi/event.hpp>

#include <codec/ascii.hpp>

namespace openapi {

namespace {

NotifyReply weixinReply(bool ok, std::string_view reason) {
  // One line and in this order: users report that other spellings are sent again.
  std::string body = "<xml><return_code><![CDATA[";
  body += ok ? "SUCCESS" : "FAIL";
  body += "]]></return_code><return_msg><![CDATA[";
  const std::string_view text = ok ? "OK" : reason.empty() ? "FAIL" : reason;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 3) == "]]>") {
      body += "]]]]><![CDATA[>";
      at += 2;
    } else if (static_cast<unsigned char>(text[at]) >= ' ') {
      body += text[at];
    }
  }
  body += "]]></return_msg></xml>";
  return {200, "text/xml; charset=utf-8", std::move(body)};
}

}  // namespace

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [itemName, value] : items_) {
    if (codec::equalIgnoringCase(itemName, name)) return value;
  }
  return {};
}

NotifyReply notifyReply(Provider provider, bool ok, std::string_view reason) {
  if (provider == Provider::weixin) return weixinReply(ok, reason);
  return {200, "text/plain; charset=utf-8", ok ? "success" : "fail"};
}

}  // namespace openapi
