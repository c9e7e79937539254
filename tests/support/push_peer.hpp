#pragma once

#include <openapi/weixin/message_push.hpp>

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <crypto/aes.hpp>
#include <crypto/digest.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// WeChat's side of open data and of message push, or somebody's who plays it: each layer alone, so that each can be wrong.
namespace openapi::test {

struct PushPeer {
  std::string appId = "wxba5fad812f8e6fb9";
  std::string token = "AAAAA";
  std::string key = *codec::fromBase64("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE=");
  std::string encodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  std::string timestamp = "1714112445";
  std::string nonce = "415670741";

  [[nodiscard]] std::string sign(std::string_view encrypt = {}) const {
    std::vector<std::string> parts{token, timestamp, nonce};
    if (!encrypt.empty()) parts.emplace_back(encrypt);
    std::sort(parts.begin(), parts.end());
    std::string text;
    for (const auto& part : parts) text += part;
    return codec::toLowerHex(crypto::sha1(text));
  }

  /// The query as WeChat sends it, with `msg_signature` for an encrypted message.
  [[nodiscard]] std::string query(std::string_view encrypt = {}) const {
    codec::FormFields fields{{"signature", sign()}, {"timestamp", timestamp}, {"nonce", nonce}, {"openid", "o9AgO5Kd5ggOC"}};
    if (!encrypt.empty()) {
      fields.emplace_back("encrypt_type", "aes");
      fields.emplace_back("msg_signature", sign(encrypt));
    }
    return codec::writeForm(fields);
  }

  static std::string bigEndian(std::uint32_t size) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift);
    return bytes;
  }
  [[nodiscard]] std::string wrapped(const std::string& message, std::uint32_t size) const {
    return "0123456789abcdef" + bigEndian(size) + message + appId;
  }
  [[nodiscard]] std::string wrapped(const std::string& message) const {
    return wrapped(message, static_cast<std::uint32_t>(message.size()));
  }
  static std::string padded(const std::string& plain) {
    const auto count = 32 - plain.size() % 32;
    return plain + std::string(count, static_cast<char>(count));
  }
  /// Base64 of whole blocks.
  [[nodiscard]] std::string encryptedBlocks(const std::string& blocks) const {
    return codec::toBase64(crypto::encryptAesCbc(key, key.substr(0, 16), blocks, crypto::AesPadding::none));
  }
  [[nodiscard]] std::string encrypted(const std::string& message) const { return encryptedBlocks(padded(wrapped(message))); }

  [[nodiscard]] weixin::PushRequest plainRequest(const std::string& message) const { return {query(), message, false}; }
  /// A signed request that carries `encrypt`, in JSON or XML.
  [[nodiscard]] weixin::PushRequest carrying(const std::string& encrypt, bool asXml = false) const {
    const std::string json = R"({"ToUserName":"gh_97417a04a28d","Encrypt":")" + encrypt + "\"}";
    const std::string xml =
        "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[" + encrypt + "]]></Encrypt></xml>";
    return {query(encrypt), asXml ? xml : json, false};
  }
  [[nodiscard]] weixin::PushRequest safeRequest(const std::string& message, bool asXml = false) const {
    return carrying(encrypted(message), asXml);
  }
};

/// Open data as WeChat makes it: base64 of `plain`, encrypted with the session key and iv.
inline std::string encryptedOpenData(std::string_view sessionKey, std::string_view iv, std::string_view plain) {
  return codec::toBase64(
      crypto::encryptAesCbc(*codec::fromBase64(sessionKey), *codec::fromBase64(iv), plain, crypto::AesPadding::pkcs7));
}

}  // namespace openapi::test
