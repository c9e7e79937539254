#pragma once

#include "http/proxy.hpp"
#include "http/url.hpp"

#include <openapi/transport.hpp>

#include <string>

namespace openapi::http {

/// Throws `Error` with `invalidArgument`, naming the field, for a method or header that must not go on the wire:
/// no HTTP token, line breaks in a value, or a field that the client writes itself.
void checkRequest(const HttpRequest& request);

/// Writes the head of `request` into `out`, whose old content is dropped. `plainProxy`: the proxy of an http URL, or null.
void writeHead(std::string& out, const HttpRequest& request, const Target& target, const Proxy* plainProxy);

/// The head of the request that asks `proxy` for a tunnel to `target`.
void writeConnectHead(std::string& out, const Target& target, const Proxy& proxy);

}  // namespace openapi::http
