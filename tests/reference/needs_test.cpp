// What `openapi methods` says that a platform needs, against what the providers refuse to send.
#include <boost/test/unit_test.hpp>

#include <cli/client.hpp>
#include <cli/platform_needs.hpp>
#include <openapi/wait.hpp>

#include <support/platforms.hpp>
#include <support/scripted_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace openapi;

namespace {

/// A value that is good enough for any platform.
Json sampleOf(const cli::MemberShape& member) {
  if (member.name == "notifyUrl") return "https://shop.example/notify";
  if (member.name == "billDate") return "20261121";
  if (member.type == "fen") return 100;
  return "A1";
}

cli::MemberShape memberNamed(const cli::Method& method, std::string_view name) {
  for (const auto& member : method.input().members) {
    if (member.name == name) return member;
  }
  throw std::logic_error{"no member " + std::string{name}};
}

/// Nothing but the members that the types require.
Json leastInput(const cli::Method& method) {
  Fields input;
  for (const auto& member : method.input().members) {
    if (member.required) input.append(std::string{member.name}, sampleOf(member));
  }
  return input;
}

/// Both providers, with a network that gives no answer, and without a merchant's certificate.
struct Clients {
  Clients() {
    const auto options = test::optionsOver(std::make_shared<test::ScriptedTransport>(), 1);
    auto config = test::weixinConfig();
    config.pfx.reset();
    weixin.payment = &weixin.weixin.emplace(context.get_executor(), config, options).payment;
    alipay.payment = &alipay.alipay.emplace(context.get_executor(), test::alipayConfig(), options).payment;
  }

  Error failureOf(std::string_view provider, const cli::Method& method) {
    return failureOf(provider, method, leastInput(method));
  }

  Error failureOf(std::string_view provider, const cli::Method& method, const Json& input) {
    auto& client = provider == "weixin" ? weixin : alipay;
    try {
      static_cast<void>(wait(method.call(client, input)));
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error{std::string{method.name} + " did not fail"};
  }

  boost::asio::io_context context;
  cli::Client weixin;
  cli::Client alipay;
};

bool names(std::string_view need, std::string_view member) { return need.find(member) != std::string_view::npos; }

/// What the table says is needed whatever is given: a member or alternatives each.
std::vector<std::string_view> always(std::string_view members) {
  std::vector<std::string_view> needs;
  while (!members.empty()) {
    const auto need = members.substr(0, members.find("; "));
    members.remove_prefix(std::min(members.size(), need.size() + 2));
    if (!names(need, " for ") && !names(need, " unless ")) needs.push_back(need);
  }
  return needs;
}

/// The member, or the certificate, without which nothing was sent.
std::string missingBy(const Error& error) {
  const std::string message = error.what();
  return error.errc() == Errc::config ? "certificate" : message.substr(0, message.find_first_of(": "));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(platform_needs)

BOOST_FIXTURE_TEST_CASE(are_what_the_providers_refuse_to_send_without, Clients) {
  for (const std::string provider : {"weixin", "alipay"}) {
    for (const auto& method : cli::findProvider(provider).methods) {
      if (!method.name.starts_with("payment.") || method.name == "payment.verifyPaymentNotify") continue;
      BOOST_TEST_CONTEXT(provider << ' ' << method.name) {
        const auto needs = cli::platformNeeds(provider, method.name);
        if (method.name == "payment.verifyRefundNotify" && !needs.unsupported) continue;
        const auto error = failureOf(provider, method);
        const auto* expected = needs.unsupported ? "unsupported" : needs.members.empty() ? "connect" : "";
        if (*expected != '\0') {
          BOOST_TEST(toString(error.errc()) == expected, error.what());
        } else {
          BOOST_TEST(toString(error.outcome()) == "notSent", error.what());
          BOOST_TEST((error.errc() == Errc::invalidArgument || error.errc() == Errc::config), error.what());
          BOOST_TEST(needs.members.find(missingBy(error)) != std::string_view::npos, error.what());
        }
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(nothing_is_said_to_be_needed_that_may_be_left_out, Clients) {
  for (const std::string provider : {"weixin", "alipay"}) {
    for (const auto& method : cli::findProvider(provider).methods) {
      const auto needs = cli::platformNeeds(provider, method.name);
      if (!method.name.starts_with("payment.") || needs.unsupported) continue;
      BOOST_TEST_CONTEXT(provider << ' ' << method.name) {
        auto missing = always(needs.members);
        auto input = *leastInput(method).object();
        const auto meet = [&](std::string_view name) { std::erase_if(missing, [&](auto need) { return names(need, name); }); };
        for (const auto& given : input) meet(given.name);
        for (auto error = failureOf(provider, method, input); !missing.empty(); error = failureOf(provider, method, input)) {
          if (error.errc() != Errc::invalidArgument && error.errc() != Errc::config) break;
          const auto name = missingBy(error);
          meet(name);
          if (error.errc() == Errc::config || input.find(name) != nullptr) break;
          input.append(name, sampleOf(memberNamed(method, name)));
        }
        BOOST_TEST(missing.empty(), "not refused without " << (missing.empty() ? "" : missing.front()));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
