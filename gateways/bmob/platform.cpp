#include <gateways/bmob/auth.hpp>
#include <gateways/bmob/captchas.hpp>
#include <gateways/bmob/files.hpp>
#include <gateways/bmob/functions.hpp>
#include <gateways/bmob/json_list.hpp>
#include <gateways/bmob/mails.hpp>
#include <gateways/bmob/orders.hpp>
#include <gateways/bmob/pushes.hpp>
#include <gateways/bmob/request.hpp>
#include <gateways/bmob/routes.hpp>
#include <gateways/bmob/schema.hpp>
#include <gateways/bmob/server_time.hpp>
#include <gateways/bmob/sms.hpp>
#include <gateways/bmob/sql_functions.hpp>
#include <gateways/bmob/weapp_login.hpp>
#include <gateways/bmob/weapp_messages.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace openapi::gateway::bmob {
namespace {

/// What one request may cost: enough to look at each of a million small rows several times, and at most some seconds.
constexpr std::int64_t maxWork = 100'000'000;

Json changeSettings(Context& context, const Json& input) { return context.settings.change(input); }

struct ControlRoute {
  std::string_view path;
  Json (*run)(Context&, const Json&);
  FieldNames fields{};
};

const ControlRoute* controlRouteOf(std::string_view path) {
  static const std::vector<ControlRoute> all{
      {"/pay", payOrder, {"outTradeNo", "openid"}},
      {"/settings", changeSettings, Settings::names()},
      {"/sms", listMessages, {"quota", "template", "content"}},
      {"/captchas", listCaptchas},
      {"/mails", readMails, {"address"}},
      {"/openmail", openMail, {"token", "password"}},
      {"/function", setFunction, {"name", "result", "error"}},
      {"/pushes", listPushes},
      {"/files", listFiles},
      {"/code", makeCode, {"openid", "unionid"}},
      {"/outbox", listOutbox},
  };
  const auto found = std::find_if(all.begin(), all.end(), [&](const ControlRoute& route) { return route.path == path; });
  return found == all.end() ? nullptr : &*found;
}

Reply refusal(const Refused& refused) {
  Fields fields;
  if (refused.code != 0) fields.append("code", refused.code);
  fields.append("error", refused.error);
  return answer(fields, refused.status);
}

class BmobPlatform : public Platform {
 public:
  BmobPlatform(BmobIdentity identity, Services services, std::string filesFolder)
      : context_{std::move(identity), services, Settings{prepared(services.database)},
                 Catalog{services.database, context_.settings}, FileStore{std::move(filesFolder)}} {
    sweepFiles(context_.database(), context_.files);
  }

  Reply handle(const Request& request) override {
    auto reply = answerTo(request);
    reply.headers.add("Date", httpDate(context_.now()));
    return reply;
  }

  /// Its path as it was sent, and as it is meant: SDKs add and repeat slashes.
  std::vector<std::string> faultNames(const Request& request) const override {
    std::string path;
    for (const auto& part : pathParts(request.path).value_or(std::vector<std::string>{})) path += '/' + part;
    return {request.path, path};
  }

  Reply errorReply(const Request&, const std::string& errCode, const std::string& errMsg) override {
    return refusal({numberIn(errCode).value_or(0), errMsg});
  }

  void spoilSignature(Reply&) const override {}
  Json orders() override { return listOrders(context_); }
  Json refunds() override { return listRefunds(context_); }
  Json pay(const Json& input) override { return extra("/pay", input); }

  [[nodiscard]] std::optional<FieldNames> controlFields(std::string_view route) const override {
    const auto* found = controlRouteOf(route);
    return found == nullptr ? std::nullopt : std::optional{found->fields};
  }

  Json extra(std::string_view route, const Json& input) override {
    const auto* found = controlRouteOf(route);
    if (found == nullptr) return Platform::extra(route, input);
    Transaction transaction{context_.database()};
    auto result = found->run(context_, input);
    transaction.commit();
    context_.files.commit();
    return result;
  }

 private:
  static Database& prepared(Database& database) {
    createTables(database);
    addFunctions(database);
    return database;
  }

  /// All of a request or nothing: what refuses leaves nothing behind.
  Reply answerTo(const Request& request) {
    Transaction transaction{context_.database()};
    try {
      auto reply = serveBounded(request);
      transaction.commit();
      context_.files.commit();
      return reply;
    } catch (const Refused& refused) {
      rollBack();
      return refusal(refused);
    } catch (const TooMuchWork&) {
      rollBack();
      return refusal(tooMuchWork());
    } catch (const std::exception&) {
      rollBack();
      throw;
    }
  }

  void rollBack() {
    context_.catalog.forget();
    context_.files.rollBack();
  }

  Reply serveBounded(const Request& request) {
    const WorkLimit limit{context_.database(), maxWork};
    auto reply = serve(request);
    if (reply.contentType == "application/json") requireReadable(reply.body);
    return reply;
  }

  Reply serve(const Request& request) {
    const auto path = pathParts(request.path);
    if (!path) throw noSuchRoute();
    Call call{request};
    call.method = request.method;
    call.path = *path;
    if (!hasKeyHeaders(request)) {
      if (auto tunnelled = tunnelledRequest(request)) return serveTunnelled(std::move(*tunnelled), call);
    }
    const auto* route = routeOf(call.method, call.path, call.captured);
    if (route == nullptr) throw noSuchRoute();
    if (route->access == Access::keys) call.actor = actorBehind(request, route->content == Content::bytes);
    call.query = queryOf(request.query);
    const bool hasBody = request.method == "POST" || request.method == "PUT";
    if (hasBody && route->content == Content::json) call.body = jsonBodyOf(request);
    return route->run(context_, call);
  }

  Actor actorBehind(const Request& request, bool isFile) {
    if (isFile && !hasKeyHeaders(request)) {
      if (const auto form = keysInForm(request)) return authenticate(context_, *form);
    }
    return authenticate(context_, request, isFile);
  }

  Reply serveTunnelled(Tunnelled tunnelled, Call& call) {
    call.method = tunnelled.method;
    const auto* route = routeOf(call.method, call.path, call.captured);
    if (route == nullptr) throw noSuchRoute();
    call.actor = authenticate(context_, tunnelled);
    call.query = std::move(tunnelled.query);
    call.body = std::move(tunnelled.body);
    call.isTunnelled = true;
    auto reply = route->run(context_, call);
    reply.status = 200;  // the SDKs of this form know no other success
    return reply;
  }

  Context context_;
};

}  // namespace
}  // namespace openapi::gateway::bmob

namespace openapi::gateway {

std::unique_ptr<Platform> makeBmobPlatform(BmobIdentity identity, Services services, std::string filesFolder) {
  return std::make_unique<bmob::BmobPlatform>(std::move(identity), services, std::move(filesFolder));
}

}  // namespace openapi::gateway
