#include <string>
#include <utility>
#include <vector>

#include "codec/text.hpp"
#include "codec/xml.hpp"
#include "oracle.hpp"

using openapi::codec::FlatXml;

namespace {

using Written = std::vector<std::pair<std::string, std::string>>;

Written fieldsOf(const FlatXml& xml) {
  Written fields;
  for (const auto& field : xml.fields()) fields.emplace_back(field.name, field.value);
  return fields;
}

/// Fields are sorted, single, and UTF-8; and they read back the same when they are written.
void check(const FlatXml& xml) {
  const Written fields = fieldsOf(xml);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fuzz::require(i == 0 || fields[i - 1].first < fields[i].first, "names are not sorted");
    fuzz::require(!fields[i].first.empty() && openapi::codec::isUtf8(fields[i].second), "a field that XML cannot hold");
    fuzz::require(xml.find(fields[i].first) == &xml.fields()[i], "a field is not found");
  }
  const std::string text = openapi::codec::writeXml("xml", fields);
  if (text.size() <= FlatXml::maxBytes)
    fuzz::require(fieldsOf(FlatXml::parse(text, "xml")) == fields, "not the same after writing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::textOf(data, size);
  const bool asXml = fuzz::accepts(openapi::Errc::badResponse, [&] { check(FlatXml::parse(text, "xml")); });
  const bool asRoot = fuzz::accepts(openapi::Errc::badResponse, [&] { check(FlatXml::parse(text, "root")); });
  fuzz::require(!(asXml && asRoot), "two roots at once");
  if (asXml || asRoot)
    fuzz::require(text.find("<!DOCTYPE") == std::string_view::npos || text.find("<![CDATA[") != std::string_view::npos ||
                      text.find("<!--") != std::string_view::npos,
                  "a DOCTYPE");

  // Whatever a caller has as a value: written and read back as it was, or refused.
  const Written own = {{"value", std::string{text}}};
  fuzz::accepts(openapi::Errc::invalidArgument, [&] {
    const std::string written = openapi::codec::writeXml("xml", own);
    if (written.size() <= FlatXml::maxBytes) fuzz::require(fieldsOf(FlatXml::parse(written, "xml")) == own, "a value changed");
  });
  return 0;
}
