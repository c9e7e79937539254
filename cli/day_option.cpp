#include <cli/day_option.hpp>

#include <cli/commands.hpp>
#include <stamp.hpp>

namespace openapi::cli {

std::string dayOption(const std::string& given) {
  auto date = given;
  if (date.size() == 10 && date[4] == '-' && date[7] == '-') {
    date.erase(7, 1);
    date.erase(4, 1);
  }
  if (!isDay(date)) throw UsageError{"--date: expected a day as yyyyMMdd or yyyy-MM-dd, got " + given};
  return date;
}

}  // namespace openapi::cli
