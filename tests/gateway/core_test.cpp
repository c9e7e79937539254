#include <gateways/clock.hpp>
#include <gateways/database.hpp>
#include <gateways/faults.hpp>
#include <gateways/notifier.hpp>
#include <openapi/json.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::gateway;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() : path{std::filesystem::path{OPENAPI_BINARY_DIR} / "gateway-core-test"} {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string fieldOf(Faults& faults, const Json& input) {
  try {
    faults.add(input);
  } catch (const ControlError& e) {
    BOOST_TEST(e.status() == 400);
    BOOST_TEST(std::string{e.what()}.find(e.field()) != std::string::npos);
    return e.field();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core)

BOOST_AUTO_TEST_CASE(beijing_time) {
  const auto time = Time{milliseconds{1700000000123}};
  BOOST_TEST(compactTime(time) == "20231115061320");
  BOOST_TEST(readableTime(time) == "2023-11-15 06:13:20");
  BOOST_TEST(compactDate(time) == "20231115");
  BOOST_TEST(readableDate(time) == "2023-11-15");
  BOOST_TEST((parseCompactTime("20231115061320") == Time{milliseconds{1700000000000}}));
  BOOST_TEST((parseReadableTime("2023-11-15 06:13:20") == Time{milliseconds{1700000000000}}));
  BOOST_TEST((startOfDay(time) == parseReadableTime("2023-11-15 00:00:00")));
  BOOST_TEST((startOfDay(*parseReadableTime("2023-11-15 00:00:00")) == parseCompactDate("20231115")));
  BOOST_TEST(parseReadableDate("2024-02-29").has_value());
  for (const auto* bad :
       {"", "2023111506132", "202311150613200", "20231115061360", "20230229000000", "2023-11-15061", "+0231115061320"}) {
    BOOST_TEST(!parseCompactTime(bad).has_value(), bad);
  }
  BOOST_TEST(!parseReadableTime("2023/11/15 06:13:20").has_value());
  BOOST_TEST(!parseReadableDate("2023-13-01").has_value());
}

BOOST_AUTO_TEST_CASE(the_clock_scales_and_advances) {
  auto system = Time{seconds{1000}};
  Clock clock{[&] { return system; }, 10};
  BOOST_TEST((clock.now() == Time{seconds{1000}}));
  system += seconds{2};
  BOOST_TEST((clock.now() == Time{seconds{1020}}));
  clock.advance(seconds{86400});
  BOOST_TEST((clock.now() == Time{seconds{87420}}));
  const Clock later{[&] { return system; }, 10, Time{seconds{1000}}};
  BOOST_TEST((later.now() == Time{seconds{1020}}));
}

