#include <gateways/bmob/signature.hpp>

#include <codec/ascii.hpp>
#include <gateways/bmob/request.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <algorithm>
#include <functional>
#include <vector>

namespace openapi::gateway::bmob {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds window{10'000};
constexpr std::size_t maxNonce = 64;

Refused wrongSignature() { return {400, "签名安全验证错误"}; }

/// Ten digits are seconds, thirteen are milliseconds.
std::optional<Time> timeOf(std::string_view timestamp) {
  const auto number = numberIn(timestamp);
  if (!number || *number < 0 || (timestamp.size() != 10 && timestamp.size() != 13)) return std::nullopt;
  return fromMillis(timestamp.size() == 10 ? *number * 1000 : *number);
}

bool isNonce(std::string_view text) {
  // No more than SDKs use: the signed texts follow each other without a mark, so a nonce must not take in a JSON body.
  const auto isGood = [](char c) { return codec::isAlphanumeric(c) || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= maxNonce && std::all_of(text.begin(), text.end(), isGood);
}

/// The bytes as Node prints a Buffer in JSON.
std::string bufferJson(std::string_view bytes) {
  std::string text = R"({"type":"Buffer","data":[)";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(static_cast<unsigned char>(bytes[i]));
  }
  return text + "]}";
}

/// The forms in which SDKs sign a body: of files, the bytes, a JSON text of them, a Node Buffer.
std::vector<std::function<std::string()>> signedBodies(const Request& request, bool isFile) {
  if (request.method != "POST" && request.method != "PUT") return {[] { return std::string{}; }};
  std::vector<std::function<std::string()>> forms{[&request] { return request.body; }};
  if (!isFile) return forms;
  if (codec::isUtf8(request.body)) forms.emplace_back([&request] { return Json{request.body}.json(); });
  forms.emplace_back([&request] { return bufferJson(request.body); });
  return forms;
}

bool isSigned(SignedParts parts, const Request& request, bool isFile, std::string_view sign) {
  const auto decoded = percentDecoded(request.path).value_or(request.path);
  const auto isRight = [&] {
    for (const std::string_view path : {std::string_view{request.path}, std::string_view{decoded}}) {
      parts.path = path;
      if (crypto::equalInConstantTime(safeSign(parts), sign)) return true;
    }
    return false;
  };
  if (parts.version.empty()) return isRight();
  const auto forms = signedBodies(request, isFile);
  return std::any_of(forms.begin(), forms.end(), [&](const auto& form) {
    const auto body = form();
    parts.body = body;
    return isRight();
  });
}

}  // namespace

std::string safeSign(const SignedParts& parts) {
  std::string text{parts.path};
  text.append(parts.timestamp).append(parts.safeCode).append(parts.nonce);
  if (!parts.version.empty()) text.append(parts.body).append(parts.version);
  return codec::toLowerHex(crypto::md5(text));
}

void checkSignature(Context& context, const Request& request, bool isFile) {
  const auto& headers = request.headers;
  const auto& identity = context.identity;
  if (!crypto::equalInConstantTime(headers.get("X-Bmob-Secret-Key"), identity.secretKey)) throw unauthorized();
  const SignedParts parts{.timestamp = headers.get("X-Bmob-Safe-Timestamp"),
                          .safeCode = identity.safeCode,
                          .nonce = headers.get("X-Bmob-Noncestr-Key"),
                          .version = headers.get("X-Bmob-SDK-Version")};
  const auto time = timeOf(parts.timestamp);
  const auto now = context.now();
  // A timestamp in seconds has lost up to one of them.
  if (!time || *time < now - window - milliseconds{999} || *time > now + window || !isNonce(parts.nonce)) throw wrongSignature();
  if (!isSigned(parts, request, isFile, headers.get("X-Bmob-Safe-Sign"))) throw wrongSignature();
  if (!identity.refuseReplays) return;
  const auto until = *time + window + milliseconds{999};
  // The signature too: with the version moved into the nonce it is right for formula A, which leaves the body free.
  if (!context.nonces.add(std::string{parts.timestamp} + ' ' + std::string{parts.nonce}, now, until) ||
      !context.nonces.add("sign " + std::string{headers.get("X-Bmob-Safe-Sign")}, now, until)) {
    throw wrongSignature();
  }
}

}  // namespace openapi::gateway::bmob
