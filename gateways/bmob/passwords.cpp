#include <gateways/bmob/passwords.hpp>

#include <gateways/bmob/codes.hpp>
#include <gateways/bmob/mails.hpp>
#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/users.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace openapi::gateway::bmob {
namespace {

constexpr int iterations = 4096;  // modest: this platform has no real users, but many tests
constexpr std::size_t saltLength = 22;

std::string hashed(const std::string& password, const std::string& salt) {
  std::array<unsigned char, 32> key{};
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), reinterpret_cast<const unsigned char*>(salt.data()),
                        static_cast<int>(salt.size()), iterations, EVP_sha256(), static_cast<int>(key.size()), key.data()) != 1) {
    ERR_clear_error();
    throw std::runtime_error{"cannot hash a password"};
  }
  return salt + '$' + codec::toLowerHex(key);
}

/// A new password in a request. Refuses with 10050 and 10051.
std::string newPasswordIn(const Fields& body, std::string_view name) {
  const auto* value = body.find(name);
  if (value == nullptr || value->isNull()) throw Refused{10050, "new password is empty"};
  if (value->string() == nullptr) throw Refused{10051, "new password is not string"};
  if (value->string()->empty()) throw Refused{10050, "new password is empty"};
  return *value->string();
}

}  // namespace

void setPassword(Context& context, const std::string& user, const std::string& password) {
  context.database().execute(
      "INSERT INTO bmob_passwords(user, hash) VALUES(?, ?) ON CONFLICT(user) DO UPDATE SET hash = excluded.hash",
      {user, hashed(password, crypto::randomText(saltLength))});
}

bool isPassword(Context& context, const std::string& user, const std::string& password) {
  const auto row = context.database().first("SELECT hash FROM bmob_passwords WHERE user = ?", {user});
  if (!row) return false;
  const auto kept = row->text("hash");
  return crypto::equalInConstantTime(hashed(password, kept.substr(0, saltLength)), kept);
}

void removePassword(Context& context, const std::string& user) {
  context.database().execute("DELETE FROM bmob_passwords WHERE user = ?", {user});
}

Reply changePassword(Context& context, const Call& call) {
  const auto& user = call.captured.empty() ? call.actor.user : call.captured.front();
  requireOwner(call.actor, user);
  const auto& body = contentOf(call);
  static_cast<void>(userRow(context, user));
  if (!call.actor.isMaster && !isPassword(context, user, textOf(body, "oldPassword")))
    throw Refused{210, "old password incorrect."};
  setPassword(context, user, newPasswordIn(body, "newPassword"));
  endSessions(context, user, call.actor.token);
  return done();
}

Reply resetPasswordByCode(Context& context, const Call& call) {
  const auto password = newPasswordIn(contentOf(call), "password");
  const auto phone = takeCode(context, call.captured.at(0));
  const auto user = userWith(context, "mobilePhoneNumber", phone);
  if (!user) throw Refused{207, "code error."};
  setPassword(context, user->id, password);
  endSessions(context, user->id);
  return done();
}

Reply requestPasswordReset(Context& context, const Call& call) {
  const auto user = userOfMail(context, call);
  sendMail(context, MailKind::passwordReset, textOf(user.data, "email"), user.id);
  return done();
}

}  // namespace openapi::gateway::bmob
