#include <gateways/bmob/json_list.hpp>

#include <gateways/bmob/refused.hpp>

#include <utility>

namespace openapi::gateway::bmob {
namespace {

/// At least so many values as there are; an empty array or object counts as two.
std::size_t valuesIn(std::string_view json) {
  std::size_t values = 1;
  bool isText = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      isText = !isText;
    } else if (isText) {
      if (c == '\\') ++i;
    } else if (c == ',' || c == '[' || c == '{') {
      ++values;
    }
  }
  return values;
}

}  // namespace

void JsonList::add(std::string_view item) {
  if (text_.size() + item.size() > maxAnswerBytes) throw tooLargeAnswer();
  if (text_.size() > 1) text_ += ',';
  text_ += item;
}

std::string JsonList::take() && { return std::move(text_ += ']'); }

void requireReadable(std::string_view json) {
  const bool canHaveTooMany = json.size() > 2 * maxAnswerValues;  // a value takes two bytes
  if (json.size() > maxAnswerBytes || (canHaveTooMany && valuesIn(json) > maxAnswerValues)) throw tooLargeAnswer();
}

}  // namespace openapi::gateway::bmob
