#include <cli/method_table.hpp>
#include <cli/redis_config.hpp>

namespace openapi::cli {
namespace {

template <auto group>
const auto& in(Client& client) {
  return (*client.weixin).*group;
}

std::vector<Method> serviceMethods() {
  using namespace weixin;
  return {
      method<in<&Weixin::auth>, GetOpenidRequest, GetOpenidResult, &Auth::getOpenid>("auth.getOpenid"),
      method<in<&Weixin::auth>, Code2SessionRequest, Code2SessionResult, &Auth::code2Session>("auth.code2Session"),
      method<in<&Weixin::auth>, GetAccessTokenRequest, GetAccessTokenResult, &Auth::getAccessToken>("auth.getAccessToken"),
      method<in<&Weixin::auth>, GetPaidUnionIdRequest, GetPaidUnionIdResult, &Auth::getPaidUnionId>("auth.getPaidUnionId"),
      method<in<&Weixin::analysis>, GetDailyRetainRequest, GetDailyRetainResult, &Analysis::getDailyRetain>(
          "analysis.getDailyRetain"),
      method<in<&Weixin::analysis>, GetWeeklyRetainRequest, GetWeeklyRetainResult, &Analysis::getWeeklyRetain>(
          "analysis.getWeeklyRetain"),
      method<in<&Weixin::analysis>, GetMonthlyRetainRequest, GetMonthlyRetainResult, &Analysis::getMonthlyRetain>(
          "analysis.getMonthlyRetain"),
      method<in<&Weixin::analysis>, GetDailySummaryRequest, GetDailySummaryResult, &Analysis::getDailySummary>(
          "analysis.getDailySummary"),
      method<in<&Weixin::analysis>, GetDailyVisitTrendRequest, GetDailyVisitTrendResult, &Analysis::getDailyVisitTrend>(
          "analysis.getDailyVisitTrend"),
      method<in<&Weixin::analysis>, GetWeeklyVisitTrendRequest, GetWeeklyVisitTrendResult, &Analysis::getWeeklyVisitTrend>(
          "analysis.getWeeklyVisitTrend"),
      method<in<&Weixin::analysis>, GetMonthlyVisitTrendRequest, GetMonthlyVisitTrendResult, &Analysis::getMonthlyVisitTrend>(
          "analysis.getMonthlyVisitTrend"),
      method<in<&Weixin::analysis>, GetUserPortraitRequest, GetUserPortraitResult, &Analysis::getUserPortrait>(
          "analysis.getUserPortrait"),
      method<in<&Weixin::analysis>, GetVisitDistributionRequest, GetVisitDistributionResult, &Analysis::getVisitDistribution>(
          "analysis.getVisitDistribution"),
      method<in<&Weixin::analysis>, GetVisitPageRequest, GetVisitPageResult, &Analysis::getVisitPage>("analysis.getVisitPage"),
      method<in<&Weixin::customerServiceMessage>, GetTempMediaRequest, GetTempMediaResult, &CustomerServiceMessage::getTempMedia>(
          "customerServiceMessage.getTempMedia"),
      method<in<&Weixin::customerServiceMessage>, SendRequest, SendResult, &CustomerServiceMessage::send>(
          "customerServiceMessage.send"),
      method<in<&Weixin::customerServiceMessage>, SetTypingRequest, SetTypingResult, &CustomerServiceMessage::setTyping>(
          "customerServiceMessage.setTyping"),
      method<in<&Weixin::customerServiceMessage>, UploadTempMediaRequest, UploadTempMediaResult,
             &CustomerServiceMessage::uploadTempMedia>("customerServiceMessage.uploadTempMedia"),
      method<in<&Weixin::wxacode>, CreateQRCodeRequest, CreateQRCodeResult, &Wxacode::createQRCode>("wxacode.createQRCode"),
      method<in<&Weixin::wxacode>, GetRequest, GetResult, &Wxacode::get>("wxacode.get"),
      method<in<&Weixin::wxacode>, GetUnlimitedRequest, GetUnlimitedResult, &Wxacode::getUnlimited>("wxacode.getUnlimited"),
      method<in<&Weixin::img>, AiCropRequest, AiCropResult, &Img::aiCrop>("img.aiCrop"),
      method<in<&Weixin::img>, ScanQRCodeRequest, ScanQRCodeResult, &Img::scanQRCode>("img.scanQRCode"),
      method<in<&Weixin::img>, SuperresolutionRequest, SuperresolutionResult, &Img::superresolution>("img.superresolution"),
      method<in<&Weixin::subscribeMessage>, SendSubscribeMessageRequest, SendSubscribeMessageResult, &SubscribeMessage::send>(
          "subscribeMessage.send"),
      method<in<&Weixin::phonenumber>, GetPhoneNumberRequest, GetPhoneNumberResult, &Phonenumber::getPhoneNumber>(
          "phonenumber.getPhoneNumber"),
      method<in<&Weixin::security>, MsgSecCheckRequest, MsgSecCheckResult, &Security::msgSecCheck>("security.msgSecCheck"),
      method<in<&Weixin::security>, MediaCheckAsyncRequest, MediaCheckAsyncResult, &Security::mediaCheckAsync>(
          "security.mediaCheckAsync"),
      method<in<&Weixin::urlscheme>, GenerateSchemeRequest, GenerateSchemeResult, &Urlscheme::generate>("urlscheme.generate"),
      method<in<&Weixin::urllink>, GenerateUrlLinkRequest, GenerateUrlLinkResult, &Urllink::generate>("urllink.generate"),
      method<in<&Weixin::order>, UploadShippingInfoRequest, UploadShippingInfoResult, &Order::uploadShippingInfo>(
          "order.uploadShippingInfo"),
      method<in<&Weixin::order>, GetOrderRequest, GetOrderResult, &Order::getOrder>("order.getOrder"),
      method<in<&Weixin::openData>, DecryptOpenDataRequest, DecryptOpenDataResult, &OpenData::decrypt>("openData.decrypt"),
      method<in<&Weixin::openData>, CheckOpenDataRequest, CheckOpenDataResult, &OpenData::checkSignature>(
          "openData.checkSignature"),
      method<in<&Weixin::messagePush>, PushRequest, VerifyPushUrlResult, &MessagePush::verifyUrl>("messagePush.verifyUrl"),
      method<in<&Weixin::messagePush>, PushRequest, PushMessage, &MessagePush::receive>("messagePush.receive"),
      method<in<&Weixin::messagePush>, PushReplyRequest, PushReplyResult, &MessagePush::reply>("messagePush.reply"),
  };
}

std::vector<Method> weixinMethods() {
  auto methods = serviceMethods();
  const auto payments = paymentMethods();
  methods.insert(methods.end(), payments.begin(), payments.end());
  return methods;
}

std::shared_ptr<Client> openWeixin(boost::asio::any_io_executor executor, const std::string& path, const OpenOptions& options) {
  return openWith<WeixinConfig>(path, options, [&](Client& client, ConfigFile& file, const auto& settings) {
    auto store = takeTokenStore(file);
    auto config = settings(file);
    if (!options.certificate) config.pfx = config.certificate = config.certificateKey = std::nullopt;
    config.tokenStore = std::move(store);
    client.payment = &client.weixin.emplace(executor, std::move(config), file.http).payment;
  });
}

}  // namespace

ProviderEntry weixinProvider() { return {"weixin", weixinMethods(), configShape<WeixinConfig>, openWeixin}; }

}  // namespace openapi::cli
