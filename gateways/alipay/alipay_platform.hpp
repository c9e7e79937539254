#pragma once

#include <gateways/alipay/bill.hpp>
#include <gateways/alipay/order_params.hpp>
#include <gateways/alipay/store.hpp>
#include <gateways/alipay/wire.hpp>
#include <gateways/platform.hpp>

#include <crypto/rsa.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::alipay {

/// What differs between the real platform's environments and contracts.
struct Knobs {
  Fen passwordLimit{100'000};  ///< bar code payments above this ask for the buyer's password
  std::chrono::seconds billLinkLife{30};
  std::chrono::hours refundWindow{90 * 24};                  ///< then a paid trade is TRADE_FINISHED
  std::chrono::hours cancelWindow{24};                       ///< alipay.trade.cancel of a paid trade
  std::chrono::hours qrCodeLife{2};                          ///< of alipay.trade.precreate
  std::chrono::hours tokenLife{30 * 24};                     ///< of a refresh token
  int billHour = 0;                                          ///< yesterday's bill is there from this hour on
  bool emptyBills = false;                                   ///< a day without trade has an empty file instead of NO_BILL_DATA
  bool openIds = false;                                      ///< logins answer `open_id` alone, as for newer apps
  bool numbers = false;                                      ///< `expires_in` is a JSON number
  bool sandboxAmounts = false;                               ///< buyer_pay_amount and its like are "0.00", as in Alipay's sandbox
  bool errCheckLinks = false;                                ///< `sub_msg` ends with a link, as in production
  bool subjectCharacters = false;                            ///< refuse `/`, `=` and `&` in subjects
  std::optional<std::chrono::seconds> timestampTolerance{};  ///< refuse timestamps further away
  std::vector<std::string> signTypes{"RSA2", "RSA"};         ///< for which the app has a key
  std::vector<std::string> forbiddenMethods{};               ///< whose product the merchant has not signed
};

/// One request, as far as it was understood.
struct Call {
  explicit Call(const Request& request) : http{request} {}

  const Request& http;
  Params params{};  ///< bytes
  std::string method{};
  std::string signType{};
  Charset charset = Charset::utf8;
  bool identified = false;  ///< from here on answers are signed
  Json biz = Fields{};

  /// A parameter as UTF-8.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::string root() const;
  /// A browser, not a server, reads the answer.
  [[nodiscard]] bool isPage() const { return method == "alipay.trade.page.pay" || method == "alipay.trade.wap.pay"; }
};

/// The local Alipay, gateway v1.
///
/// `alipay.system.oauth.token` accepts any code that starts with `auth`, once: `auth-NAME-…` belongs to a stable user for
/// NAME (or to the user number NAME), other codes to the default buyer; those that start with `authexpired` are expired.
/// Bar codes that end with 10003 ask for the password; those that end with 20000 are paid, but the answer says unknown.
///
/// Beyond `POST /pay` it knows these control routes, all with `"provider":"alipay"`:
/// `POST /open` opens an order's cashier without paying (same input as `/pay`); `POST /authcode {"openid"}` gives a login `code`;
/// `POST /paycode {"result":"ok"|"password"|"unknown"}` a bar `code`; `POST /answers {"shape":…,"times":n}` shapes the
/// next answers: signFirst, whiteSpace, duplicateBeforeSign, duplicateAfterSign, noSign, emptySign, errorResponse, nullResponse,
/// nestedNames, braces, html, truncated. `POST /bill`: see `planBill`.
class AlipayPlatform final : public Platform {
 public:
  AlipayPlatform(AlipayIdentity identity, Services services);

  [[nodiscard]] Reply handle(const Request& request) override;
  [[nodiscard]] std::vector<std::string> faultNames(const Request& request) const override;
  [[nodiscard]] Reply errorReply(const Request& request, const std::string& errCode, const std::string& errMsg) override;
  void spoilSignature(Reply& reply) const override;
  [[nodiscard]] Json orders() override;
  [[nodiscard]] Json refunds() override;
  [[nodiscard]] std::optional<FieldNames> controlFields(std::string_view route) const override;
  /// `outTradeNo`; `orderString` for an order string or page URL that Alipay has not seen yet; optional `openid`,
  /// `notifyTimes`, `notifyDelayMs`.
  Json pay(const Json& input) override;
  Json extra(std::string_view route, const Json& input) override;

