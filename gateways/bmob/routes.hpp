#pragma once

#include <gateways/bmob/context.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

enum class Access {
  keys,  ///< application keys or a signature
  open   ///< anybody
};
enum class Content {
  json,  ///< the body of a POST or PUT is a JSON object
  bytes  ///< the body is nobody's business but the operation's
};

/// One operation. In the pattern `:` stands for one part of the path, and `*` at its end for one or more.
struct Route {
  std::string_view method;
  std::string_view pattern;
  Access access;
  Content content;
  Reply (*run)(Context&, const Call&);
};

[[nodiscard]] std::span<const Route> routes();

/// The route of a path, with what its pattern captures (`*` as one text with slashes); null when there is none.
[[nodiscard]] const Route* routeOf(std::string_view method, const std::vector<std::string>& path,
                                   std::vector<std::string>& captured);

}  // namespace openapi::gateway::bmob
