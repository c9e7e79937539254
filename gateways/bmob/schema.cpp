#include <gateways/bmob/schema.hpp>

namespace openapi::gateway::bmob {

void createTables(Database& database) {
  database.script(R"(
CREATE TABLE IF NOT EXISTS bmob_classes(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS bmob_columns(
  class INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, target TEXT NOT NULL, indexed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(class, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bmob_relations(
  class INTEGER NOT NULL, object TEXT NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL,
  PRIMARY KEY(class, object, name, target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bmob_relation_targets ON bmob_relations(class, name, target);
CREATE TABLE IF NOT EXISTS bmob_passwords(user TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bmob_sessions(token TEXT PRIMARY KEY, user TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bmob_session_users ON bmob_sessions(user);
CREATE INDEX IF NOT EXISTS bmob_session_ends ON bmob_sessions(expires);
CREATE TABLE IF NOT EXISTS bmob_auth_data(
  platform TEXT NOT NULL, account TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY(platform, account)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bmob_auth_users ON bmob_auth_data(user);
CREATE TABLE IF NOT EXISTS bmob_codes(
  id INTEGER PRIMARY KEY, address TEXT NOT NULL, code TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS bmob_code_addresses ON bmob_codes(address, code);
CREATE INDEX IF NOT EXISTS bmob_code_texts ON bmob_codes(code);
CREATE TABLE IF NOT EXISTS bmob_mails(
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, address TEXT NOT NULL, user TEXT NOT NULL, expires INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS bmob_sms(
  id INTEGER PRIMARY KEY AUTOINCREMENT, phone TEXT NOT NULL, content TEXT NOT NULL, code TEXT NOT NULL, code_id INTEGER,
  messages INTEGER NOT NULL, asked INTEGER NOT NULL, due INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS bmob_sms_phones ON bmob_sms(phone, asked);
CREATE TABLE IF NOT EXISTS bmob_sms_templates(name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO bmob_sms_templates VALUES('注册模板', '您的注册验证码是%smscode%，%ttl%分钟内有效');
CREATE TABLE IF NOT EXISTS bmob_captchas(
  token TEXT PRIMARY KEY, code TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, expires INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0, validate TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS bmob_captcha_validations ON bmob_captchas(validate);
CREATE TABLE IF NOT EXISTS bmob_files(path TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS bmob_functions(name TEXT PRIMARY KEY, result TEXT NOT NULL, error TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bmob_weapp_users(
  openid TEXT PRIMARY KEY, session_key TEXT NOT NULL, unionid TEXT NOT NULL DEFAULT '', sk TEXT, expires INTEGER NOT NULL DEFAULT 0)
  WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bmob_weapp_keys ON bmob_weapp_users(sk);
CREATE TABLE IF NOT EXISTS bmob_weapp_codes(
  code TEXT PRIMARY KEY, openid TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bmob_weapp_code_ends ON bmob_weapp_codes(expires);
CREATE TABLE IF NOT EXISTS bmob_messages(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS bmob_message_times ON bmob_messages(kind, created);
CREATE TABLE IF NOT EXISTS bmob_orders(
  id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, body TEXT NOT NULL, openid TEXT NOT NULL,
  price INTEGER NOT NULL, refunded INTEGER NOT NULL DEFAULT 0, transaction_id TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL,
  paid INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS bmob_refunds(
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, fee INTEGER NOT NULL, reason TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS bmob_pushes(id INTEGER PRIMARY KEY, body TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS bmob_push_targets(push INTEGER PRIMARY KEY, matched INTEGER NOT NULL, installations TEXT NOT NULL);
)");
}

}  // namespace openapi::gateway::bmob
