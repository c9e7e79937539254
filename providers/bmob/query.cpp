#include <openapi/bmob/query.hpp>

#include <bmob/names.hpp>
#include <check.hpp>
#include <marshal/json_struct.hpp>

#include <array>
#include <cmath>

namespace openapi::bmob {

namespace {

/// Times of the platform's own go out as dates.
Json comparedValue(const std::string& name, Json value) {
  const bool isTime = name == "createdAt" || name == "updatedAt";
  if (!isTime || value.string() == nullptr) return value;
  return Fields{{"__type", "Date"}, {"iso", std::move(value)}};
}

/// `$gt` for `>`; empty for `==`.
std::string_view operatorFor(std::string_view comparison) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known{
      {{"==", ""}, {"!=", "$ne"}, {">", "$gt"}, {">=", "$gte"}, {"<", "$lt"}, {"<=", "$lte"}}};
  for (const auto& [sign, op] : known) {
    if (sign == comparison) return op;
  }
  check::invalid("comparison", "there is no operator " + std::string{comparison.substr(0, 20)} + "; use ==, !=, >, >=, < or <=");
}

Json comparison(std::string_view op, Json value) {
  if (op.empty()) return value;
  return Fields{{std::string{op}, std::move(value)}};
}

std::string_view distanceMember(DistanceUnit unit) {
  constexpr std::array<std::string_view, 3> names{"$maxDistanceInKilometers", "$maxDistanceInMiles", "$maxDistanceInRadians"};
  return names.at(static_cast<std::size_t>(unit));
}

/// Adds the members of `more` to `where`; one that is there already must hold as well.
void merge(Fields& where, const Fields& more) {
  Json::Array further;
  for (const auto& [name, value] : more) {
    const auto* there = where.find(name);
    if (there == nullptr) {
      where.append(name, value);
    } else if (name == "$and" && there->array() != nullptr && value.array() != nullptr) {
      auto both = *there->array();
      both.insert(both.end(), value.array()->begin(), value.array()->end());
      where.set("$and", std::move(both));
    } else {
      further.emplace_back(Fields{{name, value}});
    }
  }
  if (!further.empty()) merge(where, Fields{{"$and", std::move(further)}});
}

Awaitable<std::optional<Row>> firstOf(Awaitable<FindResult> search) {
  auto found = co_await std::move(search);
  std::optional<Row> first;
  if (!found.results.empty()) first = std::move(found.results.front());
  co_return first;
}

Awaitable<std::int64_t> numberOf(Awaitable<CountResult> count) {
  const auto counted = co_await std::move(count);
  co_return counted.count;
}

}  // namespace

Query::Query(Rows rows, std::string className) : rows_{std::move(rows)}, className_{std::move(className)} {
  names::className("className", className_);
}

Query& Query::add(const std::string& name, Json condition) {
  names::column("column", name);
  conditions_.emplace_back(Fields{{name, std::move(condition)}});
  return *this;
}

Query& Query::compare(const std::string& name, std::string_view op, Json value) {
  return add(name, comparison(op, comparedValue(name, std::move(value))));
}

Query& Query::equalTo(std::string name, Json value) { return compare(name, "", std::move(value)); }
Query& Query::equalTo(std::string name, std::string_view comparison, Json value) {
  return compare(name, operatorFor(comparison), std::move(value));
}
Query& Query::notEqualTo(std::string name, Json value) { return compare(name, "$ne", std::move(value)); }
Query& Query::lessThan(std::string name, Json value) { return compare(name, "$lt", std::move(value)); }
Query& Query::lessThanOrEqualTo(std::string name, Json value) { return compare(name, "$lte", std::move(value)); }
Query& Query::greaterThan(std::string name, Json value) { return compare(name, "$gt", std::move(value)); }
Query& Query::greaterThanOrEqualTo(std::string name, Json value) { return compare(name, "$gte", std::move(value)); }
Query& Query::containedIn(std::string name, Json::Array values) { return add(name, comparison("$in", std::move(values))); }
Query& Query::notContainedIn(std::string name, Json::Array values) { return add(name, comparison("$nin", std::move(values))); }
Query& Query::containsAll(std::string name, Json::Array values) { return add(name, comparison("$all", std::move(values))); }
Query& Query::exists(std::string name) { return add(name, comparison("$exists", true)); }
Query& Query::doesNotExist(std::string name) { return add(name, comparison("$exists", false)); }

Query& Query::matches(std::string name, std::string expression, std::string options) {
  check::text("expression", expression, 4096);
  if (options.find_first_not_of("imxs") != std::string::npos) check::invalid("options", "must be of the letters i, m, x and s");
  Fields condition{{"$regex", std::move(expression)}};
  if (!options.empty()) condition.append("$options", std::move(options));
  return add(name, std::move(condition));
}

