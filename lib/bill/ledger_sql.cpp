#include "bill/ledger_sql.hpp"

#include <openapi/error.hpp>

#include <algorithm>
#include <array>

#include "codec/ascii.hpp"
#include "codec/utf8.hpp"
#include "stamp.hpp"

namespace openapi::bill {
namespace {

bool isNamePart(char c) { return codec::isAlphanumeric(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

std::size_t endOf(std::string_view query, std::size_t found, std::size_t length) {
  return found == std::string_view::npos ? query.size() : found + length;
}

/// Behind the quote that closes the one at `at`. A doubled one opens the next text at once, which comes to the same.
std::size_t endOfQuotes(std::string_view query, std::size_t at, bool escapes) {
  const char quote = query[at];
  for (++at; at < query.size() && query[at] != quote; ++at) {
    if (escapes && query[at] == '\\') ++at;
  }
  return std::min(at + 1, query.size());
}

/// Comments within comments count.
std::size_t endOfComment(std::string_view query, std::size_t at) {
  int depth = 0;
  while (at < query.size()) {
    const auto two = query.substr(at, 2);
    if (two == "/*") ++depth;
    if (two == "*/") --depth;
    at += two == "/*" || two == "*/" ? 2U : 1U;
    if (depth == 0) return at;
  }
  return query.size();
}

/// Behind `$tag$ … $tag$`, or behind the dollar when it begins no such text.
std::size_t endOfDollars(std::string_view query, std::size_t at) {
  std::size_t end = at + 1;
  while (end < query.size() && isNamePart(query[end])) ++end;
  const bool opens = end < query.size() && query[end] == '$' && !(query[at + 1] >= '0' && query[at + 1] <= '9');
  if (!opens) return at + 1;
  const auto mark = query.substr(at, end - at + 1);
  return endOf(query, query.find(mark, end + 1), mark.size());
}

/// Where the text, comment or name that begins at `at` ends; one character further for anything else.
std::size_t endOfToken(std::string_view query, std::size_t at) {
  const char c = query[at];
  const auto two = query.substr(at, 2);
  if (c == '\'' || c == '"') return endOfQuotes(query, at, false);
  if (two == "E'" || two == "e'") return endOfQuotes(query, at + 1, true);
  if (two == "--") return endOf(query, query.find('\n', at), 1);
  if (two == "/*") return endOfComment(query, at);
  if (two == "::") return at + 2;
  if (c == '$') return endOfDollars(query, at);
  if (!isNamePart(c)) return at + 1;
  while (at < query.size() && (isNamePart(query[at]) || query[at] == '$')) ++at;
  return at;
}

}  // namespace

void failQuery(const std::string& problem) { throw Error{Errc::invalidArgument, "the ledger's query: " + problem}; }

std::string sqlTime(const std::optional<Time>& time, const std::string& name) {
  if (!time) failQuery("it has the parameter " + name + ", but no such time is given");
  return formatGmt8(*time, "%Y-%m-%d %H:%M:%S");
}

std::string oneLine(std::string_view message) {
  constexpr std::size_t longest = 300;
  std::string out;
  while (!message.empty() && out.size() < longest) {
    const auto point = codec::decodeUtf8(message);
    const bool printable = point.length != 0 && point.value >= 0x20 && !(point.value >= 0x7F && point.value < 0xA0);
    if (printable) {
      out += message.substr(0, point.length);
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
    message.remove_prefix(std::max<std::size_t>(point.length, 1));
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

NumberedQuery numberParameters(std::string_view query, const SqlPeriod& period) {
  NumberedQuery result;
  std::array<std::string, 2> numbers;
  const auto numberOf = [&](std::string_view parameter) {
    const bool to = parameter == ":to";
    auto& number = numbers[to ? 1 : 0];
    if (number.empty()) {
      result.values.push_back(sqlTime(to ? period.to : period.from, std::string{parameter}));
      number = "$" + std::to_string(result.values.size());
    }
    return number;
  };
  for (std::size_t at = 0; at < query.size();) {
    const bool named = query[at] == ':' && at + 1 < query.size() && isNamePart(query[at + 1]);
    const std::size_t end = endOfToken(query, named ? at + 1 : at);
    const auto token = query.substr(at, end - at);
    if (token == "$" && end < query.size() && query[end] >= '0' && query[end] <= '9') {
      failQuery("it has a parameter $" + std::string{query.substr(end, 1)} + ", there are only :from and :to");
    }
    if (token == ":from" || token == ":to") {
      result.text += numberOf(token);
    } else {
      result.text += token;
    }
    at = end;
  }
  return result;
}

}  // namespace openapi::bill
