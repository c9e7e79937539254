#pragma once

#include <codec/flat.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi::codec {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// Reads `application/x-www-form-urlencoded` bytes: split at `&`, then at the first `=`; `+` is a space;
/// percent-decoded exactly once, to bytes. Order is kept. Refused: a repeated name, a bad escape, an empty name,
/// more than 1,000 fields or 1 MiB. Throws `Error` with `Errc::badResponse` that names the field.
[[nodiscard]] FormFields parseForm(std::string_view body);

/// The same form, decoded into one buffer and sorted by name. Move-only; the views stay valid when it is moved.
class FlatForm {
 public:
  /// Refuses what `parseForm` refuses.
  [[nodiscard]] static FlatForm parse(std::string_view body);

  FlatForm(FlatForm&&) = default;
  FlatForm& operator=(FlatForm&&) = default;

  [[nodiscard]] std::span<const FlatField> fields() const { return fields_; }
  /// The value of `name`, empty when it is absent.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  /// Names and values as they were decoded, with `=` and `&` between them.
  [[nodiscard]] std::string_view text() const { return {buffer_.data(), buffer_.size()}; }

 private:
  FlatForm() = default;

  std::vector<char> buffer_;
  std::vector<FlatField> fields_;
};

/// Appends `text` percent-encoded: unreserved characters of RFC 3986 as they are, everything else `%XX`.
void appendPercentEncoded(std::string& out, std::string_view text);

/// `text` percent-decoded once, to bytes; `+` stays as it is. No value for a bad escape.
[[nodiscard]] std::optional<std::string> percentDecoded(std::string_view text);

/// `a=1&b=2`, percent-encoded, in the order given.
[[nodiscard]] std::string writeForm(const FormFields& fields);

}  // namespace openapi::codec
