#include "crypto/key_text.hpp"

#include <algorithm>
#include <optional>

#include "codec/text.hpp"

namespace openapi::crypto {
namespace {

constexpr std::string_view beginMark = "-----BEGIN ";
constexpr std::string_view endMark = "-----END ";
constexpr std::string_view dashes = "-----";

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

std::optional<std::string> decodeWithBlanks(std::string_view text) {
  std::string compact{text};
  std::erase_if(compact, isBlank);
  if (compact.empty()) return std::nullopt;
  // Some tools leave the padding out.
  if (compact.find('=') == std::string::npos) compact.append((4 - compact.size() % 4) % 4, '=');
  return codec::fromBase64(compact);
}

PemBlock makeBlock(std::string_view label, std::string_view body) {
  PemBlock block;
  block.label = label;
  block.encrypted = label == "ENCRYPTED PRIVATE KEY" || body.find("ENCRYPTED") != std::string_view::npos;
  if (block.encrypted) return block;
  auto der = decodeWithBlanks(body);
  block.damaged = !der;
  if (der) block.der = std::move(*der);
  return block;
}

}  // namespace

std::vector<PemBlock> readKeyText(std::string_view text) {
  std::vector<PemBlock> blocks;
  std::size_t at = text.find(beginMark);
  if (at == std::string_view::npos) {
    blocks.push_back(makeBlock("", text));
    return blocks;
  }
  while (at != std::string_view::npos) {
    text.remove_prefix(at + beginMark.size());
    const std::size_t labelEnd = text.find(dashes);
    const std::string_view label = text.substr(0, labelEnd);
    text.remove_prefix(std::min(label.size() + dashes.size(), text.size()));
    const std::size_t bodyEnd = text.find(endMark);
    const bool closed = labelEnd != std::string_view::npos && bodyEnd != std::string_view::npos &&
                        text.substr(bodyEnd + endMark.size()).starts_with(label) &&
                        text.substr(bodyEnd + endMark.size() + label.size()).starts_with(dashes);
    if (closed) {
      blocks.push_back(makeBlock(label, text.substr(0, bodyEnd)));
      text.remove_prefix(bodyEnd);
    } else {
      PemBlock& block = blocks.emplace_back();
      block.label = label.substr(0, 64);
      block.damaged = true;
    }
    at = text.find(beginMark);
  }
  return blocks;
}

}  // namespace openapi::crypto
