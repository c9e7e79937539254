#include <gateways/weixin_api/errors.hpp>

#include <codec/text.hpp>
#include <crypto/random.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::chrono::hours ridTime{7 * 24};
constexpr std::size_t keptBytes = 2048;

struct CodeText {
  std::int64_t code;
  std::string_view text;
};

/// In ascending order.
constexpr std::array texts{
    CodeText{-1, "system error"},
    CodeText{40001,
             "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more "
             "details at https://mmbizurl.cn/s/JtxxFh33r"},
    CodeText{40002, "invalid grant_type"},
    CodeText{40003, "invalid openid"},
    CodeText{40004, "invalid media type"},
    CodeText{40005, "invalid file type"},
    CodeText{40006, "invalid media size"},
    CodeText{40007, "invalid media_id"},
    CodeText{40008, "invalid message type"},
    CodeText{40009, "invalid image size"},
    CodeText{40013, "invalid appid"},
    CodeText{40014, "invalid access_token"},
    CodeText{40029, "invalid code"},
    CodeText{40033, "invalid charset, do not use \\uXXXX"},
    CodeText{40035, "invalid parameter"},
    CodeText{40037, "invalid template_id"},
    CodeText{40066, "invalid url"},
    CodeText{40097, "invalid args"},
    CodeText{40125, "invalid appsecret"},
    CodeText{40129, "invalid scene"},
    CodeText{40159, "invalid length for path, or the data is not json string"},
    CodeText{40163, "code been used"},
    CodeText{40164, "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist"},
    CodeText{40165, "invalid weapp pagepath"},
    CodeText{40169, "invalid length for scene, or the data is not json string"},
    CodeText{40200, "invalid account type"},
    CodeText{40212, "invalid query"},
    CodeText{40225, "invalid page title"},
    CodeText{40226, "code blocked"},
    CodeText{40243, "appsecret has been frozen"},
    CodeText{41001, "access_token missing"},
    CodeText{41002, "appid missing"},
    CodeText{41004, "appsecret missing"},
    CodeText{41005, "media data missing"},
    CodeText{41006, "media_id missing"},
    CodeText{41008, "missing code"},
    CodeText{41009, "missing openid"},
    CodeText{41030, "invalid page"},
    CodeText{42001, "access_token expired"},
    CodeText{43001, "require GET method"},
    CodeText{43002, "require POST method"},
    CodeText{43101, "user refuse to accept the msg"},
    CodeText{43104, "the openid does not match the appid"},
    CodeText{43107, "subscribe message ability is banned"},
    CodeText{43108, "concurrent sends to one user"},
    CodeText{44002, "empty post data"},
    CodeText{44004, "empty content"},
    CodeText{44990, "reach max api second frequence limit"},
    CodeText{44991, "reach max api minute frequence limit"},
    CodeText{44993, "reach max api day frequence limit"},
    CodeText{45001, "media size out of limit"},
    CodeText{45002, "content size out of limit"},
    CodeText{45009, "reach max api daily quota limit"},
    CodeText{45011, "api minute-quota reach limit, must slower, retry next minute"},
    CodeText{45015, "response out of time limit or subscription is canceled"},
    CodeText{45029, "qrcode count out of limit"},
    CodeText{45047, "out of response count limit"},
    CodeText{45072, "invalid command"},
    CodeText{45080, "need sending message to user, or recving message from user in the last 30 seconds before typing"},
    CodeText{45081, "you are already typing"},
    CodeText{45094, "customer service messages are limited by a penalty"},
    CodeText{45168, "keyword in blacklist"},
    CodeText{46001, "media data no exist"},
    CodeText{47001, "data format error"},
    CodeText{47002, "data format error, do NOT use json unicode encode (\\uxxxx\\uxxxx), please use utf8 encoded text!"},
    CodeText{47003, "argument invalid!"},
    CodeText{48001, "api unauthorized"},
    CodeText{48004, "api forbidden for irregularities"},
    CodeText{48006, "forbid to clear quota because of reaching the limit"},
    CodeText{50004, "token api is forbidden"},
    CodeText{50007, "account is frozen"},
    CodeText{61010, "code is expired"},
    CodeText{61500, "date format error"},
    CodeText{61501, "date range error"},
    CodeText{61502, "it is a game"},
    CodeText{61503, "data not ready, please try later"},
    CodeText{61504, "system busy, please try later"},
    CodeText{70000, "the user is a minor under protection"},
    CodeText{76001, "rid not found"},
    CodeText{76003, "could not query this rid,no permission"},
    CodeText{76004, "rid time is error"},
    CodeText{76021, "cgi_path not found, please check"},
    CodeText{76022, "could not use this cgi_path, no permission"},
    CodeText{85096, "not allow include scancode_time field"},
    CodeText{85400, "reach max long time quota limit"},
    CodeText{85401, "time limit between 1min and 30days"},
    CodeText{85402, "invalid env_version"},
    CodeText{87007, "session_key is not existed or expired"},
    CodeText{87008, "invalid sig_method"},
    CodeText{87009, "invalid signature"},
    CodeText{87014, "risky content"},
    CodeText{89002, "open not exists"},
    CodeText{89300, "invalid trade"},
    CodeText{89503, "this ip call needs the admin's confirmation"},
    CodeText{89506, "this ip was refused by the admin twice in 24 hours"},
    CodeText{89507, "this ip was refused by the admin in the last hour"},
    CodeText{101000, "invalid image url"},
    CodeText{101001, "certificate not found"},
    CodeText{101002, "invalid image data"},
    CodeText{101003, "not enough market quota"},
    CodeText{10060001, "支付单不存在"},
    CodeText{10060002, "支付单已完成发货，无法继续发货"},
    CodeText{10060003, "支付单已使用重新发货机会"},
    CodeText{10060004, "支付单处于不可发货的状态"},
    CodeText{10060005, "物流类型有误"},
    CodeText{10060006, "非快递发货时不允许分拆发货"},
    CodeText{10060007, "分拆发货模式下必须填写 is_all_delivered 字段"},
    CodeText{10060008, "商品描述 item_desc 字段不能为空"},
    CodeText{10060009, "商品描述 item_desc 字段太长"},
    CodeText{10060012, "系统错误"},
    CodeText{10060014, "参数错误"},
    CodeText{10060019, "系统错误"},
    CodeText{10060020, "该笔支付单在没有任何商品描述的情况下不允许完成发货"},
    CodeText{10060023, "发货信息未更新"},
    CodeText{10060024, "物流信息列表太长"},
    CodeText{10060025, "物流公司编码太长"},
    CodeText{10060026, "物流单号太长"},
    CodeText{10060031, "该笔支付单不属于 openid 所指定的用户"},
    CodeText{268485194, "订单单号类型非法"},
    CodeText{268485195, "微信支付单号形式下 transaction_id 字段不能为空"},
    CodeText{268485196, "商户侧单号形式下 mchid 字段不能为空"},
    CodeText{268485197, "商户侧单号形式下 out_trade_no 字段不能为空"},
    CodeText{268485216, "上传时间非法，请按照 RFC 3339 格式填写"},
    CodeText{268485224, "发货模式非法"},
    CodeText{268485226, "物流单号不能为空"},
    CodeText{268485227, "物流公司编码不能为空"},
    CodeText{268485228, "统一发货模式下，物流信息列表长度必须为 1"},
};
static_assert(std::ranges::is_sorted(texts, {}, &CodeText::code));

