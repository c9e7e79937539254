#include <cli/shape.hpp>

namespace openapi::cli {

Shape eventShape() {
  Shape shape;
  shape.members = {{"headers", "object", false, {}}, {"body", "text", true, {}}, {"isBase64Encoded", "boolean", false, {}}};
  shape.extra = true;
  return shape;
}

}  // namespace openapi::cli
