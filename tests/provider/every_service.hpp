#pragma once

#include <support/weixin_services.hpp>

#include <string>
#include <string_view>
#include <vector>

// Every method of the mini-program services, to be asked for over a scripted network.
namespace openapi::test {

using Step = ScriptedTransport::Step;

/// A method with a request that is sent and, unless it gives an image, a good answer.
struct Service {
  const char* name;
  Json request;
  std::string answer;
  bool readOnly;
  /// Members without which an answer is refused.
  std::vector<const char*> needed{};
};

inline const std::string okAnswer = R"({"errcode":0,"errmsg":"ok"})";

[[nodiscard]] const std::vector<Service>& services();
[[nodiscard]] const Service& serviceOf(const std::string& name);
[[nodiscard]] bool givesImage(const Service& service);
/// Those whose answer is JSON.
[[nodiscard]] std::vector<const Service*> jsonServices();
[[nodiscard]] Step goodStep(const Service& service);

/// The result of a call that gets `answer`.
Json callWith(ServiceFixture& fixture, const Service& service, Step answer);
/// The error of a call that gets `answer`.
Error errorWith(ServiceFixture& fixture, const Service& service, Step answer);
/// An answer that nobody can read: who calls a method that does something cannot know what happened.
void expectBadResponse(ServiceFixture& fixture, const Service& service, const HttpResponse& answer, std::string_view words = {});

/// An answer that WeChat refuses the call with.
void expectRejected(ServiceFixture& fixture, const Service& service, const HttpResponse& answer, const std::string& code,
                    const std::string& errMsg);

/// An attempt that ends with this error instead of an answer.
[[nodiscard]] Step lost(Errc code, Outcome outcome);
/// WeChat refuses with `code`.
[[nodiscard]] Step refusal(const std::string& code);
/// WeChat gives an access token.
[[nodiscard]] Step tokenStep(const std::string& token, int expiresIn = 7200);
/// The access token that was sent.
[[nodiscard]] std::string tokenIn(const HttpRequest& request);

/// A page that some server on the way gave.
[[nodiscard]] HttpResponse statusOf(int status, std::string body);
[[nodiscard]] std::string repeated(std::string_view part, std::size_t times);

}  // namespace openapi::test
