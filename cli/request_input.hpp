#pragma once

#include <cli/binary.hpp>
#include <cli/event_input.hpp>
#include <marshal/json_struct.hpp>

#include <type_traits>

namespace openapi::cli {

/// The members of an input object. A struct of one text takes the bare text too: `bare` is that member, or empty.
/// Members of an object `extra` are lifted to the top where the struct has `extra`. Throws `invalidArgument`.
[[nodiscard]] Fields inputMembers(const Json& input, std::string_view bare, bool liftExtra);

/// The request struct for an input.
template <class Request>
Request requestFrom(const Json& input) {
  if constexpr (std::is_same_v<Request, Event>) {
    return eventFrom(input);
  } else {
    const auto texts = textMembers<Request>();
    const bool single = boost::mp11::mp_size<marshal::Members<Request>>::value == 1 && texts.size() == 1;
    const auto bare = single ? texts.front() : std::string_view{};
    const auto members = inputMembers(input, bare, marshal::HasExtra<Request>);
    return marshal::fromJson<marshal::CamelStyle, Request>(Json{withBytes(members, texts, Errc::invalidArgument)});
  }
}

}  // namespace openapi::cli
