#include <gateways/bmob/captchas.hpp>

#include <gateways/bmob/captcha_image.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t tokenLength = 20;
constexpr std::int64_t validateSeconds = 300;

struct Range {
  std::string_view name;
  std::int64_t least;
  std::int64_t most;
  std::int64_t usual;
};
constexpr Range widths{"width", 60, 200, 85};
constexpr Range heights{"height", 30, 100, 30};
constexpr Range sizes{"size", 3, 6, 4};
constexpr Range lifetimes{"ttl", 60, 180, 60};

std::int64_t within(const Range& range, const Fields& fields) {
  const auto value = integerOf(fields, range.name).value_or(range.usual);
  if (value < range.least || value > range.most)
    throw Refused{10035, "field: " + std::string{range.name} + " value: " + std::to_string(value) + " is not right"};
  return value;
}

std::string digits(std::int64_t count) {
  const auto bytes = crypto::sha256(crypto::randomText(43));
  std::string text;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) text += static_cast<char>('0' + bytes[i] % 10);
  return text;
}

/// What stands in the address of the picture where the real platform has the app's secret key.
std::string keyInAddress(const Context& context) {
  return codec::toLowerHex(crypto::sha256(context.identity.applicationId)).substr(0, 16);
}

Refused wrongCaptcha() { return {207, "code error."}; }
Refused noPicture() { return {404, "not found", 404}; }

}  // namespace

Reply requestCaptcha(Context& context, const Call& call) {
  const Fields none;
  const auto& fields = call.body.object() == nullptr ? none : *call.body.object();
  const auto width = within(widths, fields);
  const auto height = within(heights, fields);
  const auto size = within(sizes, fields);
  const auto lifetime = within(lifetimes, fields);
  const auto token = crypto::randomText(tokenLength);
  auto& database = context.database();
  database.execute("DELETE FROM bmob_captchas WHERE expires < ?", {toMillis(context.now()) - 1000 * validateSeconds});
  database.execute("INSERT INTO bmob_captchas(token, code, width, height, expires) VALUES(?, ?, ?, ?, ?)",
                   {token, digits(size), width, height, toMillis(context.now()) + 1000 * lifetime});
  const auto address = baseUrlOf(call) + "/1/captchaImage?secretKey=" + keyInAddress(context) + "&token=" + token;
  return answer(Fields{{"captcha_token", token}, {"captcha_url", address}});
}

Reply captchaImage(Context& context, const Call& call) {
  if (call.parameter("secretKey") != keyInAddress(context)) throw noPicture();
  const auto row = context.database().first(
      "SELECT rowid AS number, code, width, height FROM bmob_captchas WHERE token = ? AND used = 0 AND expires > ?",
      {std::string{call.parameter("token")}, toMillis(context.now())});
  if (!row) throw noPicture();
  Reply reply{.status = 200, .contentType = "image/png"};
  reply.body = drawCaptcha(row->text("code"), static_cast<int>(row->integer("width")), static_cast<int>(row->integer("height")),
                           static_cast<unsigned>(row->integer("number")));
  reply.headers.add("Cache-Control", "no-store");
  return reply;
}

Reply verifyCaptcha(Context& context, const Call& call) {
  const auto& fields = contentOf(call);
  const auto code = textOf(fields, "captcha_code");
  const auto token = textOf(fields, "captcha_token");
  if (code.empty()) throw neededParameter("captcha_code");
  if (token.empty()) throw neededParameter("captcha_token");
  auto& database = context.database();
  const auto row = database.first("SELECT code FROM bmob_captchas WHERE token = ? AND used = 0 AND expires > ?",
                                  {token, toMillis(context.now())});
  if (!row) throw wrongCaptcha();
  const bool isRight = row->text("code") == code;
  const auto validate = isRight ? crypto::randomText(tokenLength) : std::string{};
  database.execute("UPDATE bmob_captchas SET used = 1, validate = ?, expires = ? WHERE token = ?",
                   {validate, toMillis(context.now()) + 1000 * validateSeconds, token});
  if (isRight) return answer(Fields{{"validate_token", validate}});
  // Not thrown: that a wrong answer was given must stay known, or a program could try them all.
  const auto refused = wrongCaptcha();
  return answer(Fields{{"code", refused.code}, {"error", refused.error}}, refused.status);
}

void takeValidateToken(Context& context, const std::string& token) {
  const auto changed =
      context.database().execute("UPDATE bmob_captchas SET validate = '' WHERE validate = ? AND ? <> '' AND expires > ?",
                                 {token, token, toMillis(context.now())});
  if (changed == 0) throw Refused{207, "validate_token error."};
}

Json listCaptchas(Context& context, const Json&) {
  Json::Array captchas;
  for (const auto& row : context.database().query("SELECT token, code, used FROM bmob_captchas ORDER BY rowid DESC LIMIT 1000")) {
    captchas.push_back(
        Fields{{"captchaToken", row.text("token")}, {"code", row.text("code")}, {"used", row.integer("used") != 0}});
  }
  return captchas;
}

}  // namespace openapi::gateway::bmob
