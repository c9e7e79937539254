// The decoders behind a bill: gzip, GB18030 and zip, piece by piece.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>

#include "bill/bill_receiver.hpp"
#include "codec/gb18030.hpp"
#include "codec/gunzip.hpp"
#include "codec/text.hpp"
#include "codec/zip.hpp"
#include "zip_builder.hpp"

using namespace bill_test;
namespace codec = openapi::codec;

namespace {

std::vector<std::unique_ptr<codec::Gunzip>> decoders() {
  std::vector<std::unique_ptr<codec::Gunzip>> result;
  result.push_back(codec::zlibGunzip());
  if (auto fast = codec::isalGunzip()) result.push_back(std::move(fast));
  return result;
}

struct Decoded {
  std::string text{};
  std::size_t consumed = 0;
  bool finished = false;
};

Decoded decode(codec::Gunzip& decoder, const std::string& bytes, std::size_t inStep, std::size_t outStep) {
  Decoded result;
  std::string out(outStep, '\0');
  while (!result.finished) {
    const std::size_t offered = std::min(inStep, bytes.size() - result.consumed);
    const auto step = decoder.run(std::span{bytes}.subspan(result.consumed, offered), out);
    result.text.append(out, 0, step.produced);
    result.consumed += step.consumed;
    result.finished = step.finished;
    if (offered == 0 && step.produced == 0) break;
  }
  return result;
}

std::string randomText(std::size_t size, unsigned seed) {
  std::mt19937 random{seed};
  std::string text(size, '\0');
  for (char& c : text) c = "`,0123456789\r\n"[random() % 14];
  return text;
}

int fileOf(const std::string& bytes) {
  const int file = memfd_create("archive", MFD_CLOEXEC);
  BOOST_REQUIRE(file >= 0);
  BOOST_REQUIRE(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  BOOST_REQUIRE(lseek(file, 0, SEEK_SET) == 0);
  return file;
}

std::string zipRefusal(const std::string& bytes) {
  try {
    codec::ZipArchive archive{fileOf(bytes)};
    std::string out(1 << 16, '\0');
    for (const auto& entry : archive.entries()) {
      archive.open(entry);
      while (archive.read(out) > 0) continue;
    }
  } catch (const openapi::Error& error) {
    BOOST_TEST(toString(error.errc()) == "badResponse");
    return error.what();
  }
  BOOST_ERROR("the archive was accepted");
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decoders_)

BOOST_AUTO_TEST_CASE(gunzipInPiecesOfEverySize) {
  const std::string text = randomText(5000, 1);
  const std::string bytes = codec::gzip(text);
  for (const std::size_t inStep : {1UL, 2UL, 7UL, 100UL, 100000UL}) {
    for (const std::size_t outStep : {1UL, 3UL, 64UL, 100000UL}) {
      for (const auto& decoder : decoders()) {
        const auto result = decode(*decoder, bytes, inStep, outStep);
        BOOST_TEST(result.finished);
        BOOST_TEST(result.consumed == bytes.size());
        BOOST_CHECK(result.text == text);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(gunzipSeesWhatIsMissingAndWhatFollows) {
  const std::string bytes = codec::gzip(randomText(400, 2));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    for (const auto& decoder : decoders()) BOOST_TEST(!decode(*decoder, bytes.substr(0, size), 100000, 4096).finished);
  }
  for (const std::size_t more : {1UL, 7UL, 8UL, 9UL, 300UL}) {
    for (const std::size_t inStep : {1UL, 5UL, 100000UL}) {
      for (const auto& decoder : decoders()) {
        const auto result = decode(*decoder, bytes + std::string(more, '\x1F'), inStep, 4096);
        BOOST_TEST(result.finished);
        BOOST_TEST(result.consumed == bytes.size());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(gunzipChecksTheTrailer) {
  const std::string text = randomText(400, 3);
  const std::string bytes = codec::gzip(text);
  for (std::size_t at = bytes.size() - 8; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] + 1);
    for (const auto& decoder : decoders()) BOOST_CHECK_THROW(decode(*decoder, damaged, 100000, 4096), openapi::Error);
  }
  for (const auto& decoder : decoders())
    BOOST_CHECK_THROW(decode(*decoder, "no gzip at all, really", 100000, 4096), openapi::Error);
}

BOOST_AUTO_TEST_CASE(gzipBombIsRefused) {
  std::string zeros(64UL << 20, '\0');
  BOOST_TEST(contains(refusal(codec::gzip(zeros)), "a line longer than 1 MiB"));
  // Rows that repeat are no bomb by themselves: a bill is refused only when it grows more than 200 times.
  std::string rows;
  for (int i = 0; i < 400000; ++i) rows += std::to_string(i) + ",`abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n";
  BOOST_TEST(contains(refusal(codec::gzip(rows)), "not the names of the columns"));
  std::string same = readFile("fixtures/wechatpay/wechatpay-php/bill.ALL.csv");
  const auto header = same.find('\n') + 1;
  const std::string row = same.substr(header, same.find('\n', header) + 1 - header);
  std::string bomb = same.substr(0, header);
  for (int i = 0; i < 120000; ++i) bomb += row;
  BOOST_TEST(contains(refusal(codec::gzip(bomb)), "refused as a gzip bomb"));
}

/// Counts what it is given.
struct CountingSink final : openapi::BillSink {
  std::size_t bytes = 0;
  void restart() override { bytes = 0; }
  void write(std::string_view more) override { bytes += more.size(); }
  void complete() override {}
};

BOOST_AUTO_TEST_CASE(gzipBombIsRefusedWhileItComes) {
  const auto sink = std::make_shared<CountingSink>();
  openapi::bill::BillReceiver receiver{sink};
  receiver.begin({.status = 200});
  const auto saidBy = [&](const std::string& bytes) -> std::string {
    try {
      receiver.take(bytes);
    } catch (const openapi::Error& error) {
      return error.what();
    }
    return {};
  };
  BOOST_TEST(contains(saidBy(codec::gzip(std::string(64UL << 20U, 'x'))), "refused as a gzip bomb"));
  BOOST_TEST(sink->bytes < (20UL << 20U));
}

BOOST_AUTO_TEST_CASE(gb18030InPiecesOfEverySize) {
  std::string utf8;
  for (int i = 0; i < 300; ++i) utf8 += "支付宝,a咖啡（元）\r\n";
  const std::string bytes = gbk(utf8) + "\x81\x30\x81\x30";  // and one that takes four bytes: U+0080
  utf8 += "\xC2\x80";
  for (const std::size_t inStep : {1UL, 2UL, 3UL, 5UL, 64UL, 100000UL}) {
    for (const std::size_t outStep : {8UL, 9UL, 13UL, 100000UL}) {
      codec::Gb18030Stream stream;
      std::string out(outStep, '\0');
      std::string text;
      std::string held;
      for (std::size_t at = 0; at < bytes.size() || !held.empty();) {
        const std::size_t count = std::min(inStep, bytes.size() - at);
        held += bytes.substr(at, count);
        at += count;
        const auto step = stream.run(held, out, at == bytes.size());
        text.append(out, 0, step.produced);
        held.erase(0, step.consumed);
      }
      BOOST_CHECK(text == utf8);
    }
  }
}

BOOST_AUTO_TEST_CASE(gb18030MarksWhatIsNoText) {
  codec::Gb18030Stream stream;
  std::string out(64, '\0');
  const std::string bytes = gbk("中") + "\xFF" + "a" + "\x81";
  auto step = stream.run(bytes, out, false);
  BOOST_TEST(out.substr(0, step.produced) ==
             "中\xFF"
             "a");
  BOOST_TEST(step.consumed == bytes.size() - 1);
  step = stream.run(std::string{"\x81"}, out, true);
  BOOST_TEST(out.substr(0, step.produced) == "\xFF");
}

BOOST_AUTO_TEST_CASE(zipEntries) {
  const std::string rows = randomText(200000, 4);
  const std::string bytes = zipOf({{gbk("2088_20261121_业务明细.csv"), rows}, {"plain.txt", "stored", 0x800, 0}});
  codec::ZipArchive archive{fileOf(bytes)};
  BOOST_REQUIRE_EQUAL(archive.entries().size(), 2U);
  BOOST_TEST(archive.entries()[0].name == "2088_20261121_业务明细.csv");
  BOOST_TEST(archive.entries()[0].size == rows.size());
  std::string out(1000, '\0');
  const auto read = [&](std::size_t index) {
    std::string text;
    archive.open(archive.entries()[index]);
    while (const std::size_t count = archive.read(out)) text.append(out, 0, count);
    return text;
  };
  BOOST_TEST(read(1) == "stored");
  BOOST_CHECK(read(0) == rows);
  BOOST_CHECK(read(0) == rows);
}

BOOST_AUTO_TEST_CASE(hostileArchives) {
  const std::string good = zipOf({{"a.csv", randomText(500, 5)}});
  for (std::size_t size = 0; size < good.size(); ++size) BOOST_TEST(contains(zipRefusal(good.substr(0, size)), "zip: "));
  BOOST_TEST(contains(zipRefusal(good + "x"), "incomplete or damaged"));
  BOOST_TEST(contains(zipRefusal(zipOf({})), "without entries"));
  std::vector<ZipFile> many;
  for (char name = 'a'; name < 'j'; ++name) many.push_back({std::string{name}, "x"});
  BOOST_TEST(contains(zipRefusal(zipOf(many)), "an archive of 9 entries"));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", "x"}, {"a", "y"}})), "zip: "));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", "secretsecretsecret", 1}})), "encrypted"));
  for (const std::uint16_t method :
       {std::uint16_t{1}, std::uint16_t{9}, std::uint16_t{12}, std::uint16_t{14}, std::uint16_t{95}}) {
    BOOST_TEST(contains(zipRefusal(zipOf({{"a", "x", 0, method}})), "unknown compression method"));
  }
  for (const char* name : {"../a.csv", "..", "a/../b", "a/..", "/etc/passwd", "C:a", "..\\a", "a\\b"}) {
    BOOST_TEST(contains(zipRefusal(zipOf({{name, "x"}})), "leaves its folder"), name);
  }
  BOOST_TEST(contains(zipRefusal(zipOf({{"", "x"}})), "zip: "));
  BOOST_TEST(contains(zipRefusal(zipOf({{"\xFF\xFF", "x"}})), "neither UTF-8 nor GBK"));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", "text", 0, 8, 1}})), "incomplete or damaged"));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", "text", 0, 8, 0, 1}})), "zip: an entry"));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", std::string(5000, 'x'), 0, 8, 0, -4000}})), "zip: an entry"));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", std::string(64UL << 20, '\0')}})), "refused as a zip bomb"));
  BOOST_TEST(contains(zipRefusal(zipOf({{"a", std::string(64UL << 20, '\0'), 0, 8, 0, -(std::int64_t{63} << 20)}})), "zip: "));
  std::mt19937 random{6};
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = good;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    if (damaged == good) continue;
    try {
      codec::ZipArchive archive{fileOf(damaged)};
      std::string out(1 << 12, '\0');
      archive.open(archive.entries().front());
      while (archive.read(out) > 0) continue;
    } catch (const openapi::Error& error) {
      BOOST_TEST(contains(error.what(), "zip: "));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
