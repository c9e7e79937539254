#pragma once

#include <openapi/bmob/service.hpp>

namespace openapi::bmob {

/// One row of a table.
struct Row {
  using KeepsNames = void;
  std::string objectId{};
  std::optional<std::string> createdAt{};  ///< `YYYY-MM-DD HH:mm:ss`, GMT+8: see `timeOf`
  std::optional<std::string> updatedAt{};  ///< as `createdAt`
  Fields extra{};                          ///< every other column, as it is spelt

  /// The value of another column, or null.
  [[nodiscard]] const Json* find(std::string_view column) const { return extra.find(column); }
};
BOOST_DESCRIBE_STRUCT(Row, (), (objectId, createdAt, updatedAt, extra))

struct FindRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};               ///< the table: letters, digits, `_`
  std::optional<Json> where{};           ///< conditions, an object in Bmob's query language
  std::optional<std::int64_t> limit{};   ///< default 100; more than 1000 counts as 1000; 0 only with `count`
  std::optional<std::int64_t> skip{};    ///< rows to leave out before the first
  std::optional<std::string> order{};    ///< columns with commas between them; `-` in front: descending
  std::optional<std::string> include{};  ///< pointers to follow: `own,post.author`, `post[likes].author[username|email]`
  std::optional<std::string> keys{};     ///< columns to give; ids and times come always
  std::optional<bool> count{};           ///< count too, whatever `limit` and `skip` are
};
BOOST_DESCRIBE_STRUCT(FindRequest, (), (sessionToken, useMasterKey, className, where, limit, skip, order, include, keys, count))

struct FindResult {
  using KeepsNames = void;
  std::vector<Row> results{};
  std::optional<std::int64_t> count{};  ///< when it was asked for
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(FindResult, (), (results, count, extra))

struct GetRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  std::string objectId{};
  std::optional<std::string> include{};
};
BOOST_DESCRIBE_STRUCT(GetRequest, (), (sessionToken, useMasterKey, className, objectId, include))
using GetResult = Row;

struct SaveRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  Fields data{};  ///< the columns: see `Changes`
};
BOOST_DESCRIBE_STRUCT(SaveRequest, (), (sessionToken, useMasterKey, className, data))

struct SaveResult {
  using KeepsNames = void;
  std::string objectId{};
  std::optional<std::string> createdAt{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SaveResult, (), (objectId, createdAt, extra))

struct UpdateRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  std::string objectId{};
  Fields data{};  ///< the columns to change: see `Changes`
};
BOOST_DESCRIBE_STRUCT(UpdateRequest, (), (sessionToken, useMasterKey, className, objectId, data))

struct UpdateResult {
  using KeepsNames = void;
  std::optional<std::string> updatedAt{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UpdateResult, (), (updatedAt, extra))

struct UnsetRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  std::string objectId{};
  std::vector<std::string> columns{};  ///< one or more, whose values to remove
};
BOOST_DESCRIBE_STRUCT(UnsetRequest, (), (sessionToken, useMasterKey, className, objectId, columns))
using UnsetResult = UpdateResult;

struct DestroyRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  std::string objectId{};
};
BOOST_DESCRIBE_STRUCT(DestroyRequest, (), (sessionToken, useMasterKey, className, objectId))
using DestroyResult = Done;

struct CountRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  std::optional<Json> where{};
};
BOOST_DESCRIBE_STRUCT(CountRequest, (), (sessionToken, useMasterKey, className, where))

struct CountResult {
  using KeepsNames = void;
  std::int64_t count{};
};
BOOST_DESCRIBE_STRUCT(CountResult, (), (count))

struct StatisticsRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string className{};
  std::optional<Json> where{};
  std::optional<std::string> sum{};      ///< columns of numbers, with commas between them; gives `_sumScore` for `score`
  std::optional<std::string> average{};  ///< gives `_avgScore`
  std::optional<std::string> maximum{};  ///< gives `_maxScore`
  std::optional<std::string> minimum{};  ///< gives `_minScore`
  std::optional<std::string> groupBy{};  ///< columns; a Date column is grouped by its day
  std::optional<bool> groupCount{};      ///< gives `_count`
  std::optional<Json> having{};          ///< conditions on the columns of the result: `{"_sumScore":{"$gt":100}}`
  std::optional<std::string> order{};    ///< as in a find: `-_sumScore`
  std::optional<std::int64_t> limit{};
  std::optional<std::int64_t> skip{};
};
BOOST_DESCRIBE_STRUCT(StatisticsRequest, (),
                      (sessionToken, useMasterKey, className, where, sum, average, maximum, minimum, groupBy, groupCount, having,
                       order, limit, skip))