BOOST_AUTO_TEST_CASE(the_database_keeps_what_was_committed) {
  const Folder folder;
  const auto file = (folder.path / "state.db").string();
  {
    Database database{file};
    database.script("CREATE TABLE t(a INTEGER, b TEXT)");
    {
      Transaction outer{database};
      database.execute("INSERT INTO t VALUES(?, ?)", {std::int64_t{1}, std::string{"季\0卡", 7}});
      {
        Transaction inner{database};
        database.execute("INSERT INTO t VALUES(2, 'lost')");
      }
      outer.commit();
    }
    {
      Transaction lost{database};
      database.execute("INSERT INTO t VALUES(3, 'lost')");
    }
    database.setSetting("name", "a");
    database.setSetting("name", "b");
    BOOST_CHECK_THROW(database.execute("INSERT INTO nowhere VALUES(1)"), std::runtime_error);
  }
  Database database{file};
  const auto rows = database.query("SELECT a, b, NULL AS c FROM t ORDER BY a");
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST(rows[0].integer("a") == 1);
  BOOST_TEST((rows[0].text("b") == std::string{"季\0卡", 7}));
  BOOST_TEST(rows[0].isNull("c"));
  BOOST_TEST(database.setting("name").value() == "b");
  BOOST_TEST(!database.setting("other").has_value());
  BOOST_CHECK_THROW(Database{"/nonexistent/folder/state.db"}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_database_works_no_more_than_it_may) {
  Database database;
  database.script("CREATE TABLE t(a INTEGER)");
  const std::string numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) ";
  const auto count = [&](std::int64_t last) { return database.first(numbers + "SELECT count(*) AS c FROM n", {last}); };
  const auto fill = [&](std::int64_t last) { return database.execute(numbers + "INSERT INTO t SELECT i FROM n", {last}); };
  {
    const WorkLimit limit{database, 100'000};
    BOOST_TEST(count(1000)->integer("c") == 1000);
    BOOST_CHECK_THROW(count(1'000'000'000'000), TooMuchWork);
  }
  BOOST_TEST(count(100'000)->integer("c") == 100'000);
  {
    Transaction outer{database};
    fill(10);
    const WorkLimit limit{database, 100'000};
    const auto nested = [&] {
      Transaction inner{database};
      fill(1'000'000'000'000);
    };
    BOOST_CHECK_THROW(nested(), TooMuchWork);
  }
  BOOST_TEST(database.first("SELECT count(*) AS c FROM t")->integer("c") == 0);
  {
    Transaction again{database};
    const WorkLimit limit{database, 1000};
    fill(10);
    database.spend(900);
    BOOST_CHECK_THROW(database.spend(101), TooMuchWork);
  }
  BOOST_TEST(database.first("SELECT count(*) AS c FROM t")->integer("c") == 0);
  {
    Transaction again{database};
    BOOST_TEST(fill(10) == 10);
    again.commit();
  }
  BOOST_TEST(database.first("SELECT count(*) AS c FROM t")->integer("c") == 10);
}

BOOST_AUTO_TEST_CASE(faults_are_checked_and_used_up) {
  Faults faults;
  BOOST_TEST(fieldOf(faults, Fields{}) == "path");
  BOOST_TEST(fieldOf(faults, Fields{{"path", 1}, {"fault", "delay"}}) == "path");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}}) == "fault");
  BOOST_TEST(fieldOf(faults, Fields{{"times", 0}}) == "path");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"fault", "explode"}}) == "fault");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"fault", "delay"}, {"times", "1"}}) == "times");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"fault", "delay"}, {"ms", -1}}) == "ms");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"fault", "status"}, {"status", 99}}) == "status");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"fault", "errorCode"}}) == "errCode");
  const std::vector<std::string> names{"/gateway.do", "alipay.trade.refund"};
  BOOST_TEST(!faults.take(names).has_value());
  BOOST_TEST(fieldOf(faults, Fields{{"path", "alipay.trade.refund"}, {"fault", "truncate"}, {"times", 2}}) == "accepted");
  BOOST_TEST(faults.take(names).has_value());
  BOOST_TEST(!faults.take(std::vector<std::string>{"alipay.trade.query"}).has_value());
  BOOST_TEST((faults.take(names)->kind == FaultKind::truncate));
  BOOST_TEST(!faults.take(names).has_value());
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"fault", "delay"}, {"times", 5}}) == "accepted");
  BOOST_TEST(fieldOf(faults, Fields{{"path", "/x"}, {"times", 0}}) == "accepted");
  BOOST_TEST(!faults.take(std::vector<std::string>{"/x"}).has_value());
}

namespace {

struct Merchant {
  Time system{seconds{1000}};
  Clock clock{[this] { return system; }};
  Database database;
  std::vector<NotifyAttempt> sent{};
  std::vector<std::function<void(const NotifyAnswer&)>> waiting{};
  Notifier notifier;

