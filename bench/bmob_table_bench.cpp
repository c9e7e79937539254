// A table of many rows in the local Bmob: an indexed equality query through the gateway (everything but the socket: keys, `where`
// to SQL, the statement, the JSON of ten rows) beside bare SQLite with the same file, the same index and the same text at the
// end. One JSON line.
//   bmob_table_bench STATE_FILE ROWS QUERIES       makes the table `Rows` where the file has none
#include <codec/form.hpp>
#include <gateways/platform.hpp>
#include <openapi/json.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace openapi;
using namespace openapi::gateway;

constexpr std::int64_t differentScores = 100000;
constexpr std::int64_t limit = 10;
constexpr int repetitions = 7;

/// The local Bmob without a socket.
class Gateway {
 public:
  explicit Gateway(const std::string& file) : database_{file} {}

  std::string send(const std::string& method, const std::string& query, const std::string& body = {}) {
    Request request{.method = method, .path = "/1/classes/Rows", .query = query, .body = body};
    request.headers = {{"X-Bmob-Application-Id", "app"}, {"X-Bmob-REST-API-Key", "key"}, {"Content-Type", "application/json"}};
    auto reply = platform_->handle(request);
    if (reply.status != 200 && reply.status != 201) throw std::runtime_error{reply.body};
    return std::move(reply.body);
  }

  std::string find(std::int64_t score) {
    return send("GET",
                codec::writeForm({{"where", R"({"score":)" + std::to_string(score) + "}"}, {"limit", std::to_string(limit)}}));
  }

  /// The table's name in SQLite; empty when there is none.
  [[nodiscard]] std::string table() {
    const auto row = database_.first("SELECT id FROM bmob_classes WHERE name = 'Rows'");
    return row ? "bmob_t" + std::to_string(row->integer("id")) : "";
  }

  void makeRows(std::int64_t rows) {
    if (!table().empty()) return;
    send("POST", {}, R"({"playerName":"Sean Plott","score":0})");
    database_.execute("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO " + table() +
                          "(id, created, updated, data) SELECT printf('%010x', i), 1700000000000 + i, 1700000000000 + i, "
                          "printf('{\"playerName\":\"Sean Plott\",\"score\":%d}', i % ?) FROM n",
                      {rows - 1, differentScores});
  }

 private:
  Clock clock_{};
  Database database_;
  Notifier notifier_{clock_, database_, 1, [](const NotifyAttempt&, auto) {}, [] {}};
  std::unique_ptr<Platform> platform_ =
      makeBmobPlatform({.applicationId = "app", .restApiKey = "key"}, {clock_, database_, notifier_});
};

/// The same question and the same text with SQLite alone.
class Floor {
 public:
  Floor(const std::string& file, const std::string& table) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    if (result != SQLITE_OK) throw std::runtime_error{"cannot open " + file};
    const auto sql = "SELECT id, created, updated, data FROM " + table +
                     " WHERE json_extract(data,'$.score') = ? ORDER BY seq LIMIT " + std::to_string(limit);
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(opened, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK)
      throw std::runtime_error{sqlite3_errmsg(opened)};
    statement_.reset(made);
  }

  std::string find(std::int64_t score) {
    auto* statement = statement_.get();
    sqlite3_bind_int64(statement, 1, score);
    std::string text = R"({"results":[)";
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const auto column = [&](int index) { return reinterpret_cast<const char*>(sqlite3_column_text(statement, index)); };
      const auto time = [&](int index) { return readableTime(fromMillis(sqlite3_column_int64(statement, index))); };
      if (text.back() == '}') text += ',';
      text.append(R"({"createdAt":")").append(time(1)).append(R"(","objectId":")").append(column(0));
      text.append(R"(","updatedAt":")").append(time(2)).append("\",").append(column(3) + 1);
    }
    sqlite3_reset(statement);
    return text + "]}";
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3, Close> database_{};
  std::unique_ptr<sqlite3_stmt, Close> statement_{};
};

/// Microseconds of a query: the processor's time.
template <class Finder>
double timeOf(Finder& finder, int queries) {
  std::minstd_rand random{7};
  const auto begin = std::clock();
  std::size_t bytes = 0;
  for (int i = 0; i < queries; ++i) bytes += finder.find(static_cast<std::int64_t>(random()) % differentScores).size();
  if (bytes < static_cast<std::size_t>(queries) * 100) throw std::runtime_error{"queries that find nothing"};
  return 1e6 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / queries;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const std::string& file, std::int64_t rows, int queries) {
  Gateway gateway{file};
  gateway.makeRows(rows);
  static_cast<void>(gateway.find(1));  // makes the index
  Floor floor{file, gateway.table()};
  for (const std::int64_t score : {0, 1, 777, 99999}) {
    if (gateway.find(score) != floor.find(score)) throw std::runtime_error{"different answers: " + gateway.find(score)};
  }
  std::vector<double> ours, bare;
  for (int i = 0; i < repetitions; ++i) {
    ours.push_back(timeOf(gateway, queries));
    bare.push_back(timeOf(floor, queries));
  }
  std::printf("{\"rows\":%lld,\"openapi\":%.2f,\"sqlite\":%.2f}\n", static_cast<long long>(rows), median(ours), median(bare));
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 4) return std::fputs("usage: bmob_table_bench STATE_FILE ROWS QUERIES\n", stderr), 2;
  measure(arguments[1], std::atoll(arguments[2]), std::atoi(arguments[3]));
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
