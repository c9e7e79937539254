#include <gateways/weixin_api/schema.hpp>

namespace openapi::gateway::weixin_api {

void createTables(Database& database) {
  database.script(R"(
CREATE TABLE IF NOT EXISTS wxapi_tokens(
  token TEXT PRIMARY KEY, app_id TEXT NOT NULL, kind TEXT NOT NULL, issued INTEGER NOT NULL, expires INTEGER NOT NULL,
  superseded INTEGER, latest INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS wxapi_latest ON wxapi_tokens(app_id, kind) WHERE latest = 1;
CREATE INDEX IF NOT EXISTS wxapi_token_ends ON wxapi_tokens(expires);
CREATE TABLE IF NOT EXISTS wxapi_counters(
  app_id TEXT NOT NULL, name TEXT NOT NULL, period INTEGER NOT NULL, window INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(app_id, name, period)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wxapi_limits(path TEXT PRIMARY KEY, daily INTEGER NOT NULL, per_minute INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wxapi_codes(
  kind TEXT NOT NULL, code TEXT NOT NULL, app_id TEXT NOT NULL, openid TEXT NOT NULL, data TEXT NOT NULL, expires INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(kind, code)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wxapi_code_ends ON wxapi_codes(expires);
CREATE TABLE IF NOT EXISTS wxapi_users(
  app_id TEXT NOT NULL, openid TEXT NOT NULL, unionid TEXT, session_key TEXT NOT NULL, last_login INTEGER,
  high_risk INTEGER NOT NULL DEFAULT 0, last_contact INTEGER, typing_until INTEGER, PRIMARY KEY(app_id, openid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wxapi_openids ON wxapi_users(openid);
CREATE TABLE IF NOT EXISTS wxapi_windows(
  app_id TEXT NOT NULL, openid TEXT NOT NULL, kind TEXT NOT NULL, ends INTEGER NOT NULL, remaining INTEGER NOT NULL,
  PRIMARY KEY(app_id, openid, kind)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wxapi_subscriptions(
  app_id TEXT NOT NULL, openid TEXT NOT NULL, template_id TEXT NOT NULL, remaining INTEGER NOT NULL,
  PRIMARY KEY(app_id, openid, template_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wxapi_outbox(
  id INTEGER PRIMARY KEY, app_id TEXT NOT NULL, openid TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, time INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS wxapi_outbox_users ON wxapi_outbox(openid);
CREATE TABLE IF NOT EXISTS wxapi_media(
  app_id TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, content_type TEXT NOT NULL, filename TEXT NOT NULL,
  bytes TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY(app_id, id));
CREATE INDEX IF NOT EXISTS wxapi_media_times ON wxapi_media(created);
CREATE TABLE IF NOT EXISTS wxapi_images(url TEXT PRIMARY KEY, bytes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS wxapi_shippings(
  transaction_id TEXT PRIMARY KEY, logistics_type INTEGER NOT NULL, delivery_mode INTEGER NOT NULL, finished INTEGER NOT NULL,
  finish_count INTEGER NOT NULL, items TEXT NOT NULL, uploaded INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wxapi_order_states(
  transaction_id TEXT PRIMARY KEY, state INTEGER NOT NULL, in_complaint INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wxapi_rids(
  rid TEXT PRIMARY KEY, app_id TEXT NOT NULL, time INTEGER NOT NULL, url TEXT NOT NULL, request TEXT NOT NULL, response TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS wxapi_rid_times ON wxapi_rids(time);
)");
}

}  // namespace openapi::gateway::weixin_api
