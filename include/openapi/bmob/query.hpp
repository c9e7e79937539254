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
/// does not exist, and send nothing. A query is a value: copy it, and ask as often as you like; one object is for one thread
/// at a time.
/// Values for `createdAt` and `updatedAt` may be texts (`2018-04-01 00:00:00`, GMT+8); they go out as dates. The platform
/// compares them to fractions of a second that it does not show: add a second to an upper limit.
class Query {
 public:
  /// To the table `className`, through `rows`. `Bmob::query` makes one.
  Query(Rows rows, std::string className);

  // Conditions. `name` is a column, or `outer.inner` in an object.
  /// The column holds `value`.
  Query& equalTo(std::string name, Json value);
  /// The documents' form: `==`, `!=`, `>`, `>=`, `<`, `<=`.
  Query& equalTo(std::string name, std::string_view comparison, Json value);
  /// It holds something else.
  Query& notEqualTo(std::string name, Json value);
  // Numbers, texts and dates are compared with values of their own type.
  Query& lessThan(std::string name, Json value);
  Query& lessThanOrEqualTo(std::string name, Json value);
  Query& greaterThan(std::string name, Json value);
  Query& greaterThanOrEqualTo(std::string name, Json value);
  /// The column holds one of `values`.
  Query& containedIn(std::string name, Json::Array values);
  /// It holds none of them.
  Query& notContainedIn(std::string name, Json::Array values);
  /// Of a list: it holds all of `values`.
  Query& containsAll(std::string name, Json::Array values);
  /// The column has a value.
  Query& exists(std::string name);
  /// It has none.
  Query& doesNotExist(std::string name);
  /// A regular expression (PCRE), found anywhere in the text. `options`: `i`, `m`, `x`, `s`. The platform sells this apart.
  Query& matches(std::string name, std::string expression, std::string options = {});
  /// A pointer to a row that `inner` finds; of its table and conditions, at most 100 rows unless `inner` has a limit.
  Query& inQuery(std::string name, const Query& inner);
  /// Not such a pointer.
  Query& notInQuery(std::string name, const Query& inner);
  /// The value is one of those in the column `key` of the rows that `inner` finds.
  Query& matchesKeyInQuery(std::string name, std::string key, const Query& inner);
  /// The value is none of those.
  Query& doesNotMatchKeyInQuery(std::string name, std::string key, const Query& inner);
  /// The rows of this table that the relation `key` of `row` holds.
  Query& relatedTo(const Pointer& row, std::string key);
  /// Nearest first, at most that far away.
  Query& nearTo(std::string name, const GeoPoint& place, double maxDistance = 100, DistanceUnit unit = DistanceUnit::kilometers);
  /// The place lies between these two corners, in degrees.
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
  /// Leaves out the first `rows`.
  Query& skip(std::int64_t rows);
  /// Count too: `FindResult::count`.
  Query& withCount(bool on = true);

  // Statistics: the result has a column `_sumScore` for the sum of `score`, and so on.
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
  /// One row of the result for each combination of values of these columns.
  template <class... Names>
  Query& groupBy(const Names&... columns) {
    return setGroupBy(list(columns...));
  }
  /// How many rows each group has: `_count`.
  Query& groupCount(bool on = true);
  /// A condition on a column of the result: `having("_sumScore", ">", 100)`.
  Query& having(std::string name, std::string_view comparison, Json value);

  // Who asks.
  /// The user of this token, whatever the configuration says; an empty text: nobody.
  Query& sessionToken(std::string token);
  /// Needs the configuration's master key, which may do everything.
  Query& useMasterKey(bool on = true);

  // Asking. Errors and cancellation are those of `Rows`; the query is copied, so it may go before the answer comes.
  /// The rows that the conditions hold for; none is a result, not an error.
  [[nodiscard]] Awaitable<FindResult> find() const;
  /// The first row, if there is any.
  [[nodiscard]] Awaitable<std::optional<Row>> first() const;
  /// One row, whatever the conditions. `rejected` with `101` when there is none.
  [[nodiscard]] Awaitable<Row> get(const std::string& objectId) const;
  /// How many rows there are, whatever the limit.
  [[nodiscard]] Awaitable<std::int64_t> count() const;
  /// What `sum`, `average`, `maximum`, `minimum`, `groupBy` and `having` ask for.
  [[nodiscard]] Awaitable<StatisticsResult> statistics() const;

  // Writing. The conditions do not matter here. A write is never repeated by the library.
  /// A new row.
  [[nodiscard]] Awaitable<SaveResult> save(const Changes& changes) const;
  /// Changes one row; columns that `changes` does not name stay as they are.
  [[nodiscard]] Awaitable<UpdateResult> update(const std::string& objectId, const Changes& changes) const;
  /// Removes one row for good.
  [[nodiscard]] Awaitable<DestroyResult> destroy(const std::string& objectId) const;
  /// The same changes to all of `rows`; one without an id becomes a new row.
  [[nodiscard]] Awaitable<BatchResult> saveAll(const std::vector<Row>& rows, const Changes& changes) const;
  /// New rows.
  [[nodiscard]] Awaitable<BatchResult> saveAll(const std::vector<Changes>& rows) const;
  /// Removes all of `rows`, which need their ids.
  [[nodiscard]] Awaitable<BatchResult> destroyAll(const std::vector<Row>& rows) const;

  /// The conditions as they go out; empty object: none.
  [[nodiscard]] Json whereJson() const;
  /// The table.
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