std::string hex(std::uint32_t value) {
  const std::array<unsigned char, 4> bytes{static_cast<unsigned char>(value >> 24U), static_cast<unsigned char>(value >> 16U),
                                           static_cast<unsigned char>(value >> 8U), static_cast<unsigned char>(value)};
  return codec::toLowerHex(bytes);
}

std::string makeRid(Time now) {
  const auto random = randomBytes(8);
  const std::span bytes{reinterpret_cast<const unsigned char*>(random.data()), random.size()};
  return hex(static_cast<std::uint32_t>(toMillis(now) / 1000)) + "-" + codec::toLowerHex(bytes.first(4)) + "-" +
         codec::toLowerHex(bytes.last(4));
}

bool isLogin(std::string_view path) { return path.starts_with("/sns/"); }

/// The one answer that is known to come without a suffix.
bool isBare(const Request& request, std::int64_t code) { return request.path == "/cgi-bin/media/get" && code == 40007; }

std::string suffix(const Context& context, const Request& request, const std::string& rid) {
  if (!context.settings.flag("legacyHints")) return (isLogin(request.path) ? ", rid: " : " rid: ") + rid;
  if (isLogin(request.path)) return ", hints: [ req_id: " + crypto::randomText(10) + "-" + crypto::randomText(4) + " ]";
  return " hint: [" + crypto::randomText(14) + "]";
}

