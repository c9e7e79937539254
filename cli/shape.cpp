#include <cli/shape.hpp>

namespace openapi::cli {

Shape eventShape() {
  Shape shape;
  shape.members = {{"headers", "object", false, {}, false, {}},
                   {"body", "text", true, {}, false, {}},
                   {"isBase64Encoded", "boolean", false, {}, false, {}}};
  shape.extra = true;
  shape.structName = "Event";
  return shape;
}

}  // namespace openapi::cli
