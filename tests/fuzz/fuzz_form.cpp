#include <algorithm>

#include "codec/form.hpp"
#include "codec/text.hpp"
#include "oracle.hpp"

using openapi::codec::FormFields;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::textOf(data, size);
  FormFields fields;
  if (fuzz::accepts(openapi::Errc::badResponse, [&] { fields = openapi::codec::parseForm(body); })) {
    const std::string written = openapi::codec::writeForm(fields);
    if (written.size() <= 1024 * 1024) fuzz::require(openapi::codec::parseForm(written) == fields, "not the same after writing");
    fuzz::require(body.empty() || fields.size() == static_cast<std::size_t>(std::count(body.begin(), body.end(), '&')) + 1,
                  "fields were lost");
    const auto flat = openapi::codec::FlatForm::parse(body);
    std::sort(fields.begin(), fields.end());
    const auto same = [](const auto& field, const auto& pair) { return field.name == pair.first && field.value == pair.second; };
    fuzz::require(std::equal(flat.fields().begin(), flat.fields().end(), fields.begin(), fields.end(), same),
                  "not the same when flat");
  } else {
    fuzz::require(!fuzz::accepts(openapi::Errc::badResponse, [&] { (void)openapi::codec::FlatForm::parse(body); }),
                  "flat takes more");
  }
  const auto bytes = openapi::codec::fromBase64(body);
  if (bytes) fuzz::require(openapi::codec::toBase64(*bytes) == body, "base64 that has two spellings");
  fuzz::require(openapi::codec::fromBase64(openapi::codec::toBase64(body)) == body, "base64 loses bytes");
  const auto text = openapi::codec::fromGb18030(body);
  if (text) fuzz::require(openapi::codec::isUtf8(*text), "converted text is no UTF-8");
  fuzz::accepts(openapi::Errc::badResponse,
                [&] { fuzz::require(openapi::codec::gunzip(body, 65536).size() <= 65536, "gunzip is not bounded"); });
  fuzz::require(openapi::codec::gunzip(openapi::codec::gzip(body), size) == body, "gzip loses bytes");
  return 0;
}