  [[nodiscard]] Knobs& knobs() { return knobs_; }
  /// The next `times` answers have this shape.
  void shapeAnswers(Shape shape, std::int64_t times = 1);

 private:
  using Operation = Node (AlipayPlatform::*)(const Call&);
  [[nodiscard]] static Operation operationOf(std::string_view method);

  // gateway.cpp: the envelope
  void read(Call& call) const;
  void checkParameters(Call& call) const;
  void checkTimestamp(const Call& call) const;
  void checkSign(const Call& call) const;
  void checkRights(const Call& call) const;
  void readBusiness(Call& call) const;
  void admit(Call& call) const;
  [[nodiscard]] Reply serve(Call& call);
  [[nodiscard]] Reply nodeReply(const Call& call, Node node, bool errorRoot);
  [[nodiscard]] Reply refusalReply(const Call& call, Refusal why);
  [[nodiscard]] Reply page(const std::string& html, Charset charset) const;
  [[nodiscard]] std::string sign(std::string_view bytes, std::string_view signType) const;
  [[nodiscard]] static std::string traceId();
  Shape takeShape();

  // trades.cpp
  Node create(const Call& call);
  Node precreate(const Call& call);
  Node appPay(const Call& call);
  Node barCodePay(const Call& call);
  Node query(const Call& call);
  Node close(const Call& call);
  Node cancel(const Call& call);
  [[nodiscard]] Reply cashier(const Call& call);
  [[nodiscard]] OrderParams orderOf(const Call& call, Product product) const;
  [[nodiscard]] Trade tradeFrom(const Call& call, const OrderParams& order) const;
  Trade openTrade(const Call& call, const OrderParams& order);
  void open(Trade& trade);
  void checkRepeat(const Trade& trade, const OrderParams& order) const;
  [[nodiscard]] std::optional<Trade> find(const Json& biz);
  void markPaid(Trade& trade, const NotifyOptions& options);
  void closeTrade(Trade& trade, Time when);
  void settleTimes();
  [[nodiscard]] Node barCodeAnswer(const Trade& trade) const;
  void addBuyer(Node& node, const Trade& trade) const;
  void addAmounts(Node& node, const Trade& trade) const;
  [[nodiscard]] std::string paidAmount(const Trade& trade) const;
  [[nodiscard]] std::string freshTradeNo() const;

  // refunds.cpp
  Node refund(const Call& call);
  Node refundQuery(const Call& call);
  Node cancelPaid(Trade& trade);
  Refund returnMoney(Trade& trade, const std::string& outRequestNo, Fen amount, const std::string& reason);
  [[nodiscard]] Node refundAnswer(const Json& biz, const Trade& trade, const Refund& refund, bool changed) const;

  // notify.cpp
  void notify(const Trade& trade, const Refund* refund, const NotifyOptions& options);
  [[nodiscard]] codec::FormFields notifyFields(const Trade& trade, const Refund* refund) const;
  [[nodiscard]] std::string signedForm(codec::FormFields fields) const;
  [[nodiscard]] std::string renewed(const std::string& body) const;
  [[nodiscard]] std::string returnUrl(const Trade& trade) const;

  // users_and_bills.cpp
  Node oauthToken(const Call& call);
  Node billUrl(const Call& call);
  [[nodiscard]] Reply billFile(const Request& request);
  [[nodiscard]] std::string sellerAccount() const;
  [[nodiscard]] BillPlan planOf(const BillPeriod& period);
  Json planBills(const Json& input);
  Node tokenAnswer(const std::string& userId, Time authStart);
  std::string redeemCode(const std::string& code);

  // control.cpp
  Trade opened(const Json& input);
  Trade openOrderString(const std::string& outTradeNo, const std::string& orderString);
  void setBuyer(Trade& trade, const Json& input);
  [[nodiscard]] Json orderJson(const Trade& trade) const;
  Json payCode(const Json& input) const;
  Json authCode(const Json& input) const;

  AlipayIdentity identity_;
  Services services_;
  crypto::PublicKey appKey_;
  crypto::PrivateKey platformKey_;
  Store store_;
  BillPlans plans_;
  Knobs knobs_{};
  Shape shape_ = Shape::plain;
  std::int64_t shaped_ = 0;
};

/// Who pays when nobody says who.
inline constexpr auto defaultBuyer = "2088102116773037";

}  // namespace openapi::gateway::alipay