/// The query without what is secret.
std::string redacted(const Call& call) {
  codec::FormFields fields = call.query;
  for (auto& [name, value] : fields) {
    if (name == "access_token" || name == "secret" || name == "appsecret" || name == "signature") value = "***";
  }
  return fields.empty() ? std::string{} : "?" + codec::writeForm(fields);
}

/// The beginning of a body that is text, and not of one that holds a secret.
std::string keptBody(const Request& request) {
  const bool secret = request.path == "/cgi-bin/stable_token" || request.path.starts_with("/cgi-bin/clear_quota/");
  if (secret || !codec::isUtf8(request.body)) return {};
  auto text = request.body.substr(0, keptBytes);
  while (!codec::isUtf8(text)) text.pop_back();
  return text;
}

void keepRid(Context& context, const Request& request, const std::string& appId, const std::string& rid,
             const std::string& response) {
  const auto now = context.now();
  Call call{request};
  try {
    if (!request.query.empty()) call.query = codec::parseForm(request.query);
  } catch (const std::exception&) {
    call.query.clear();  // a query that is no form: nothing to show
  }
  context.database().execute("DELETE FROM wxapi_rids WHERE time <= ?", {toMillis(now - 2 * ridTime)});
  context.database().execute("INSERT OR REPLACE INTO wxapi_rids(rid, app_id, time, url, request, response) VALUES(?,?,?,?,?,?)",
                             {rid, appId, toMillis(now), request.path + redacted(call), keptBody(request), response});
}

}  // namespace

std::string_view baseText(std::int64_t code) {
  const auto found = std::ranges::lower_bound(texts, code, {}, &CodeText::code);
  return found != texts.end() && found->code == code ? found->text : "error";
}

Reply errorAnswer(Context& context, const Request& request, const std::string& appId, const Refused& refused) {
  const auto rid = makeRid(context.now());
  auto text = refused.text.empty() ? std::string{baseText(refused.code)} : refused.text;
  if (!isBare(request, refused.code)) text += suffix(context, request, rid);
  auto reply = answer(Fields{{"errcode", refused.code}, {"errmsg", text}});
  if (isLogin(request.path)) reply.contentType = "text/plain";
  keepRid(context, request, appId, rid, reply.body);
  return reply;
}

Reply findRid(Context& context, const Call& call) {
  const auto row = context.database().first("SELECT * FROM wxapi_rids WHERE rid = ?", {textOf(call.body, "rid")});
  if (!row) throw Refused{76001};
  if (row->text("app_id") != call.appId) throw Refused{76003};
  const auto time = fromMillis(row->integer("time"));
  if (context.now() - time > ridTime) throw Refused{76004};
  return success({{"request", Fields{{"invoke_time", row->integer("time") / 1000},
                                     {"cost_in_ms", 1},
                                     {"request_url", row->text("url")},
                                     {"request_body", row->text("request")},
                                     {"response_body", row->text("response")},
                                     {"client_ip", "127.0.0.1"}}}});
}

}  // namespace openapi::gateway::weixin_api
