#include <gateways/alipay/alipay_platform.hpp>

#include <openapi/error.hpp>

#include <codec/form.hpp>
#include <crypto/random.hpp>
#include <gateways/packing.hpp>

#include <algorithm>
#include <cctype>

namespace openapi::gateway::alipay {
namespace {

constexpr int morning = 9;
constexpr std::chrono::seconds accessTokenLife{15 * 24 * 3600};

/// The gateway answers these under another name.
Refusal loginRefusal(const std::string& subCode) {
  auto why = refusal(subCode);
  why.errorRoot = true;
  return why;
}

std::string userOf(const std::string& code) {
  const auto first = code.find('-');
  const auto last = code.rfind('-');
  if (first == std::string::npos || first == last) return defaultBuyer;
  const auto name = code.substr(first + 1, last - first - 1);
  return isUserId(name) ? name : userIdFor(name);
}

/// The address under which the client reached us; nothing else may come from its header.
std::string hostOf(const Request& request) {
  const std::string host{request.headers.get("Host")};
  const bool plain = !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || c == '.' || c == ':' || c == '-' || c == '[' || c == ']';
  });
  return plain ? host : "127.0.0.1";
}

std::optional<BillType> billTypeOf(std::string_view name) {
  if (name == "trade") return BillType::trade;
  if (name == "signcustomer") return BillType::signcustomer;
  return std::nullopt;
}

void refuseBillType(const std::string& name) {
  for (const auto known : {"merchant_act", "trade_zft_merchant", "zft_acc", "settlementMerge"}) {
    if (name == known) throw refusal("TYPE_NOT_SUPPORTED");
  }
  throw refusal("INVAILID_ARGUMENTS");
}

Reply deadLink() {
  return {
      .status = 404,
      .contentType = "text/html;charset=GBK",
      .body = fromUtf8("<html><head><title>支付宝</title></head><body>账单下载链接不存在或已失效</body></html>\n", Charset::gbk)};
}

}  // namespace

std::string AlipayPlatform::redeemCode(const std::string& code) {
  const bool good = code.starts_with("auth") && !code.starts_with("authexpired") && code.size() <= 128;
  if (!good) throw loginRefusal("isv.code-invalid");
  if (services_.database.execute("INSERT OR IGNORE INTO alipay_logins(code) VALUES(?)", {code}) == 0)
    throw loginRefusal("isv.code-invalid");
  return userOf(code);
}

Node AlipayPlatform::oauthToken(const Call& call) {
  const auto grant = call.text("grant_type");
  const auto now = services_.clock.now();
  if (grant == "authorization_code") return tokenAnswer(redeemCode(call.text("code")), now);
  if (grant != "refresh_token") throw loginRefusal("isv.grant-type-invalid");
  const auto token = call.text("refresh_token");
  const auto row = services_.database.first("SELECT * FROM alipay_tokens WHERE refresh_token = ?", {token});
  if (!row || row->integer("used") != 0) throw loginRefusal("isv.refresh-token-invalid");
  if (row->integer("expires") <= toMillis(now)) throw loginRefusal("isv.refresh-token-time-out");
  services_.database.execute("UPDATE alipay_tokens SET used = 1 WHERE refresh_token = ?", {token});
  return tokenAnswer(row->text("user_id"), fromMillis(row->integer("auth_start")));
}

Node AlipayPlatform::tokenAnswer(const std::string& userId, Time authStart) {
  const auto refreshToken = "authusrB" + crypto::randomText(32);
  const auto seconds = [&](std::chrono::seconds life) {
    return knobs_.numbers ? Json{std::int64_t{life.count()}} : Json{std::to_string(life.count())};
  };
  services_.database.execute("INSERT INTO alipay_tokens(refresh_token, user_id, auth_start, expires, used) VALUES(?,?,?,?,0)",
                             {refreshToken, userId, toMillis(authStart), toMillis(services_.clock.now() + knobs_.tokenLife)});
  Node node{{"access_token", "authusrB" + crypto::randomText(32)},
            {"auth_start", readableTime(authStart)},
            {"expires_in", seconds(accessTokenLife)},
            {"re_expires_in", seconds(knobs_.tokenLife)},
            {"refresh_token", refreshToken}};
  if (knobs_.openIds) {
    node["open_id"] = "open" + userId;
  } else {
    node["alipay_user_id"] = crypto::randomText(32);
    node["user_id"] = userId;
  }
  return node;
}

