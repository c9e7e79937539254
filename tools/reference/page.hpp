#pragma once

#include "texts.hpp"

#include <cli/methods.hpp>

#include <string>
#include <vector>

namespace reference {

enum class Language { english, chinese };

/// The reference of everything that can be called, as Markdown.
[[nodiscard]] std::string page(Texts& texts, const std::vector<openapi::cli::ProviderEntry>& providers, Language language);

}  // namespace reference
