#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Texts that strangers wrote, on a terminal.
namespace openapi::cli {

/// Whether `text` is UTF-8 without anything that steers a terminal: control characters (C0, DEL, C1), line separators, marks that
/// turn the direction of writing, invisible characters.
[[nodiscard]] bool isPrintable(std::string_view text);

/// `text` with each of these written out: `\n`, `\x1b`, `\u202e`; `\xff` for what is not UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

/// Valid UTF-8 with each of these as JSON writes it in a text: `\u001b`, `\u202e`, or a pair of surrogates.
[[nodiscard]] std::string withJsonEscapes(std::string_view utf8);

/// How many columns a terminal needs for printable text: two for each Chinese character.
[[nodiscard]] std::size_t columnsOf(std::string_view text);
/// The beginning of `text` that fits into `columns`, with `…` where something is left out.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t columns);

}  // namespace openapi::cli
