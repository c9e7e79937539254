#include <gateways/bmob/codes.hpp>

#include <codec/ascii.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::chrono::minutes lifetime{codeMinutes};

Refused wrongCode() { return {207, "code error."}; }

std::string sixDigits() {
  const auto digest = crypto::sha256(crypto::randomText(43));
  std::string code;
  for (std::size_t i = 0; i < 6; ++i) code += static_cast<char>('0' + (digest[2 * i] * 256 + digest[2 * i + 1]) % 10);
  return code;
}

Refused tooManyTries(std::string_view advice) { return {207, "code error: too many wrong codes, " + std::string{advice}}; }

void use(Context& context, const Row& row) {
  context.database().execute("UPDATE bmob_codes SET used = 1 WHERE id = ?", {row.integer("id")});
}

}  // namespace

std::string issueCode(Context& context, const std::string& address) {
  auto& database = context.database();
  const auto& fixed = context.identity.smsCode;
  auto code = fixed.empty() ? sixDigits() : fixed;
  database.execute("UPDATE bmob_codes SET expires = 0 WHERE address = ? AND used = 0", {address});
  database.execute("INSERT INTO bmob_codes(address, code, expires) VALUES(?, ?, ?)",
                   {address, code, toMillis(context.now() + lifetime)});
  return code;
}

void takeCode(Context& context, const std::string& address, const std::string& code) {
  const auto row = context.database().first(
      "SELECT id, code FROM bmob_codes WHERE address = ? AND used = 0 AND expires > ? ORDER BY id DESC LIMIT 1",
      {address, toMillis(context.now())});
  if (!row) throw wrongCode();
  if (context.wrongCodes.isVoid(row->integer("id"))) throw tooManyTries("request another one.");
  if (row->text("code") != code) {
    context.wrongCodes.add(row->integer("id"));
    throw wrongCode();
  }
  use(context, *row);
}

std::string takeCode(Context& context, const std::string& code) {
  if (context.wrongCodes.areTooMany(context.now()))
    throw tooManyTries("try again in " + std::to_string(codeMinutes) + " minutes.");
  const auto rows =
      context.database().query("SELECT id, address FROM bmob_codes WHERE code = ? AND used = 0 AND expires > ? ORDER BY id DESC",
                               {code, toMillis(context.now())});
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& candidate) { return !context.wrongCodes.isVoid(candidate.integer("id")); });
  if (row == rows.end()) {
    context.wrongCodes.addForAll(context.now());
    throw wrongCode();
  }
  use(context, *row);
  return row->text("address");
}

void requirePhone(const std::string& text) {
  if (text.size() != 11 || !codec::allDigits(text) || text.front() != '1') throw Refused{301, "手机号码必须是11位的数字"};
}

}  // namespace openapi::gateway::bmob
