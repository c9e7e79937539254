#pragma once

#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

/// A PNG that shows `text`, tilted and crossed by lines. The same `seed` gives the same picture.
[[nodiscard]] std::string drawCaptcha(std::string_view text, int width, int height, unsigned seed);

}  // namespace openapi::gateway::bmob
