#include "weixin_api_bench.hpp"
#include "weixin_bench.hpp"

#include <array>
#include <iterator>

using namespace weixin_api_bench;

namespace {

const std::string datacube = "/datacube/getweanalysisappid";

Json range(const std::string& begin, const std::string& end) { return Fields{{"begin_date", begin}, {"end_date", end}}; }
Json range(const std::string& day) { return range(day, day); }

std::int64_t sum(const Json& items) {
  std::int64_t total = 0;
  for (const auto& item : *items.array()) total += *at(item, "value").integer();
  return total;
}

std::string keys(const Json& items) {
  std::string all;
  for (const auto& item : *items.array()) all += (all.empty() ? "" : " ") + text(item, "key");
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin_api_analysis)

BOOST_AUTO_TEST_CASE(numbers_are_stable_for_a_date) {
  Bench bench;
  Bench other;
  for (const auto* name :
       {"dailyretaininfo", "dailysummarytrend", "dailyvisittrend", "userportrait", "visitdistribution", "visitpage"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto first = bench.tell(datacube + name, range("20200313")).json();
      BOOST_TEST(bench.tell(datacube + name, range("20200313")).json() == first);
      BOOST_TEST(other.tell(datacube + name, range("20200313")).json() == first);
      BOOST_TEST(bench.tell(datacube + name, range("20200314")).json() != first);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_shapes) {
  Bench bench;
  const auto retain = bench.tell(datacube + "dailyretaininfo", range("20200313"));
  BOOST_TEST(at(retain, "errcode").isNull());
  BOOST_TEST(text(retain, "ref_date") == "20200313");
  BOOST_TEST(keys(at(retain, "visit_uv")) == "0 1 2 3 4 5 6 7 14 30");
  BOOST_TEST(keys(at(retain, "visit_uv_new")) == "0 1 2 3 4 5 6 7 14 30");
  const auto weekly = bench.tell(datacube + "weeklyretaininfo", range("20200309", "20200315"));
  BOOST_TEST(text(weekly, "ref_date") == "20200309-20200315");
  BOOST_TEST(keys(at(weekly, "visit_uv")) == "0 1 2 3 4");
  const auto monthly = bench.tell(datacube + "monthlyretaininfo", range("20200201", "20200229"));
  BOOST_TEST(text(monthly, "ref_date") == "202002");
  BOOST_TEST(keys(at(monthly, "visit_uv")) == "0 1");
  const auto summary = at(bench.tell(datacube + "dailysummarytrend", range("20200313")), "list").array()->at(0);
  for (const auto* name : {"visit_total", "share_pv", "share_uv"}) BOOST_TEST(at(summary, name).integer() != nullptr);
  const std::array<std::array<std::string, 4>, 3> trends{{{"dailyvisittrend", "20200313", "20200313", "20200313"},
                                                          {"weeklyvisittrend", "20200309", "20200315", "20200309-20200315"},
                                                          {"monthlyvisittrend", "20200301", "20200331", "202003"}}};
  for (const auto& [name, begin, end, ref] : trends) {
    const auto trend = at(bench.tell(datacube + name, range(begin, end)), "list").array()->at(0);
    BOOST_TEST(text(trend, "ref_date") == ref);
    for (const auto* member : {"session_cnt", "visit_pv", "visit_uv", "visit_uv_new"})
      BOOST_TEST(at(trend, member).integer() != nullptr);
    BOOST_TEST(at(trend, "stay_time_session").number() != nullptr);
    BOOST_TEST(at(trend, "visit_depth").number() != nullptr);
    BOOST_TEST(at(trend, "stay_time_uv").isNull());
  }
  const auto distribution = bench.tell(datacube + "visitdistribution", range("20200313"));
  BOOST_TEST(text(distribution, "ref_date") == "20200313");
  std::string groups;
  const auto list = at(distribution, "list");
  for (const auto& group : *list.array()) groups += text(group, "index") + " ";
  BOOST_TEST(groups == "access_source_session_cnt access_staytime_info access_depth_info access_source_visit_uv ");
  const auto trend = at(bench.tell(datacube + "dailyvisittrend", range("20200313")), "list").array()->at(0);
  BOOST_TEST(sum(at(at(distribution, "list").array()->at(0), "item_list")) == *at(trend, "session_cnt").integer());
  BOOST_TEST(sum(at(at(distribution, "list").array()->at(3), "item_list")) == *at(trend, "visit_uv").integer());
}

BOOST_AUTO_TEST_CASE(portraits_add_up) {
  Bench bench;
  for (const auto& [end, ref] :
       {std::pair{"20200611", "20200611"}, {"20200617", "20200611-20200617"}, {"20200710", "20200611-20200710"}}) {
    const auto portrait = bench.tell(datacube + "userportrait", range("20200611", end));
    BOOST_TEST(text(portrait, "ref_date") == ref);
    for (const auto* who : {"visit_uv_new", "visit_uv"}) {
      const auto total = sum(at(portrait, who, "province"));
      BOOST_TEST(total > 0);
      for (const auto* group : {"city", "genders", "platforms", "devices", "ages"})
        BOOST_TEST(sum(at(portrait, who, group)) == total);
      BOOST_TEST(at(at(portrait, who, "devices").array()->at(0), "id").isNull());
      BOOST_TEST(!at(at(portrait, who, "ages").array()->at(0), "id").isNull());
    }
  }
}

BOOST_AUTO_TEST_CASE(the_most_visited_pages) {
  Bench bench;
  const auto pages = [&] { return *at(bench.tell(datacube + "visitpage", range("20200313")), "list").array(); };
  const auto list = pages();
  BOOST_TEST(list.size() == 12U);
  std::int64_t last = INT64_MAX;
  for (const auto& page : list) {
    BOOST_TEST(*at(page, "page_visit_pv").integer() <= last);
    last = *at(page, "page_visit_pv").integer();
    BOOST_TEST(at(page, "page_staytime_pv").number() != nullptr);
    for (const auto* name : {"page_visit_uv", "entrypage_pv", "exitpage_pv", "page_share_pv", "page_share_uv"}) {
      BOOST_TEST(at(page, name).integer() != nullptr);
    }
  }
  BOOST_TEST(text(list[0], "page_path") == "pages/index/index");
  bench.set("visitPages", 1000);
  BOOST_TEST(pages().size() == 200U);
  bench.set("visitPages", 0);
  BOOST_TEST(pages().empty());
}

BOOST_AUTO_TEST_CASE(periods_are_checked_in_beijings_calendar) {
  Bench bench;
  const auto check = [&](const std::string& name, const std::string& begin, const std::string& end, std::int64_t expected) {
    BOOST_TEST_CONTEXT(name << " " << begin << " " << end) {
      BOOST_TEST(bench.codeOf(datacube + name, range(begin, end)) == expected);
    }
  };
  for (const auto* name : {"dailyretaininfo", "dailysummarytrend", "dailyvisittrend", "visitdistribution", "visitpage"}) {
    check(name, "20200313", "20200313", 0);
    check(name, "20200313", "20200314", 61501);
    check(name, "20200312", "20200311", 61501);
  }
  for (const auto* name : {"weeklyretaininfo", "weeklyvisittrend"}) {
    check(name, "20200309", "20200315", 0);
    check(name, "20200310", "20200316", 61501);
    check(name, "20200309", "20200322", 61501);
    check(name, "20200309", "20200309", 61501);
  }
  for (const auto* name : {"monthlyretaininfo", "monthlyvisittrend"}) {
    check(name, "20200201", "20200229", 0);
    check(name, "20200201", "20200228", 61501);
    check(name, "20200202", "20200229", 61501);
    check(name, "20200201", "20200331", 61501);
  }
  check("userportrait", "20200601", "20200602", 61501);
  for (const auto* bad : {"", "2020-03-13", "20200230", "2020031", "tomorrow", "99999999"}) check("visitpage", bad, bad, 61500);
  const auto today = bench.now();
  const auto day = [&](int ago) { return compactDate(today - std::chrono::hours{24 * ago}); };
  check("visitpage", day(1), day(1), 0);
  check("visitpage", day(0), day(0), 61501);
  check("visitpage", day(-1), day(-1), 61501);
  check("userportrait", day(7), day(1), 0);
  check("userportrait", day(6), day(0), 61501);
}

BOOST_AUTO_TEST_CASE(yesterday_may_not_be_ready) {
  Bench bench;
  const auto code = [&](int ago) {
    const auto day = compactDate(bench.now() - std::chrono::hours{24 * ago});
    return bench.codeOf(datacube + "visitpage", range(day));
  };
  bench.set("analysisReady", "never");
  BOOST_TEST(code(1) == 61503);
  BOOST_TEST(code(2) == 0);
  bench.set("analysisReady", "morning");
  BOOST_TEST(code(1) == 0);  // it is ten
  bench.advance(17 * 3600);  // three in the night
  bench.forgetToken();
  BOOST_TEST(code(1) == 61503);
  BOOST_TEST(code(2) == 0);
}

BOOST_AUTO_TEST_CASE(before_the_first_day_there_is_nothing) {
  Bench bench;
  bench.set("firstDay", "20200401");
  for (const auto* name : {"dailysummarytrend", "dailyvisittrend", "visitdistribution", "visitpage"}) {
    const auto list = at(bench.tell(datacube + name, range("20200331")), "list");
    BOOST_TEST_REQUIRE(list.array() != nullptr);
    BOOST_TEST(list.array()->empty());
    BOOST_TEST(!at(bench.tell(datacube + name, range("20200401")), "list").array()->empty());
  }
  const auto retain = bench.tell(datacube + "dailyretaininfo", range("20200331"));
  BOOST_TEST(text(retain, "ref_date") == "20200331");
  BOOST_TEST(at(retain, "visit_uv").array()->empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_over_yet_is_not_retained) {
  Bench bench;
  const auto day = compactDate(bench.now() - std::chrono::hours{24 * 3});
  BOOST_TEST(keys(at(bench.tell(datacube + "dailyretaininfo", range(day)), "visit_uv")) == "0 1 2");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(weixin_api_messages)

namespace {

const std::string mediaPath = "/cgi-bin/media/upload";
const std::string sendPath = "/cgi-bin/message/custom/send";
const std::string typingPath = "/cgi-bin/message/custom/business/typing";

Json textMessage(const std::string& content = "你好", const std::string& who = openid) {
  return Fields{{"touser", who}, {"msgtype", "text"}, {"text", Fields{{"content", content}}}};
}

Json upload(Bench& bench, const std::string& body, const std::string& type = "image", const std::string& contentType = formType) {
  return bench.json(bench.send("POST", mediaPath, {{"access_token", bench.token()}, {"type", type}}, body, contentType));
}

std::string uploaded(Bench& bench) { return text(upload(bench, form(R"(name="media"; filename="a.png")", "bytes")), "media_id"); }

}  // namespace

BOOST_AUTO_TEST_CASE(files_stay_three_days) {
  Bench bench;
  const std::string bytes{"\x89PNG\r\n\0\xff--xyz", 14};
  const auto answer = upload(bench, form(R"(name="media"; filename="a b.PNG")", bytes));
  BOOST_TEST(code(answer) == 41005);  // a blank
  const auto good = upload(bench, form(R"(name="media"; filename="a.PNG")", bytes));
  BOOST_TEST(text(good, "type") == "image");
  BOOST_TEST(*at(good, "created_at").integer() == bench.now().time_since_epoch().count() / 1000);
  const auto id = text(good, "media_id");
  BOOST_TEST(id.size() >= 64U);
  const auto fetch = [&] { return bench.send("GET", "/cgi-bin/media/get", {{"access_token", bench.token()}, {"media_id", id}}); };
  const auto file = fetch();
  BOOST_TEST(file.status == 200);
  BOOST_TEST(file.body == bytes);
  BOOST_TEST(file.headers.get("Content-Type") == "image/png");
  BOOST_TEST(file.headers.get("Content-disposition") == "attachment; filename=\"" + id + ".PNG\"");
  bench.advance(3 * 86400 - 60);
  bench.forgetToken();
  BOOST_TEST(fetch().body == bytes);
  bench.advance(61);
  BOOST_TEST(fetch().body == R"({"errcode":40007,"errmsg":"invalid media_id"})");
  BOOST_TEST(code(bench.ask("/cgi-bin/media/get")) == 41006);
}

BOOST_AUTO_TEST_CASE(uploads_that_are_refused) {
  Bench bench;
  const auto file = [](const std::string& name) { return form("name=\"media\"; filename=\"" + name + "\"", "bytes"); };
  BOOST_TEST(code(upload(bench, file("a.png"), "picture")) == 40004);
  BOOST_TEST(code(upload(bench, file("a.png"), "")) == 40004);
  BOOST_TEST(code(upload(bench, file("a.txt"))) == 40005);
  BOOST_TEST(code(upload(bench, file("a.png"), "voice")) == 40005);
  for (const auto& body :
       {form("name=\"media\"", "bytes"), form("name=\"media\"; filename=\"\"", "bytes"), file("图.png"),
        form("name=\"file\"; filename=\"a.png\"", "bytes"), form("name=\"media\"; filename*=utf-8''a.png", "bytes"),
        form("name=\"media\"; filename=\"a.png\"", ""), std::string{"bytes"}, file("a.png").substr(0, 100)}) {
    BOOST_TEST(code(upload(bench, body)) == 41005);
  }
  BOOST_TEST(code(upload(bench, file("a.png"), "image", "image/png")) == 41005);
  BOOST_TEST(code(bench.json(bench.send("POST", mediaPath, {{"access_token", bench.token()}, {"type", "image"}}))) == 41005);
  const auto sized = [&](const std::string& type, const std::string& name, std::size_t size) {
    return code(upload(bench, form("name=\"media\"; filename=\"" + name + "\"", std::string(size, 'x')), type));
  };
  constexpr std::size_t megabyte = 1024 * 1024;
  BOOST_TEST(sized("image", "a.jpg", 10 * megabyte) == 0);
  BOOST_TEST(sized("image", "a.jpg", 10 * megabyte + 1) == 40006);
  BOOST_TEST(sized("thumb", "a.jpg", 64 * 1024 + 1) == 40006);
  BOOST_TEST(sized("voice", "a.mp3", 2 * megabyte + 1) == 40006);
  const auto video = text(upload(bench, file("a.mp4"), "video"), "media_id");
  BOOST_TEST(text(bench.ask("/cgi-bin/media/get", {{"media_id", video}}), "video_url").starts_with("http"));
}

BOOST_AUTO_TEST_CASE(files_belong_to_one_app) {
  SandboxOptions options;
  options.weixin.otherAppIds = {"wxaaaaaaaaaaaaaaaa"};
  Bench bench{options};
  const auto id = uploaded(bench);
  const auto other = text(bench.classicAnswer("client_credential", "wxaaaaaaaaaaaaaaaa"), "access_token");
  BOOST_TEST(code(bench.get("/cgi-bin/media/get", {{"access_token", other}, {"media_id", id}})) == 40007);
}

BOOST_AUTO_TEST_CASE(five_messages_in_forty_eight_hours) {
  Bench bench;
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 45015);
  bench.control("/usermessage", {{"openid", openid}});
  for (int i = 0; i < 5; ++i) BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 0);
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 45047);
  bench.control("/usermessage", {{"openid", openid}});
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 0);
  bench.advance(48 * 3600 - 60);
  bench.forgetToken();
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 0);
  bench.advance(61);
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 45015);
  BOOST_TEST(bench.codeOf(sendPath, textMessage("x", otherOpenid)) == 45015);
  BOOST_TEST(bench.control("/outbox", {{"openid", openid}}).array()->size() == 7U);
}

