#pragma once

#include <openapi/bmob/changes.hpp>
#include <openapi/bmob/rows.hpp>
#include <openapi/bmob/values.hpp>

#include <string_view>

namespace openapi::bmob {

/// In what a distance is measured.
enum class DistanceUnit { kilometers, miles, radians };

/// Questions to one table, and writes to it.
///
/// `bmob.query("GameScore").greaterThan("score", 100).order("-createdAt").limit(20)`, then `find()`. Conditions add up: all of
/// them must hold. The methods that describe throw `invalidArgument` at once for a name that is no column or an operator that
/// does not exist, and send nothing. A query is a value: copy it, and ask as often as you like.
/// Values for `createdAt` and `updatedAt` may be texts (`2018-04-01 00:00:00`, GMT+8); they go out as dates. The platform
/// compares them to fractions of a second that it does not show: add a second to an upper limit.
class Query {
 public:
  Query(Rows rows, std::string className);

  // Conditions.
  Query& equalTo(std::string name, Json value);
  /// The documents' form: `==`, `!=`, `>`, `>=`, `<`, `<=`.
  Query& equalTo(std::string name, std::string_view comparison, Json value);
  Query& notEqualTo(std::string name, Json value);
  Query& lessThan(std::string name, Json value);
  Query& lessThanOrEqualTo(std::string name, Json value);
  Query& greaterThan(std::string name, Json value);
  Query& greaterThanOrEqualTo(std::string name, Json value);
  Query& containedIn(std::string name, Json::Array values);
  Query& notContainedIn(std::string name, Json::Array values);
  /// Of a list: it holds all of `values`.
  Query& containsAll(std::string name, Json::Array values);
  Query& exists(std::string name);
  Query& doesNotExist(std::string name);
  /// A regular expression (PCRE), found anywhere in the text. `options`: `i`, `m`, `x`, `s`. The platform sells this apart.
  Query& matches(std::string name, std::string expression, std::string options = {});
  /// A pointer to a row that `inner` finds; of its table and conditions, at most 100 rows unless `inner` has a limit.
  Query& inQuery(std::string name, const Query& inner);
  Query& notInQuery(std::string name, const Query& inner);
  /// The value is one of those in the column `key` of the rows that `inner` finds.
  Query& matchesKeyInQuery(std::string name, std::string key, const Query& inner);
  Query& doesNotMatchKeyInQuery(std::string name, std::string key, const Query& inner);
  /// The rows of this table that the relation `key` of `row` holds.
  Query& relatedTo(const Pointer& row, std::string key);
  /// Nearest first, at most that far away.
  Query& nearTo(std::string name, const GeoPoint& place, double maxDistance = 100, DistanceUnit unit = DistanceUnit::kilometers);
  Query& withinBox(std::string name, const GeoPoint& southWest, const GeoPoint& northEast);
  /// One of the queries' conditions holds. Only conditions count in them; anything else there is `invalidArgument`.
  Query& anyOf(const std::vector<Query>& queries);
  /// All of them hold.
  Query& allOf(const std::vector<Query>& queries);
  /// Conditions in Bmob's own query language, an object, as they are.
  Query& where(const Json& conditions);

  // What comes back.
  /// `order("-score", "name")`: by score, highest first, then by name.
  template <class... Names>
  Query& order(const Names&... columns) {
    return setOrder(list(columns...));
  }
  /// Only these columns, and ids and times.
  template <class... Names>
  Query& select(const Names&... columns) {
    return setKeys(list(columns...));
  }
  /// Rows in the place of pointers: `include("own", "post.author")`, `include("post[likes].author[username|email]")`.
  template <class... Names>
  Query& include(const Names&... pointers) {
    return setInclude(list(pointers...));
  }
  /// Default 100; more than 1000 counts as 1000.
  Query& limit(std::int64_t rows);
  Query& skip(std::int64_t rows);
  /// Count too: `FindResult::count`.
  Query& withCount(bool on = true);

  // Statistics.
  template <class... Names>
  Query& sum(const Names&... columns) {
    return setSum(list(columns...));
  }
  template <class... Names>
  Query& average(const Names&... columns) {
    return setAverage(list(columns...));
  }
  template <class... Names>
  Query& maximum(const Names&... columns) {
    return setMaximum(list(columns...));
  }
  template <class... Names>
  Query& minimum(const Names&... columns) {
    return setMinimum(list(columns...));
  }
  template <class... Names>
  Query& groupBy(const Names&... columns) {
    return setGroupBy(list(columns...));
  }
  Query& groupCount(bool on = true);
  /// A condition on a column of the result: `having("_sumScore", ">", 100)`.
  Query& having(std::string name, std::string_view comparison, Json value);

  // Who asks.
  Query& sessionToken(std::string token);
  Query& useMasterKey(bool on = true);

  // Asking.
  [[nodiscard]] Awaitable<FindResult> find() const;
  /// The first row, if there is any.
  [[nodiscard]] Awaitable<std::optional<Row>> first() const;
  [[nodiscard]] Awaitable<Row> get(const std::string& objectId) const;
  [[nodiscard]] Awaitable<std::int64_t> count() const;
  [[nodiscard]] Awaitable<StatisticsResult> statistics() const;

  // Writing. The conditions do not matter here.
  [[nodiscard]] Awaitable<SaveResult> save(const Changes& changes) const;
  [[nodiscard]] Awaitable<UpdateResult> update(const std::string& objectId, const Changes& changes) const;
  [[nodiscard]] Awaitable<DestroyResult> destroy(const std::string& objectId) const;
  /// The same changes to all of `rows`; one without an id becomes a new row.
  [[nodiscard]] Awaitable<BatchResult> saveAll(const std::vector<Row>& rows, const Changes& changes) const;
  /// New rows.
  [[nodiscard]] Awaitable<BatchResult> saveAll(const std::vector<Changes>& rows) const;
  [[nodiscard]] Awaitable<BatchResult> destroyAll(const std::vector<Row>& rows) const;

  /// The conditions as they go out; empty object: none.
  [[nodiscard]] Json whereJson() const;
  [[nodiscard]] const std::string& className() const { return className_; }

 private:
  template <class... Names>
  static std::string list(const Names&... names) {
    std::string text;
    ((text += (text.empty() ? "" : ","), text += names), ...);
    return text;
  }
  Query& setOrder(std::string columns);
  Query& setKeys(std::string columns);
  Query& setInclude(std::string pointers);
  Query& setSum(std::string columns);
  Query& setAverage(std::string columns);
  Query& setMaximum(std::string columns);
  Query& setMinimum(std::string columns);
  Query& setGroupBy(std::string columns);
  Query& add(const std::string& name, Json condition);
  Query& compare(const std::string& name, std::string_view op, Json value);
  Query& group(const char* op, const std::vector<Query>& queries);
  [[nodiscard]] Fields innerQuery() const;
  [[nodiscard]] bool onlyConditions() const;
  [[nodiscard]] FindRequest findRequest() const;
  [[nodiscard]] BatchRequest batchRequest() const;

  Rows rows_;
  std::string className_;
  Json::Array conditions_{};
  Fields places_{};
  Json::Array any_{};
  Json::Array all_{};
  FindRequest options_{};
  StatisticsRequest statistics_{};
};

}  // namespace openapi::bmob
