#include <marshal/names.hpp>

namespace openapi::marshal {

std::string toSnake(std::string_view camel) {
  std::string name;
  name.reserve(camel.size() + 8);
  for (const char c : camel) {
    if (codec::isUpper(c)) name += '_';
    name += codec::lower(c);
  }
  return name;
}

std::string toCamel(std::string_view snake) {
  std::string name{snake};
  std::size_t size = 0;
  for (std::size_t at = 0; at < snake.size(); ++at) {
    const bool hump = snake[at] == '_' && at + 1 < snake.size() && codec::isLower(snake[at + 1]);
    name[size++] = hump ? static_cast<char>(snake[++at] - 'a' + 'A') : snake[at];
  }
  name.resize(size);
  return name;
}

}  // namespace openapi::marshal