BOOST_AUTO_TEST_CASE(two_messages_in_the_minute_after_the_session_was_opened) {
  Bench bench;
  bench.control("/entersession", {{"openid", openid}, {"sessionFrom", "shop"}});
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 0);
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 0);
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 45047);
  bench.control("/entersession", {{"openid", openid}});
  bench.advance(61);
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 45015);
}

BOOST_AUTO_TEST_CASE(what_a_message_must_hold) {
  Bench bench;
  bench.control("/usermessage", {{"openid", openid}});
  const auto media = uploaded(bench);
  const auto send = [&](const std::string& type, const Json& content) {
    Fields body{{"touser", openid}, {"msgtype", type}};
    if (!content.isNull()) body.append(type, content);
    return bench.codeOf(sendPath, body);
  };
  BOOST_TEST(bench.codeOf(sendPath, textMessage("x", "nobody")) == 40003);
  BOOST_TEST(bench.codeOf(sendPath, textMessage("x", "")) == 40003);
  BOOST_TEST(send("voice", Fields{{"media_id", media}}) == 40008);
  BOOST_TEST(send("", Json{}) == 40008);
  BOOST_TEST(send("text", Json{}) == 44004);
  BOOST_TEST(send("text", Fields{{"content", ""}}) == 44004);
  BOOST_TEST(send("text", "hello") == 47001);
  BOOST_TEST(send("text", Fields{{"content", std::string(2049, 'x')}}) == 45002);
  BOOST_TEST(send("image", Fields{}) == 41006);
  BOOST_TEST(send("image", Fields{{"media_id", "x"}}) == 40007);
  BOOST_TEST(send("link", Fields{{"title", "t"}, {"description", "d"}, {"url", "https://example.com"}}) == 40035);
  BOOST_TEST(send("miniprogrampage", Fields{{"title", "t"}, {"thumb_media_id", media}}) == 40035);
  BOOST_TEST(send("miniprogrampage", Fields{{"title", "t"}, {"pagepath", "p"}, {"thumb_media_id", "x"}}) == 40007);
  BOOST_TEST(send("text", Fields{{"content", std::string(2048, 'x')}}) == 0);
  BOOST_TEST(send("image", Fields{{"media_id", media}}) == 0);
  BOOST_TEST(send("link", Fields{{"title", "t"},
                                 {"description", "d"},
                                 {"url", "https://example.com"},
                                 {"thumb_url", "https://example.com/a.png"}}) == 0);
  BOOST_TEST(send("miniprogrampage", Fields{{"title", "t"}, {"pagepath", "p"}, {"thumb_media_id", media}}) == 0);
  const auto outbox = bench.control("/outbox", {{"openid", openid}});
  BOOST_REQUIRE(outbox.array()->size() == 4U);
  BOOST_TEST(text(outbox.array()->at(1), "body", "image", "media_id") == media);
}