  explicit Merchant(const std::string& file = {}, int scale = 1)
      : database{file}, notifier{clock, database, scale, [this](const NotifyAttempt& attempt, auto done) {
                                   sent.push_back(attempt);
                                   waiting.push_back(std::move(done));
                                 }} {
    NotifyRules rules;
    rules.schedule = {seconds{10}, seconds{20}};
    rules.contentType = "text/plain";
    rules.acknowledged = [](int status, std::string_view body) { return status == 200 && body == "ok"; };
    rules.render = [](const std::string& body) { return body + "!"; };
    notifier.setRules("p", std::move(rules));
  }
  void reply(const NotifyAnswer& answer) {
    auto all = std::exchange(waiting, {});
    for (auto& done : all) done(answer);
  }
  void at(milliseconds time) {
    system = Time{time};
    notifier.runDue();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(notifications_repeat_until_acknowledged) {
  Merchant m;
  m.notifier.enqueue({"p", "payment", "http://127.0.0.1/n", "1", "body"});
  m.at(seconds{1000});
  BOOST_REQUIRE(m.sent.size() == 1U);
  BOOST_TEST(m.sent[0].body == "body!");
  m.notifier.runDue();  // under way: not sent twice
  BOOST_TEST(m.sent.size() == 1U);
  m.reply({200, "no", ""});
  BOOST_TEST((m.notifier.nextDue() == Time{seconds{1010}}));
  m.at(seconds{1010});
  m.reply({500, "ok", ""});
  m.at(seconds{1029});
  BOOST_TEST(m.sent.size() == 2U);
  m.at(seconds{1030});
  m.reply({200, "ok", ""});
  BOOST_TEST(!m.notifier.nextDue().has_value());
  const auto one = m.notifier.list().array()->at(0);
  BOOST_TEST(*one.find("delivered")->boolean());
  BOOST_TEST(one.find("attempts")->array()->size() == 3U);
  BOOST_TEST(*one.find("attempts")->array()->at(1).find("status")->integer() == 500);
  BOOST_TEST(one.find("nextAttempt")->isNull());
}

BOOST_AUTO_TEST_CASE(notifications_can_be_doubled_delayed_and_reordered) {
  Merchant m{{}, 10};
  m.notifier.enqueue({"p", "payment", "u1", "1", "a"}, {.times = 3});
  m.notifier.enqueue({"p", "payment", "u2", "2", "b"}, {.delay = milliseconds{500}});
  m.at(seconds{1000});
  BOOST_TEST(m.sent.size() == 3U);
  m.reply({0, "", "refused"});
  BOOST_TEST((m.notifier.nextDue() == Time{milliseconds{1000500}}));
  m.at(milliseconds{1000500});
  BOOST_TEST(m.sent.size() == 4U);
  m.reply({200, "ok", ""});
  BOOST_TEST((m.notifier.nextDue() == Time{seconds{1001}}));  // ten seconds, ten times as fast
  m.at(seconds{1001});
  BOOST_TEST(m.sent.size() == 5U);
  m.reply({200, "ok", ""});
  m.notifier.hold();
  m.notifier.enqueue({"p", "payment", "u3", "3", "c"});
  m.notifier.enqueue({"p", "payment", "u4", "4", "d"});
  m.notifier.runDue();
  BOOST_TEST(m.sent.size() == 5U);
  BOOST_TEST(m.notifier.release(true) == 2);
  m.notifier.runDue();
  BOOST_REQUIRE(m.sent.size() == 7U);
  BOOST_TEST(m.sent[5].url == "u4");
  BOOST_TEST(m.sent[6].url == "u3");
  BOOST_TEST(m.notifier.repeat("9", "", {}) == 0);
  BOOST_TEST(m.notifier.repeat("1", "refund", {}) == 0);
}

BOOST_AUTO_TEST_CASE(a_leap_of_the_clock_brings_all_that_was_due) {
  Merchant m;
  m.notifier.enqueue({"p", "payment", "u", "1", "a"});
  m.at(seconds{1000});
  m.reply({500, "", ""});
  m.clock.advance(seconds{86400});
  m.notifier.runDue();
  m.reply({500, "", ""});
  m.notifier.runDue();
  m.reply({500, "", ""});
  BOOST_TEST(m.sent.size() == 3U);
  BOOST_TEST(!m.notifier.nextDue().has_value());
}

BOOST_AUTO_TEST_CASE(notifications_survive_a_restart) {
  const Folder folder;
  const auto file = (folder.path / "state.db").string();
  {
    Merchant m{file};
    m.notifier.enqueue({"p", "payment", "u", "1", "a"});
    m.at(seconds{1000});  // under way when the process ends
    BOOST_TEST(m.sent.size() == 1U);
  }
  Merchant again{file};
  again.at(seconds{1001});
  BOOST_REQUIRE(again.sent.size() == 1U);
  again.reply({200, "ok", ""});
  BOOST_TEST(*again.notifier.list().array()->at(0).find("delivered")->boolean());
}

BOOST_AUTO_TEST_SUITE_END()
