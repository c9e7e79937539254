#include <gateways/weixin_api/crop.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::size_t maxRatios = 5;
constexpr double maxRatio = 100;

/// How much brightness changes, summed up for each column or for each row.
std::vector<std::int64_t> detail(const GreyPicture& picture, bool columns) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(columns ? picture.width : picture.height));
  std::size_t at = 0;
  for (int y = 0; y != picture.height; ++y) {
    for (int x = 0; x != picture.width; ++x, ++at) {
      const auto width = static_cast<std::size_t>(picture.width);
      const int here = picture.pixels[at];
      const int change =
          (x == 0 ? 0 : std::abs(here - picture.pixels[at - 1])) + (y == 0 ? 0 : std::abs(here - picture.pixels[at - width]));
      sums[static_cast<std::size_t>(columns ? x : y)] += change;
    }
  }
  return sums;
}

/// Where a window of `length` holds the largest sum; of equal ones the one nearest to the middle.
int bestStart(const std::vector<std::int64_t>& sums, int length) {
  const int last = static_cast<int>(sums.size()) - length;
  std::int64_t sum = 0;
  for (int i = 0; i != length; ++i) sum += sums[static_cast<std::size_t>(i)];
  std::int64_t most = sum;
  int best = 0;
  for (int start = 1; start <= last; ++start) {
    sum += sums[static_cast<std::size_t>(start + length - 1)] - sums[static_cast<std::size_t>(start - 1)];
    const bool nearer = std::abs(2 * start - last) < std::abs(2 * best - last);
    if (sum > most || (sum == most && nearer)) best = start;
    most = std::max(most, sum);
  }
  return best;
}

}  // namespace

std::optional<std::vector<double>> parseRatios(std::string_view text) {
  std::vector<double> ratios;
  while (true) {
    const auto part = text.substr(0, text.find(','));
    double ratio = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), ratio, std::chars_format::fixed);
    const bool number = error == std::errc{} && end == part.data() + part.size();
    if (!number || !(ratio >= 1 / maxRatio && ratio <= maxRatio) || ratios.size() == maxRatios) return std::nullopt;
    ratios.push_back(ratio);
    if (part.size() == text.size()) return ratios;
    text.remove_prefix(part.size() + 1);
  }
}

CropBox bestCrop(const GreyPicture& picture, double ratio) {
  const auto rounded = [](double length, int most) { return std::clamp(static_cast<int>(std::lround(length)), 1, most); };
  if (picture.width > picture.height * ratio) {
    const int width = rounded(picture.height * ratio, picture.width);
    const int left = bestStart(detail(picture, true), width);
    return {left, 0, left + width - 1, picture.height - 1};
  }
  const int height = rounded(picture.width / ratio, picture.height);
  const int top = bestStart(detail(picture, false), height);
  return {0, top, picture.width - 1, top + height - 1};
}

}  // namespace openapi::gateway::weixin_api
