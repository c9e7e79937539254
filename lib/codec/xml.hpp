#pragma once

#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <codec/flat.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi::codec {

/// One element: its value is text and CDATA joined, entities decoded, not trimmed.
using XmlField = FlatField;

/// The `badResponse` for a document that has an element twice: readers would not agree on what it says.
class RepeatedElement : public Error {
 public:
  explicit RepeatedElement(const std::string& message) : Error{Errc::badResponse, message} {}
};

/// A document of one root whose children hold only text: the shape of every WeChat Pay message.
/// Parsed in place in a buffer of its own. Move-only; the views stay valid when it is moved.
class FlatXml {
 public:
  /// Reads `text` with root element `root` (`xml`). Strict and bounded, in time linear in the size: no DOCTYPE,
  /// no processing instruction but the declaration, only the five entities and character references, valid
  /// UTF-8, no attributes, no nested elements, no repeated element, at most `maxFields` elements and `maxBytes` bytes,
  /// nothing but white space around the root.
  /// Throws `Error` with `Errc::badResponse` whose message names what is wrong and, where it helps, the element.
  [[nodiscard]] static FlatXml parse(std::string_view text, std::string_view root);

  static constexpr std::size_t maxBytes = 1024 * 1024;
  static constexpr std::size_t maxFields = 4096;

  /// All elements, sorted by name (bytes).
  [[nodiscard]] std::span<const XmlField> fields() const { return fields_; }
  /// The element `name`, or null.
  [[nodiscard]] const XmlField* find(std::string_view name) const;
  /// The text of `name`, empty when it is absent.
  [[nodiscard]] std::string_view value(std::string_view name) const;

 private:
  std::vector<char> buffer_;
  std::vector<XmlField> fields_;
};

/// `<root><name><![CDATA[value]]></name>…</root>`; `]]>` in a value is split over two sections,
/// and a carriage return stands between them as `&#13;`, so that what is read back is what was written.
/// Throws `Error` with `Errc::invalidArgument` for a name that is no XML name, or a value with characters that
/// XML 1.0 cannot hold; the message names the element.
[[nodiscard]] std::string writeXml(std::string_view root, std::span<const std::pair<std::string, std::string>> fields);

inline constexpr std::size_t maxXmlLevels = 16;

/// Reads `text` with root element `root` as an object, as strictly as `FlatXml` but for nested elements, of which there may be
/// `maxXmlLevels` levels. An element is a text or, when it holds elements, an object; one that is there more than once in its
/// parent is an array. Throws `Error` with `Errc::badResponse`.
[[nodiscard]] Json parseXmlTree(std::string_view text, std::string_view root);

/// Writes `fields` so that `parseXmlTree` reads them: an array becomes an element for each of its items, texts become CDATA
/// sections, integers stand bare, null is left out. Throws `Error` with `Errc::invalidArgument` for what XML cannot hold.
[[nodiscard]] std::string writeXmlTree(std::string_view root, const Fields& fields);

}  // namespace openapi::codec
