#include "world.hpp"

#include <gateways/sandbox.hpp>

// Everything of the document from the client to the local Bmob and back.
using namespace admin_test;

namespace {

const std::string json = "Content-Type: application/json\r\n";

struct Local {
  gateway::Sandbox sandbox{};
  bmob_admin::Upstream upstream = bmob_admin::readUpstream(sandbox.configDir() + "/bmob.json");

  Local() { upstream.http.proxy = ""; }
};

std::string textIn(const Json& answer, std::string_view name) {
  const auto* value = answer.find(name);
  BOOST_REQUIRE_MESSAGE(value != nullptr && value->string() != nullptr, "no " << name << " in " << answer.json());
  return *value->string();
}

Json signUp(const Admin& admin, const std::string& username) {
  const auto response = ask(admin, form("POST", "/signUp", "username=" + username + "&password=secret"));
  BOOST_TEST(response.status == 200);
  return response.json();
}

std::string session(const Json& user) { return "sessiontoken: " + textIn(user, "sessionToken") + "\r\n"; }
std::string pathOf(const Json& user) { return "/users/" + textIn(user, "objectId"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_gateway)

BOOST_AUTO_TEST_CASE(a_user_from_sign_up_to_removal) {
  const Local local;
  const Admin admin{local.upstream, {}};
  const auto created = signUp(admin, "yjy");
  requireError(ask(admin, form("POST", "/signUp", "username=yjy&password=other")), 200, 202, "username 'yjy' already taken.");
  requireError(ask(admin, form("POST", "/login", "username=yjy&password=wrong")), 200, 101, "username or password incorrect.");

  const auto user = ask(admin, form("POST", "/login", "username=yjy&password=secret")).json();
  BOOST_TEST(textIn(user, "objectId") == textIn(created, "objectId"));
  BOOST_TEST(textIn(user, "username") == "yjy");

  const auto changed = ask(admin, form("PUT", pathOf(user), "username=koko&nickName=%E5%BC%A0", session(user)));
  BOOST_TEST(textIn(changed.json(), "updatedAt").size() == 19u);
  const auto seen = ask(admin, message("GET", pathOf(user))).json();
  BOOST_TEST(textIn(seen, "username") == "koko");
  BOOST_TEST(textIn(seen, "nickName") == "张");
  BOOST_TEST(seen.find("password") == nullptr);
  BOOST_TEST(seen.find("sessionToken") == nullptr);

  const auto list = ask(admin, message("GET", "/users?count=1")).json();
  BOOST_TEST(*list.find("count")->integer() == 1);
  BOOST_TEST(textIn(list.find("results")->array()->front(), "username") == "koko");

  requireJson(ask(admin, message("DELETE", pathOf(user), session(user))), 200, R"({"msg":"ok"})");
  requireError(ask(admin, message("GET", pathOf(user))), 200, 101, "object not found for");
  requireError(ask(admin, form("POST", "/login", "username=koko&password=secret")), 200, 101, "username or password incorrect.");
}

BOOST_AUTO_TEST_CASE(users_change_themselves_only) {
  const Local local;
  const Admin admin{local.upstream, {}};
  const auto one = signUp(admin, "one");
  const auto two = signUp(admin, "two");
  requireError(ask(admin, form("PUT", pathOf(two), "username=mine", session(one))), 200, 211, "");
  requireError(ask(admin, message("DELETE", pathOf(two), session(one))), 200, 211, "");
  requireError(ask(admin, message("DELETE", pathOf(two), "sessiontoken: 0123456789abcdef0123456789abcdef\r\n")), 200, 211, "");
  requireError(ask(admin, message("DELETE", pathOf(two))), 200, 206, "sessionToken");
  requireError(ask(admin, form("PUT", pathOf(two), "username=one", session(two))), 200, 202, "username 'one' already taken.");
  BOOST_TEST(textIn(ask(admin, message("GET", pathOf(two))).json(), "username") == "two");
}

BOOST_AUTO_TEST_CASE(a_form_value_for_a_number_is_refused) {
  const Local local;
  const Admin admin{local.upstream, {}};
  const auto user = signUp(admin, "counted");
  BOOST_TEST(ask(admin, message("PUT", pathOf(user), json + session(user), R"({"age":7})")).json().find("updatedAt") != nullptr);
  requireError(ask(admin, form("PUT", pathOf(user), "age=8", session(user))), 200, 111, "age");
  BOOST_TEST(*ask(admin, message("GET", pathOf(user))).json().find("age")->integer() == 7);
}

BOOST_AUTO_TEST_CASE(an_administrator_changes_others) {
  const Local local;
  Json chief;
  Json victim;
  {
    const Admin plain{local.upstream, {}};
    chief = signUp(plain, "chief");
    victim = signUp(plain, "victim");
  }
  Setup setup;
  setup.rules.admins = {textIn(chief, "objectId")};
  const Admin admin{local.upstream, setup};
  BOOST_TEST(ask(admin, form("PUT", pathOf(victim), "username=renamed", session(chief))).json().find("updatedAt") != nullptr);
  requireError(ask(admin, message("DELETE", pathOf(chief), session(victim))), 200, 211, "");
  requireJson(ask(admin, message("DELETE", pathOf(victim), session(chief))), 200, R"({"msg":"ok"})");
}

BOOST_AUTO_TEST_SUITE_END()