Node AlipayPlatform::billUrl(const Call& call) {
  const auto name = requiredText(call.biz, "bill_type", 32);
  const auto date = requiredText(call.biz, "bill_date", 10);
  const auto type = billTypeOf(name);
  if (!type) refuseBillType(name);
  const auto now = services_.clock.now();
  const auto period = billPeriod(date);
  const auto today = startOfDay(now);
  if (!period || period->to > today || period->from < today - std::chrono::days{6 * 366}) throw refusal("INVAILID_ARGUMENTS");
  const auto plan = planOf(*period);
  const std::chrono::hours ready{plan.byClock ? morning : knobs_.billHour};
  if (period->to == today && now < today + ready) throw refusal("BILL_NOT_EXIST");
  const bool empty = plan.rows() == 0 && store_.paidBetween(period->from, period->to).empty() &&
                     store_.refundsBetween(period->from, period->to).empty();
  if (empty && !knobs_.emptyBills) throw refusal("NO_BILL_DATA");
  const auto fileId = "/" + crypto::randomText(24);
  services_.database.execute("INSERT INTO alipay_bill_links(file_id, bill_type, bill_date, expires) VALUES(?,?,?,?)",
                             {fileId, name, date, toMillis(now + knobs_.billLinkLife)});
  const codec::FormFields query{{"bizType", name},
                                {"userId", sellerAccount()},
                                {"fileType", "csv.zip"},
                                {"bizDates", period->compact},
                                {"downloadFileName", sellerAccount() + "_" + period->compact + ".csv.zip"},
                                {"fileId", fileId}};
  Node node{{"bill_download_url", "https://" + hostOf(call.http) + "/downloadBillFile.resource?" + codec::writeForm(query)}};
  if (empty) node["bill_file_code"] = "EMPTY_DATA_WITH_BILL_FILE";
  return node;
}

Reply AlipayPlatform::billFile(const Request& request) {
  std::string fileId;
  try {
    fileId = readOrderString(request.query).value("fileId");
  } catch (const Error&) {
    return deadLink();
  }
  const auto now = services_.clock.now();
  const auto link = services_.database.first("SELECT * FROM alipay_bill_links WHERE file_id = ?", {fileId});
  if (!link || link->integer("expires") <= toMillis(now)) return deadLink();
  const auto period = billPeriod(link->text("bill_date"));
  const auto type = billTypeOf(link->text("bill_type"));
  const BillFacts facts{sellerAccount(), *period, now, planOf(*period)};
  Reply reply{.contentType = "application/octet-stream",
              .headers = {{"Content-Disposition", "attachment; filename=" + facts.account + "_" + period->compact + ".csv.zip"}}};
  auto archive = billArchive(*type, facts, store_);
  if (facts.plan.rows() > 0) {
    reply.source = std::move(archive);
  } else {
    reply.body = drained(*archive);
  }
  return reply;
}

std::string AlipayPlatform::sellerAccount() const { return identity_.sellerId + "0156"; }

/// Bills of months hold only what was really traded.
BillPlan AlipayPlatform::planOf(const BillPeriod& period) {
  constexpr std::size_t dayLength = 8;
  return period.compact.size() == dayLength ? plans_.of(period.from) : BillPlan{};
}

Json AlipayPlatform::planBills(const Json& input) {
  const auto now = services_.clock.now();
  const auto text = [&](const std::string& type, Time day, const BillPlan& plan) {
    return madeDetail(*billTypeOf(type), {sellerAccount(), *billPeriod(readableDate(day)), now, plan});
  };
  const auto rowsOf = [](std::string_view type, std::int64_t trades) {
    return billTypeOf(type) ? std::optional{trades} : std::nullopt;
  };
  if (input.find("columns") != nullptr) throw ControlError{400, "Alipay's bills have no old columns", "columns"};
  return planBill(input, plans_, {"trade", rowsOf, text}, now);
}

}  // namespace openapi::gateway::alipay
