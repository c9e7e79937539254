#include <gateways/weixin/message.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>
#include <crypto/sign_content.hpp>

namespace openapi::gateway::weixin {

std::string sign(std::span<const std::pair<std::string, std::string>> fields, const std::string& key, SignType type) {
  std::vector<crypto::NamedValue> values;
  for (const auto& [name, value] : fields) {
    if (name != "sign") values.emplace_back(name, value);
  }
  const auto text = crypto::signContent(values, true) + "&key=" + key;
  if (type == SignType::md5) return codec::toUpperHex(crypto::md5(text));
  return codec::toUpperHex(crypto::hmacSha256(key, text));
}

Message withSignature(Message message, const std::string& key, SignType type) {
  message.emplace_back("nonce_str", crypto::randomText(16));
  auto signature = sign(message, key, type);
  message.emplace_back("sign", std::move(signature));
  return message;
}

std::string refundKey(const std::string& key) { return codec::toLowerHex(crypto::md5(key)); }

}  // namespace openapi::gateway::weixin