struct StatisticsResult {
  using KeepsNames = void;
  Json::Array results{};  ///< objects: the groups' columns and `_sumScore`, `_avgScore`, `_maxScore`, `_minScore`, `_count`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(StatisticsResult, (), (results, extra))

/// One write of a batch.
struct BatchItem {
  using KeepsNames = void;
  std::string method{};                       ///< `POST` creates, `PUT` changes, `DELETE` removes
  std::string className{};                    ///< the table
  std::optional<std::string> objectId{};      ///< of the row; not for `POST`
  std::optional<Fields> data{};               ///< the columns; not for `DELETE`
  std::optional<std::string> sessionToken{};  ///< whose write it is, instead of the call's
};
BOOST_DESCRIBE_STRUCT(BatchItem, (), (method, className, objectId, data, sessionToken))

struct BatchRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::vector<BatchItem> requests{};  ///< one or more; they go out in order, 50 to a call, as the platform allows
};
BOOST_DESCRIBE_STRUCT(BatchRequest, (), (sessionToken, useMasterKey, requests))

/// What became of one write.
struct BatchItemResult {
  using KeepsNames = void;
  /// `succeeded`; `rejected` (the platform refused it: `errCode`, `errMsg`); `unknown` (it may have happened: look before you
  /// repeat it); `notSent`.
  std::string state{};
  std::optional<std::string> objectId{};
  std::optional<std::string> createdAt{};
  std::optional<std::string> updatedAt{};
  std::optional<std::string> errCode{};
  std::optional<std::string> errMsg{};

  [[nodiscard]] bool succeeded() const { return state == "succeeded"; }
};
BOOST_DESCRIBE_STRUCT(BatchItemResult, (), (state, objectId, createdAt, updatedAt, errCode, errMsg))

struct BatchResult {
  using KeepsNames = void;
  std::vector<BatchItemResult> results{};    ///< one for each request, in the same order
  std::optional<std::string> failure{};      ///< why a later call of 50 failed as a whole: the error's message
  std::optional<std::string> failureKind{};  ///< and its `Errc`: `timeout`, `rejected` …

  [[nodiscard]] bool allSucceeded() const;
};
BOOST_DESCRIBE_STRUCT(BatchResult, (), (results, failure, failureKind))

/// Rows of tables, by request. `bmob.query("GameScore")` says the same in a line.
class Rows {
 public:
  explicit Rows(SharedServices services) : services_{std::move(services)} {}

  /// The rows that meet all conditions.
  Awaitable<FindResult> find(const FindRequest& request) const;
  /// One row. `101`: there is none.
  Awaitable<GetResult> get(const GetRequest& request) const;
  /// Adds a row. The table is made with the first one.
  Awaitable<SaveResult> save(const SaveRequest& request) const;
  /// Changes columns of a row; the others stay.
  Awaitable<UpdateResult> update(const UpdateRequest& request) const;
  /// Removes the values of columns of a row.
  Awaitable<UnsetResult> unset(const UnsetRequest& request) const;
  /// Removes a row.
  Awaitable<DestroyResult> destroy(const DestroyRequest& request) const;
  /// How many rows meet the conditions.
  Awaitable<CountResult> count(const CountRequest& request) const;
  /// Sums, averages, extremes and groups, computed by the platform.
  Awaitable<StatisticsResult> statistics(const StatisticsRequest& request) const;
  /// Many writes. Not one transaction: each is carried out by itself, in order. Fails as a whole only when nothing is known of
  /// any of them; else each one's result is kept.
  Awaitable<BatchResult> batch(const BatchRequest& request) const;

  OPENAPI_NAMED_REQUEST(find, FindRequest);
  OPENAPI_NAMED_REQUEST(get, GetRequest);
  OPENAPI_NAMED_REQUEST(save, SaveRequest);
  OPENAPI_NAMED_REQUEST(update, UpdateRequest);
  OPENAPI_NAMED_REQUEST(unset, UnsetRequest);
  OPENAPI_NAMED_REQUEST(destroy, DestroyRequest);
  OPENAPI_NAMED_REQUEST(count, CountRequest);
  OPENAPI_NAMED_REQUEST(statistics, StatisticsRequest);
  OPENAPI_NAMED_REQUEST(batch, BatchRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