bool Query::onlyConditions() const {
  return !options_.limit && !options_.skip && !options_.order && !options_.include && !options_.keys && !options_.count &&
         !statistics_.sum && !statistics_.average && !statistics_.maximum && !statistics_.minimum && !statistics_.groupBy &&
         !statistics_.groupCount && !statistics_.having;
}

Fields Query::innerQuery() const {
  Fields fields{{"where", whereJson()}, {"className", className_}};
  if (options_.limit) fields.append("limit", *options_.limit);
  if (options_.skip) fields.append("skip", *options_.skip);
  if (options_.order) fields.append("order", *options_.order);
  return fields;
}

Query& Query::inQuery(std::string name, const Query& inner) { return add(name, comparison("$inQuery", inner.innerQuery())); }
Query& Query::notInQuery(std::string name, const Query& inner) {
  return add(name, comparison("$notInQuery", inner.innerQuery()));
}

namespace {

Json selection(const char* op, std::string key, const Query& inner) {
  names::column("key", key);
  Fields query{{"className", inner.className()}, {"where", inner.whereJson()}};
  return comparison(op, Fields{{"query", std::move(query)}, {"key", std::move(key)}});
}

}  // namespace

Query& Query::matchesKeyInQuery(std::string name, std::string key, const Query& inner) {
  return add(name, selection("$select", std::move(key), inner));
}

Query& Query::doesNotMatchKeyInQuery(std::string name, std::string key, const Query& inner) {
  return add(name, selection("$dontSelect", std::move(key), inner));
}

Query& Query::relatedTo(const Pointer& row, std::string key) {
  names::column("key", key);
  conditions_.emplace_back(Fields{{"$relatedTo", Fields{{"object", row.json()}, {"key", std::move(key)}}}});
  return *this;
}

Query& Query::nearTo(std::string name, const GeoPoint& place, double maxDistance, DistanceUnit unit) {
  names::column("column", name);
  if (!std::isfinite(maxDistance) || maxDistance <= 0) check::invalid("maxDistance", "must be more than 0");
  places_.set(std::move(name), Fields{{"$nearSphere", place.json()},
                                      {std::string{distanceMember(unit)}, marshal::detail::jsonOfFraction(maxDistance)}});
  return *this;
}

Query& Query::withinBox(std::string name, const GeoPoint& southWest, const GeoPoint& northEast) {
  names::column("column", name);
  Json::Array box{southWest.json(), northEast.json()};
  places_.set(std::move(name), Fields{{"$within", Fields{{"$box", std::move(box)}}}});
  return *this;
}

Query& Query::group(const char* op, const std::vector<Query>& queries) {
  if (queries.empty()) check::invalid("queries", "required");
  Json::Array alternatives;
  for (const auto& query : queries) {
    if (!query.onlyConditions()) check::invalid("queries", "only conditions count in them; set limit, order and so on outside");
    if (query.className_ != className_) check::invalid("queries", "must be of the same table");
    auto where = query.whereJson();
    if (where.object()->empty()) check::invalid("queries", "one of them has no condition");
    alternatives.push_back(std::move(where));
  }
  auto& known = std::string_view{op} == "$or" ? any_ : all_;
  if (known.empty()) {
    known = std::move(alternatives);
  } else {
    conditions_.emplace_back(Fields{{op, std::move(alternatives)}});
  }
  return *this;
}

Query& Query::anyOf(const std::vector<Query>& queries) { return group("$or", queries); }
Query& Query::allOf(const std::vector<Query>& queries) { return group("$and", queries); }

Query& Query::where(const Json& conditions) {
  names::conditions("where", conditions);
  if (!conditions.object()->empty()) conditions_.push_back(conditions);
  return *this;
}

Query& Query::setOrder(std::string columns) {
  names::columns("order", columns);
  options_.order = std::move(columns);
  return *this;
}

Query& Query::setKeys(std::string columns) {
  names::columns("select", columns);
  options_.keys = std::move(columns);
  return *this;
}

Query& Query::setInclude(std::string pointers) {
  names::columns("include", pointers);
  options_.include = std::move(pointers);
  return *this;
}

Query& Query::limit(std::int64_t rows) {
  if (rows < 0) check::invalid("limit", "must not be negative");
  options_.limit = rows;
  return *this;
}

Query& Query::skip(std::int64_t rows) {
  if (rows < 0) check::invalid("skip", "must not be negative");
  options_.skip = rows;
  return *this;
}

Query& Query::withCount(bool on) {
  options_.count.reset();
  if (on) options_.count = true;
  return *this;
}

Query& Query::setSum(std::string columns) {
  names::columns("sum", columns);
  statistics_.sum = std::move(columns);
  return *this;
}