BOOST_AUTO_TEST_CASE(typing_has_a_state) {
  Bench bench;
  const auto typing = [&](const std::string& command = "Typing", const std::string& path = typingPath) {
    return bench.codeOf(path, Fields{{"touser", openid}, {"command", command}});
  };
  BOOST_TEST(typing() == 45080);
  bench.control("/usermessage", {{"openid", openid}});
  BOOST_TEST(typing("Sleeping") == 45072);
  BOOST_TEST(bench.codeOf(typingPath, Fields{{"touser", "x"}, {"command", "Typing"}}) == 40003);
  BOOST_TEST(typing() == 0);
  BOOST_TEST(typing() == 45081);
  BOOST_TEST(typing("CancelTyping") == 0);
  BOOST_TEST(typing() == 0);
  BOOST_TEST(bench.codeOf(sendPath, textMessage()) == 0);  // ends the state, and is an interaction
  BOOST_TEST(typing("Typing", "/cgi-bin/message/custom/typing") == 0);
  bench.advance(16);
  BOOST_TEST(typing() == 0);
  bench.advance(16);
  BOOST_TEST(typing() == 45080);
  bench.set("typingPaths", "business");
  BOOST_TEST(typing("Typing", "/cgi-bin/message/custom/typing") == 40200);
  BOOST_TEST(typing() == 45080);
  bench.set("typingPaths", "custom");
  BOOST_TEST(typing() == 40200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(weixin_api_subscriptions)

namespace {

const std::string path = "/cgi-bin/message/subscribe/send";
const std::string templateId = "TEMPLATE_ID-0123456789abcdefghijklmnopqrstu";

Json message(const Json& data, const Fields& more = {}) {
  Fields body{{"touser", openid}, {"template_id", templateId}, {"data", data}};
  for (const auto& [name, value] : more) body.set(name, value);
  return body;
}
Json one(const std::string& name, const Json& value) { return Fields{{name, Fields{{"value", value}}}}; }

}  // namespace

BOOST_AUTO_TEST_CASE(one_message_for_one_subscription) {
  Bench bench;
  const auto data = one("thing1", "季卡");
  const auto refused = bench.tell(path, message(data));
  BOOST_TEST(code(refused) == 43101);
  BOOST_TEST(text(refused, "errmsg").starts_with("user refuse to accept the msg rid: "));
  bench.control("/subscribe", {{"openid", openid}, {"templateId", templateId}, {"times", 2}});
  const auto sent = bench.tell(path, message(data));
  BOOST_TEST(code(sent) == 0);
  BOOST_TEST(*at(sent, "msgid").integer() > (std::int64_t{1} << 53));
  const auto next = bench.tell(path, message(data));
  BOOST_TEST(*at(next, "msgid").integer() == *at(sent, "msgid").integer() + 1);
  BOOST_TEST(bench.codeOf(path, message(data)) == 43101);
  bench.control("/subscribe", {{"openid", openid}, {"templateId", templateId}});
  bench.control("/subscribe", {{"openid", openid}, {"templateId", templateId}, {"accept", false}});
  BOOST_TEST(bench.codeOf(path, message(data)) == 43101);
  BOOST_TEST(bench.control("/outbox", {{"openid", openid}}).array()->size() == 2U);
  BOOST_CHECK_THROW(bench.control("/subscribe", {{"openid", openid}, {"templateId", "x"}}), ControlError);
}

BOOST_AUTO_TEST_CASE(what_a_subscribe_message_must_hold) {
  Bench bench;
  const auto good = one("thing1", "季卡");
  const auto refused = [&](const Json& body, std::int64_t expected, const std::string& start = "") {
    const auto answer = bench.tell(path, body);
    BOOST_TEST_CONTEXT(body.json()) {
      BOOST_TEST(code(answer) == expected);
      BOOST_TEST(text(answer, "errmsg").starts_with(start));
    }
  };
  refused(message(good, {{"touser", "x"}}), 40003);
  refused(message(good, {{"template_id", "x"}}), 40037);
  refused(message(good, {{"miniprogram_state", "old"}}), 47003);
  refused(message(good, {{"lang", "fr"}}), 47003);
  refused(message(Fields{}), 47003);
  refused(message("x"), 47001);
  refused(message(one("time2", "")), 47003, "argument invalid! data.time2.value is empty rid: ");
  refused(message(Fields{{"time2", Fields{}}}), 47003, "argument invalid! data.time2.value is empty");
  refused(message(one("thing1", Json::Array{})), 47003, "argument invalid! data.thing1.value invalid");
  refused(message(one("thing1", "赌博")), 45168);
  bench.set("releasedPages", Json::Array{"pages/index/index"});
  refused(message(good, {{"page", "pages/other/other?a=1"}}), 41030);
  refused(message(good, {{"page", "pages/index/index?a=1"}, {"lang", "zh_CN"}, {"miniprogram_state", "trial"}}), 43101);
}

BOOST_AUTO_TEST_CASE(values_have_limits) {
  Bench bench;
  const std::string twenty = "一二三四五六七八九十一二三四五六七八九十";
  const auto check = [&](const std::string& name, const Json& value, bool good) {
    BOOST_TEST_CONTEXT(name << " " << value.json()) {
      BOOST_TEST(bench.codeOf(path, message(one(name, value))) == (good ? 43101 : 47003));
    }
  };
  check("thing1", twenty, true);
  check("thing1", twenty + "一", false);
  check("number1", 12, true);
  check("number1", "-1.5", true);
  check("number1", "1.", false);
  check("number1", "一", false);
  check("letter1", "abcXYZ", true);
  check("letter1", "abc1", false);
  check("symbol1", "+-*/%", true);
  check("symbol1", "++++++", false);
  check("symbol1", "a", false);
  check("character_string1", "A-1#", true);
  check("character_string1", "中", false);
  check("character_string1", std::string(33, 'a'), false);
  check("time1", "2019年10月1日 15:01~16:00", true);
  check("date1", "2019-10-01", true);
  check("date1", "tomorrow", false);
  check("amount1", "¥100.50元", true);
  check("amount1", "100", true);
  check("amount1", "12345678901", false);
  check("amount1", "much", false);
  check("phone_number1", "+86-0766-66888866", true);
  check("phone_number1", "none", false);
  check("car_number1", "粤A8Z888挂", true);
  check("car_number1", "粤A8Z888挂12", false);
  check("name1", "张三", true);
  check("name1", "Zhang San", true);
  check("name1", "一二三四五六七八九十一", false);
  check("name1", "Abcdefghijklmnopqrstu", false);
  check("phrase1", "已经发货", true);
  check("phrase1", "一二三四五六", false);
  check("phrase1", "ok", false);
  check("site01", "anything at all goes under a name that the platform does not know", true);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(weixin_api_security)

BOOST_AUTO_TEST_CASE(texts_are_checked) {
  Bench bench;
  const auto check = [&](const Fields& more) {
    Fields body{{"content", "hello"}, {"version", 2}, {"scene", 2}, {"openid", openid}};
    for (const auto& [name, value] : more) body.set(name, value);
    return bench.tell("/wxa/msg_sec_check", body);
  };
  const auto pass = check({});
  BOOST_TEST(code(pass) == 0);
  BOOST_TEST(text(pass, "result", "suggest") == "pass");
  BOOST_TEST(text(pass, "result", "label") == "100");
  BOOST_TEST(!text(pass, "trace_id").empty());
  BOOST_TEST(at(pass, "detail").array()->size() == 1U);
  const auto risky = check({{"content", "来赌博吧"}});
  BOOST_TEST(text(risky, "result", "suggest") == "risky");
  BOOST_TEST(text(risky, "result", "label") == "20006");
  BOOST_TEST(text(at(risky, "detail").array()->at(1), "keyword") == "赌博");
  BOOST_TEST(text(check({{"nickname", "代购"}}), "result", "suggest") == "review");
  bench.set("riskyWords", Json::Array{"hello"});
  BOOST_TEST(text(check({}), "result", "suggest") == "risky");
  BOOST_TEST(code(check({{"version", 1}})) == 87014);
  BOOST_TEST(code(check({{"version", 1}, {"content", "x"}})) == 0);
  BOOST_TEST(code(check({{"content", ""}})) == 44002);
  std::string most;
  for (int i = 0; i < 2500; ++i) most += "一";
  BOOST_TEST(code(check({{"content", most}})) == 0);
  BOOST_TEST(code(check({{"content", most + "一"}})) == 45002);
  BOOST_TEST(code(check({{"scene", 5}})) == 40129);
  BOOST_TEST(code(check({{"openid", "x"}})) == 40003);
  bench.control("/user", {{"openid", otherOpenid}, {"appId", "wxother"}});
  BOOST_TEST(code(check({{"openid", otherOpenid}})) == 43104);
  static_cast<void>(bench.loginAnswer("code-" + openid));
  bench.advance(7100);
  BOOST_TEST(code(check({})) == 0);
  bench.advance(200);
  bench.forgetToken();
  BOOST_TEST(code(check({})) == 61010);
}

BOOST_AUTO_TEST_CASE(files_are_checked_later) {
  Bench bench;
  const auto check = [&](const Fields& more) {
    Fields body{{"media_url", "https://example.com/a.png"}, {"media_type", 2}, {"version", 2}, {"scene", 1}, {"openid", openid}};
    for (const auto& [name, value] : more) body.set(name, value);
    return bench.tell("/wxa/media_check_async", body);
  };
  BOOST_TEST(!text(check({}), "trace_id").empty());
  BOOST_TEST(code(check({{"media_url", ""}})) == 40035);
  BOOST_TEST(code(check({{"media_type", 3}})) == 40004);
  BOOST_TEST(code(check({{"scene", 0}})) == 40129);
  BOOST_TEST(code(check({{"openid", ""}})) == 40003);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(weixin_api_links)

BOOST_AUTO_TEST_CASE(schemes_and_links) {
  Bench bench;
  const auto scheme = [&](const Json& body) { return bench.tell("/wxa/generatescheme", body); };
  const auto link = [&](const Json& body) { return bench.tell("/wxa/generate_urllink", body); };
  BOOST_TEST(text(scheme(Fields{}), "openlink").starts_with("weixin://dl/business/?t="));
  BOOST_TEST(text(link(Fields{}), "url_link").starts_with("https://wxaurl.cn/"));
  const auto jump = [&](const Fields& target) { return code(scheme(Fields{{"jump_wxa", target}})); };
  BOOST_TEST(jump({{"path", "pages/index/index"}, {"query", "a=1&b=%20"}, {"env_version", "trial"}}) == 0);
  BOOST_TEST(jump({{"path", "pages/index/index?a=1"}}) == 40165);
  BOOST_TEST(jump({{"query", "a=中"}}) == 40212);
  BOOST_TEST(jump({{"query", std::string(513, 'a')}}) == 40212);
  BOOST_TEST(jump({{"env_version", ""}}) == 85402);
  BOOST_TEST(jump({{"env_version", "beta"}}) == 85402);
  bench.set("releasedPages", Json::Array{"pages/index/index"});
  BOOST_TEST(jump({{"path", "pages/none/none"}}) == 40165);
  const auto now = bench.now().time_since_epoch().count() / 1000;
  BOOST_TEST(code(link(Fields{{"expire_type", 1}, {"expire_interval", 30}})) == 0);
  BOOST_TEST(code(link(Fields{{"expire_type", 1}, {"expire_interval", 31}})) == 85401);
  BOOST_TEST(code(link(Fields{{"expire_type", 1}, {"expire_interval", 0}})) == 85401);
  BOOST_TEST(code(link(Fields{{"expire_time", now + 3600}})) == 0);
  BOOST_TEST(code(link(Fields{{"expire_time", now - 1}})) == 85401);
  BOOST_TEST(code(link(Fields{{"expire_time", now + 31 * 86400}})) == 85401);
  BOOST_TEST(code(link(Fields{{"expire_type", 2}})) == 40097);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(weixin_api_orders)

namespace {

/// A merchant beside the mini program, in the same sandbox.
struct Shop {
  Bench bench{};

  void order(const std::string& number) {
    auto params = weixin_bench::Bench::order(number);
    params.insert({{"appid", appId}, {"mch_id", "10000100"}, {"nonce_str", "ibuaiVcKdpRxkhJA"}});
    send("/pay/unifiedorder", params);
  }
  void send(const std::string& path, weixin_bench::Params params) {
    params["sign"] = weixin_bench::handSign(params, "192006250b4c09247ec02edce69f6a2d");
    HttpOptions options;
    options.caFile = bench.sandbox.urls().caFile;
    options.proxy = "";
    const auto client = http::makeClient(options);
    HttpRequest request;
    request.url = bench.sandbox.urls().weixinPay + path;
    request.body = weixin_bench::handXml(params);
    request.deadline = std::chrono::steady_clock::now() + seconds{60};
    BOOST_REQUIRE(wait(client->send(request)).body.find("SUCCESS") != std::string::npos);
  }
  std::string pay(const std::string& number) {
    return text(bench.sandbox.control("POST", "/pay", Fields{{"provider", "weixin"}, {"outTradeNo", number}}), "transactionId");
  }
  std::string paid(const std::string& number) {
    order(number);
    return pay(number);
  }
};

const std::string shipPath = "/wxa/sec/order/upload_shipping_info";
const std::string orderPath = "/wxa/sec/order/get_order";

Json item(const std::string& number = "323244567777", const std::string& company = "DHL", const std::string& what = "季卡") {
  return Fields{{"tracking_no", number}, {"express_company", company}, {"item_desc", what}};
}

Fields shipment(const std::string& transactionId, const Fields& more = {}) {
  Fields body{{"order_key", Fields{{"order_number_type", 2}, {"transaction_id", transactionId}}},
              {"logistics_type", 1},
              {"delivery_mode", 1},
              {"shipping_list", Json::Array{item()}},
              {"upload_time", "2022-12-15T13:29:35.120+08:00"},
              {"payer", Fields{{"openid", openid}}}};
  for (const auto& [name, value] : more) {
    if (value.isNull()) {
      body.erase(name);
    } else {
      body.set(name, value);
    }
  }
  return body;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_unionid_of_someone_who_has_just_paid) {
  Shop shop;
  auto& bench = shop.bench;
  const auto transactionId = shop.paid("U1");
  const auto ask = [&](Query query) {
    query.insert(query.begin(), {"openid", openid});
    return bench.ask("/wxa/getpaidunionid", query);
  };
  const auto answer = ask({{"transaction_id", transactionId}});
  BOOST_TEST(code(answer) == 0);
  BOOST_TEST(text(answer, "errmsg") == "ok");
  BOOST_TEST(text(answer, "unionid") == text(bench.loginAnswer("code-" + openid), "unionid"));
  BOOST_TEST(code(ask({{"mch_id", "10000100"}, {"out_trade_no", "U1"}})) == 0);
  BOOST_TEST(code(ask({{"mch_id", "10000101"}, {"out_trade_no", "U1"}})) == 89300);
  BOOST_TEST(code(ask({{"out_trade_no", "U1"}})) == 89300);
  BOOST_TEST(code(ask({})) == 89300);
  shop.order("U2");
  BOOST_TEST(code(ask({{"mch_id", "10000100"}, {"out_trade_no", "U2"}})) == 89300);  // not paid
  BOOST_TEST(code(bench.ask("/wxa/getpaidunionid", {{"transaction_id", transactionId}})) == 41009);
  BOOST_TEST(code(bench.ask("/wxa/getpaidunionid", {{"openid", "x"}, {"transaction_id", transactionId}})) == 40003);
  BOOST_TEST(code(bench.ask("/wxa/getpaidunionid", {{"openid", otherOpenid}, {"transaction_id", transactionId}})) == 89300);
  bench.set("openPlatform", false);
  BOOST_TEST(code(ask({{"transaction_id", transactionId}})) == 89002);
  bench.set("openPlatform", true);
  bench.advance(301);
  BOOST_TEST(code(ask({{"transaction_id", transactionId}})) == 89300);
}

BOOST_AUTO_TEST_CASE(shipping_in_one_piece) {
  Shop shop;
  auto& bench = shop.bench;
  const auto id = shop.paid("S1");
  const auto order = [&] { return at(bench.tell(orderPath, Fields{{"transaction_id", id}}), "order"); };
  const auto before = order();
  BOOST_TEST(text(before, "order_state") == "1");
  BOOST_TEST(text(before, "merchant_id") == "10000100");
  BOOST_TEST(text(before, "merchant_trade_no") == "S1");
  BOOST_TEST(text(before, "description") == "季卡");
  BOOST_TEST(text(before, "paid_amount") == "100");
  BOOST_TEST(text(before, "openid") == openid);
  BOOST_TEST(at(before, "pay_time").integer() != nullptr);
  BOOST_TEST(bench.codeOf(shipPath, shipment(id)) == 0);
  const auto after = order();
  BOOST_TEST(text(after, "order_state") == "2");
  BOOST_TEST(text(after, "shipping", "finish_shipping") == "true");
  BOOST_TEST(text(after, "shipping", "finish_shipping_count") == "1");
  const auto shipped = at(after, "shipping", "shipping_list").array()->at(0);
  BOOST_TEST(text(shipped, "goods_desc") == "季卡");
  BOOST_TEST(*at(shipped, "upload_time").integer() == 1671082175);
  const auto later = [&](const char* time, const Json& list) {
    return bench.codeOf(shipPath, shipment(id, {{"upload_time", time}, {"shipping_list", list}}));
  };
  BOOST_TEST(later("2022-12-15T13:29:35.120+08:00", Json::Array{item("2")}) == 268485216);  // not later
  BOOST_TEST(later("2022-12-15T13:29:36+08:00", Json::Array{item()}) == 10060023);
  BOOST_TEST(later("2022-12-15T05:29:36.5Z", Json::Array{item("2")}) == 0);
  BOOST_TEST(later("2022-12-16T13:29:35.120+08:00", Json::Array{item("3")}) == 10060003);
  BOOST_TEST(text(order(), "shipping", "finish_shipping_count") == "2");
  const auto byNumber = bench.tell(orderPath, Fields{{"merchant_id", "10000100"}, {"merchant_trade_no", "S1"}});
  BOOST_TEST(text(byNumber, "order", "transaction_id") == id);
  BOOST_TEST(bench.codeOf(orderPath, Fields{}) == 10060014);
  BOOST_TEST(bench.codeOf(orderPath, Fields{{"transaction_id", "1"}}) == 10060001);
}

BOOST_AUTO_TEST_CASE(shipping_in_several_pieces) {
  Shop shop;
  auto& bench = shop.bench;
  const auto id = shop.paid("S2");
  const auto ship = [&](const char* time, const std::string& number, bool all, int mode = 2) {
    return bench.codeOf(shipPath, shipment(id, {{"delivery_mode", mode},
                                                {"is_all_delivered", all},
                                                {"upload_time", time},
                                                {"shipping_list", Json::Array{item(number)}}}));
  };
  BOOST_TEST(ship("2022-12-15T13:29:35.120+08:00", "1", false) == 0);
  const auto order = at(bench.tell(orderPath, Fields{{"transaction_id", id}}), "order");
  BOOST_TEST(text(order, "order_state") == "1");
  BOOST_TEST(text(order, "shipping", "finish_shipping") == "false");
  BOOST_TEST(ship("2022-12-16T13:29:35.120+08:00", "2", false, 1) == 10060014);
  BOOST_TEST(ship("2022-12-16T13:29:35.120+08:00", "2", true) == 0);
  const auto done = at(bench.tell(orderPath, Fields{{"transaction_id", id}}), "order");
  BOOST_TEST(text(done, "order_state") == "2");
  BOOST_TEST(at(done, "shipping", "shipping_list").array()->size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_a_shipment_must_hold) {
  Shop shop;
  auto& bench = shop.bench;
  const auto id = shop.paid("S3");
  const auto check = [&](const Fields& more, std::int64_t expected) {
    BOOST_TEST_CONTEXT(Json{more}.json()) { BOOST_TEST(bench.codeOf(shipPath, shipment(id, more)) == expected); }
  };
  const auto key = [](const Fields& fields) { return Fields{{"order_key", fields}}; };
  const auto list = [](const Json& only) { return Fields{{"shipping_list", Json::Array{only}}}; };
  check({{"order_key", Json{}}}, 10060014);
  check(key({{"order_number_type", 3}}), 268485194);
  check(key({{"order_number_type", 2}}), 268485195);
  check(key({{"order_number_type", 1}, {"out_trade_no", "S3"}}), 268485196);
  check(key({{"order_number_type", 1}, {"mchid", "10000100"}}), 268485197);
  check(key({{"order_number_type", 1}, {"mchid", "10000101"}, {"out_trade_no", "S3"}}), 10060001);
  check(key({{"order_number_type", 2}, {"transaction_id", "1"}}), 10060001);
  check({{"logistics_type", 5}}, 10060005);
  check({{"delivery_mode", 3}}, 268485224);
  check({{"delivery_mode", 2}, {"is_all_delivered", true}, {"logistics_type", 2}}, 10060006);
  check({{"delivery_mode", 2}}, 10060007);
  check({{"shipping_list", Json{}}}, 10060014);
  check({{"shipping_list", Json::Array{item("1"), item("2")}}}, 268485228);
  check({{"delivery_mode", 2}, {"is_all_delivered", true}, {"shipping_list", Json::Array(16, item())}}, 10060024);
  check(list(item("1", "DHL", "")), 10060008);
  std::string most;
  for (int i = 0; i < 121; ++i) most += "一";
  check(list(item("1", "DHL", most)), 10060009);
  check(list(item("", "DHL")), 268485226);
  check(list(item("1", "")), 268485227);
  check(list(item("1", std::string(129, 'x'))), 10060025);
  check(list(item(std::string(129, 'x'))), 10060026);
  check(list(item("1", "SF")), 10060014);
  for (const auto* time : {"", "2022-12-15", "2022-12-15 13:29:35+08:00", "2022-13-15T13:29:35+08:00", "2022-12-15T13:29:35",
                           "2022-12-15T13:29:35.+08:00"}) {
    check({{"upload_time", time}}, 268485216);
  }
  check({{"payer", Json{}}}, 10060014);
  check({{"payer", Fields{{"openid", otherOpenid}}}}, 10060031);
  bench.set("shippingDelaySeconds", 3600);
  check({}, 10060001);
  bench.set("shippingDelaySeconds", 0);
  check(list(Fields{{"tracking_no", "1"},
                    {"express_company", "SF"},
                    {"item_desc", "季卡"},
                    {"contact", Fields{{"receiver_contact", "189****1234"}}}}),
        0);
  const auto second = shop.paid("S4");
  BOOST_TEST(text(bench.control("/orderstate", {{"transactionId", second}, {"orderState", 3}, {"inComplaint", true}}),
                  "orderState") == "3");
  BOOST_TEST(bench.codeOf(shipPath, shipment(second)) == 10060002);
  BOOST_TEST(text(bench.tell(orderPath, Fields{{"transaction_id", second}}), "order", "in_complaint") == "true");
  BOOST_CHECK_THROW(bench.control("/orderstate", {{"transactionId", "1"}}), ControlError);
  BOOST_CHECK_THROW(bench.control("/orderstate", {{"transactionId", second}, {"orderState", 5}}), ControlError);
}

BOOST_AUTO_TEST_SUITE_END()
