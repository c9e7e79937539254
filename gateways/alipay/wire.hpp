#pragma once

#include <openapi/json.hpp>

#include <codec/form.hpp>
#include <gateways/http_server.hpp>

#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// The gateway's side of the wire of Alipay's gateway v1, without state: everything here is a pure function.
namespace openapi::gateway::alipay {

enum class Charset { utf8, gbk };

/// The parameters of a request: bytes as they arrived, percent-decoded once; the query's before the body's.
class Params {
 public:
  void add(std::string name, std::string value);
  /// The value of `name`, or null.
  [[nodiscard]] const std::string* find(std::string_view name) const;
  /// The value of `name`, empty when it is absent.
  [[nodiscard]] std::string value(std::string_view name) const;
  [[nodiscard]] auto begin() const { return items_.begin(); }
  [[nodiscard]] auto end() const { return items_.end(); }

 private:
  codec::FormFields items_;
};

/// Query and body (urlencoded or multipart) as one. A name that is in both keeps the query's value; files are left out.
/// Throws `Error` when they cannot be read.
[[nodiscard]] Params readParams(const Request& request);
/// The same for an order string, or for the query of a URL.
[[nodiscard]] Params readOrderString(std::string_view text);

/// What a request's `sign` covers: all parameters that are not empty, but `sign`.
[[nodiscard]] std::string stringToSign(const Params& params);
/// What a notification's `sign` covers: all parameters but `sign` and `sign_type`.
[[nodiscard]] std::string notifyStringToSign(const codec::FormFields& fields);

/// `utf-8`, `gbk` or `gb2312` in any case.
[[nodiscard]] std::optional<Charset> charsetOf(std::string_view name);
/// No value for bytes that are no text.
[[nodiscard]] std::optional<std::string> toUtf8(std::string_view bytes, Charset charset);
/// `?` stands for what GBK cannot hold.
[[nodiscard]] std::string fromUtf8(std::string_view utf8, Charset charset);

/// As `java.net.URLEncoder` does it: space is `+`, `.*_-` and alphanumerics stay.
[[nodiscard]] std::string javaUrlEncode(std::string_view bytes);
[[nodiscard]] std::string javaForm(const codec::FormFields& fields);

/// The members of an answer. Written: code, msg, sub_code, sub_msg, then the rest by name.
using Node = std::map<std::string, Json>;

/// JSON text as Alipay writes it: `/` as `\/`, anything but ASCII raw, no white space.
[[nodiscard]] std::string writeJson(const Json& value);
[[nodiscard]] std::string writeNode(const Node& node);

/// Why the gateway or a business refuses.
class Refusal : public std::exception {
 public:
  Refusal(std::string main, std::string sub, std::string text, Node more = {})
      : code{std::move(main)}, subCode{std::move(sub)}, subMsg{std::move(text)}, extra{std::move(more)} {}
  [[nodiscard]] const char* what() const noexcept override { return subCode.c_str(); }

  std::string code;
  std::string subCode;
  std::string subMsg;
  Node extra;              ///< further members: zero amounts and the like
  bool errorRoot = false;  ///< answered as `error_response`
};

/// The text that belongs to a code: `Business Failed`.
[[nodiscard]] std::string msgOf(std::string_view code);
/// The code to which a sub_code belongs: 40004 for `ACQ.…`.
[[nodiscard]] std::string codeOf(std::string_view subCode);
/// The text that the real platform gives for a sub_code; the sub_code itself when none is known.
[[nodiscard]] std::string subMsgOf(std::string_view subCode);
[[nodiscard]] Node refusalNode(const Refusal& why);

/// A refusal with the code and the text that belong to `subCode`.
[[nodiscard]] Refusal refusal(const std::string& subCode, Node extra = {});

/// Unusual answers that the real gateway gives, or that somebody in the middle may make of them.
enum class Shape {
  plain,
  signFirst,            ///< `sign` before the node
  whiteSpace,           ///< white space around `:`
  duplicateBeforeSign,  ///< a forged second node between the real one and `sign`
  duplicateAfterSign,   ///< a forged second node at the end
  noSign,
  emptySign,
  errorResponse,  ///< the node is called `error_response`
  nullResponse,   ///< the node is called `null_response`
  nestedNames,    ///< members inside the node that are called like the root and `sign`
  braces,         ///< braces and quotes inside a text
  html,           ///< status 200 with a page
  truncated,      ///< half of the body, well framed
};
[[nodiscard]] std::optional<Shape> shapeOf(std::string_view name);

/// `{"root":node,"sign":"…"}` and its variants. `node` and `sign` are used as they are; no `sign` when it has no value.
[[nodiscard]] std::string envelope(std::string_view root, std::string_view node, const std::optional<std::string>& sign,
                                   Shape shape);

/// `&<>"'` escaped.
[[nodiscard]] std::string htmlEscape(std::string_view text);
/// The page a browser gets for a refused page or wap order; UTF-8, goes out as GBK.
[[nodiscard]] std::string errorPage(const Refusal& why);

}  // namespace openapi::gateway::alipay