Query& Query::setAverage(std::string columns) {
  names::columns("average", columns);
  statistics_.average = std::move(columns);
  return *this;
}

Query& Query::setMaximum(std::string columns) {
  names::columns("maximum", columns);
  statistics_.maximum = std::move(columns);
  return *this;
}

Query& Query::setMinimum(std::string columns) {
  names::columns("minimum", columns);
  statistics_.minimum = std::move(columns);
  return *this;
}

Query& Query::setGroupBy(std::string columns) {
  names::columns("groupBy", columns);
  statistics_.groupBy = std::move(columns);
  return *this;
}

Query& Query::groupCount(bool on) {
  statistics_.groupCount.reset();
  if (on) statistics_.groupCount = true;
  return *this;
}

Query& Query::having(std::string name, std::string_view sign, Json value) {
  names::resultColumn("column", name);
  auto conditions = statistics_.having ? *statistics_.having->object() : Fields{};
  merge(conditions, Fields{{std::move(name), comparison(operatorFor(sign), std::move(value))}});
  statistics_.having = std::move(conditions);
  return *this;
}

Query& Query::sessionToken(std::string token) {
  options_.sessionToken = std::move(token);
  return *this;
}

Query& Query::useMasterKey(bool on) {
  options_.useMasterKey = on;
  return *this;
}

Json Query::whereJson() const {
  Fields where = places_;
  if (!all_.empty()) merge(where, Fields{{"$and", all_}});
  if (!any_.empty()) merge(where, Fields{{"$or", any_}});
  if (conditions_.size() == 1) merge(where, *conditions_.front().object());
  if (conditions_.size() > 1) merge(where, Fields{{"$and", conditions_}});
  return where;
}

FindRequest Query::findRequest() const {
  FindRequest request = options_;
  request.className = className_;
  request.where = whereJson();
  return request;
}

Awaitable<FindResult> Query::find() const { return rows_.find(findRequest()); }

Awaitable<std::optional<Row>> Query::first() const {
  FindRequest request = findRequest();
  request.limit = 1;
  return firstOf(rows_.find(request));
}

Awaitable<Row> Query::get(const std::string& objectId) const {
  GetRequest request{options_.sessionToken, options_.useMasterKey, className_, objectId, options_.include};
  return rows_.get(request);
}

Awaitable<std::int64_t> Query::count() const {
  CountRequest request{options_.sessionToken, options_.useMasterKey, className_, whereJson()};
  return numberOf(rows_.count(request));
}

Awaitable<StatisticsResult> Query::statistics() const {
  StatisticsRequest request = statistics_;
  request.sessionToken = options_.sessionToken;
  request.useMasterKey = options_.useMasterKey;
  request.className = className_;
  request.where = whereJson();
  request.order = options_.order;
  request.limit = options_.limit;
  request.skip = options_.skip;
  return rows_.statistics(request);
}

Awaitable<SaveResult> Query::save(const Changes& changes) const {
  SaveRequest request{options_.sessionToken, options_.useMasterKey, className_, changes.fields()};
  return rows_.save(request);
}

Awaitable<UpdateResult> Query::update(const std::string& objectId, const Changes& changes) const {
  UpdateRequest request{options_.sessionToken, options_.useMasterKey, className_, objectId, changes.fields()};
  return rows_.update(request);
}

Awaitable<DestroyResult> Query::destroy(const std::string& objectId) const {
  DestroyRequest request{options_.sessionToken, options_.useMasterKey, className_, objectId};
  return rows_.destroy(request);
}

BatchRequest Query::batchRequest() const {
  BatchRequest request;
  request.sessionToken = options_.sessionToken;
  request.useMasterKey = options_.useMasterKey;
  return request;
}

Awaitable<BatchResult> Query::saveAll(const std::vector<Row>& rows, const Changes& changes) const {
  auto request = batchRequest();
  for (const auto& row : rows) {
    BatchItem item{row.objectId.empty() ? "POST" : "PUT", className_, std::nullopt, changes.fields(), std::nullopt};
    if (!row.objectId.empty()) item.objectId = row.objectId;
    request.requests.push_back(std::move(item));
  }
  return rows_.batch(request);
}

Awaitable<BatchResult> Query::saveAll(const std::vector<Changes>& rows) const {
  auto request = batchRequest();
  for (const auto& changes : rows) {
    request.requests.push_back({"POST", className_, std::nullopt, changes.fields(), std::nullopt});
  }
  return rows_.batch(request);
}

Awaitable<BatchResult> Query::destroyAll(const std::vector<Row>& rows) const {
  auto request = batchRequest();
  for (const auto& row : rows) {
    request.requests.push_back({"DELETE", className_, row.objectId, std::nullopt, std::nullopt});
  }
  return rows_.batch(request);
}

}  // namespace openapi::bmob
