#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openapi::crypto {

/// One block of a PEM text: what stands after `BEGIN`, and its decoded bytes.
struct PemBlock {
  std::string label;
  std::string der;  ///< empty when the block is encrypted or damaged
  bool encrypted = false;
  bool damaged = false;
};

/// The PEM blocks of `text`, or one block with an empty label when it is bare base64. Text around the blocks is left out.
[[nodiscard]] std::vector<PemBlock> readKeyText(std::string_view text);

}  // namespace openapi::crypto
