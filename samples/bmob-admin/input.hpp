#pragma once

#include <samples/bmob-admin/exchange.hpp>

#include <openapi/json.hpp>

#include <string>

namespace bmob_admin {

/// The members of the body: a form, whose values are all texts, or a JSON object. Empty when there is no body. Throws `Refusal`:
/// 415 for another type, 400 for what cannot be read.
[[nodiscard]] openapi::Fields readBody(const Request& request);

/// The text member `name`, empty when it is absent. Throws `Refusal` (400) when it is something else.
[[nodiscard]] std::string textOf(const openapi::Fields& body, std::string_view name);

/// The session token of the caller, from `sessiontoken` or `X-Bmob-Session-Token`; empty when there is none. Throws `Refusal`
/// (400) for two different ones, and for what can be no token.
[[nodiscard]] std::string sessionTokenOf(const openapi::Headers& headers);

/// Who may call from a browser.
struct Origins {
  std::vector<std::string> names{};    ///< under which the service is reached, besides IP addresses and `localhost`
  std::vector<std::string> allowed{};  ///< other web sites that may use the service: `https://shop.example`
};

/// Keeps web sites out that a visitor of theirs happens to open: under a name of their own that leads here (421), and with
/// requests from their pages (403). Throws `Refusal`.
void checkOrigin(const openapi::Headers& headers, const Origins& origins);

/// The web site that sent the request, when it is one of `allowed`; else empty.
[[nodiscard]] std::string allowedOrigin(const openapi::Headers& headers, const Origins& origins);

}  // namespace bmob_admin
