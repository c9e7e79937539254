#pragma once

// The one header that names Boost.Beast: for servers that receive notifications with it.

#include <openapi/event.hpp>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace openapi {

/// The notification in a request that Beast read. The body is taken as it arrived.
template <class Allocator>
Event eventFrom(
    const boost::beast::http::request<boost::beast::http::string_body, boost::beast::http::basic_fields<Allocator>>& request) {
  Event event;
  for (const auto& field : request) {
    const auto name = field.name_string();
    const auto value = field.value();
    event.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  event.body = request.body();
  return event;
}

/// The acknowledgement as a response that Beast can write.
inline boost::beast::http::response<boost::beast::http::string_body> responseFrom(const NotifyReply& reply, unsigned version,
                                                                                  bool keepAlive) {
  boost::beast::http::response<boost::beast::http::string_body> response{static_cast<boost::beast::http::status>(reply.status),
                                                                         version};
  response.set(boost::beast::http::field::content_type, reply.contentType);
  response.keep_alive(keepAlive);
  response.body() = reply.body;
  response.prepare_payload();
  return response;
}

}  // namespace openapi
