#include <bmob/rows.hpp>

#include <bmob/names.hpp>
#include <check.hpp>

#include <algorithm>

namespace openapi::bmob {

namespace {

constexpr const char* classesPath = "classes";

std::string rowPath(const std::string& className, const std::string& objectId) {
  names::className("className", className);
  names::objectId("objectId", objectId);
  return pathOf({"1", classesPath, className, objectId});
}

std::string tablePath(const std::string& className) {
  names::className("className", className);
  return pathOf({"1", classesPath, className});
}

void addText(codec::FormFields& query, const char* name, const std::optional<std::string>& value) {
  if (value) query.emplace_back(name, *value);
}

void addNumber(codec::FormFields& query, const char* name, std::optional<std::int64_t> value) {
  if (value) query.emplace_back(name, std::to_string(*value));
}

void addWhere(codec::FormFields& query, const char* name, const std::optional<Json>& value) {
  names::conditions(name, value);
  if (value && !value->object()->empty()) query.emplace_back(name, value->json());
}

/// What goes out for a limit: the platform takes at most 1000.
std::int64_t limitOf(std::optional<std::int64_t> limit) { return (std::min)(limit.value_or(defaultLimit), maxLimit); }

void checkSkip(std::optional<std::int64_t> skip) {
  if (skip && *skip < 0) check::invalid("skip", "must not be negative");
}

/// 0 is not sent, as the SDK does it.
std::optional<std::int64_t> some(std::optional<std::int64_t> value) { return value && *value == 0 ? std::nullopt : value; }

const Json::Array& resultsIn(const Json& json) {
  if (const auto* bare = json.array()) return *bare;
  const auto* results = json.find("results");
  if (results == nullptr) failMissing("results");
  if (results->array() == nullptr)
    throw Error{Errc::badResponse, "results: expected an array, got " + std::string{results->kind()}};
  return *results->array();
}

// A batch.

std::string itemField(std::size_t at, std::string_view member) {
  return "requests[" + std::to_string(at) + "]." + std::string{member};
}

std::string itemPath(const BatchItem& item, std::size_t at) {
  names::className(itemField(at, "className"), item.className);
  if (item.method == "POST") {
    if (item.objectId) check::invalid(itemField(at, "objectId"), "a new row gets its id from the platform");
    return pathOf({"1", classesPath, item.className});
  }
  names::objectId(itemField(at, "objectId"), item.objectId.value_or(""));
  return pathOf({"1", classesPath, item.className, *item.objectId});
}

Json itemJson(const BatchItem& item, std::size_t at) {
  check::oneOf(itemField(at, "method"), item.method, "POST PUT DELETE");
  Fields fields{{"method", item.method}, {"path", itemPath(item, at)}};
  names::sessionToken(item.sessionToken);
  if (item.sessionToken && !item.sessionToken->empty()) fields.append("token", *item.sessionToken);
  if (item.method == "DELETE") {
    if (item.data) check::invalid(itemField(at, "data"), "goes with POST and PUT only");
    return fields;
  }
  const Fields data = item.data.value_or(Fields{});
  names::data(itemField(at, "data"), data);
  if (data.empty()) check::invalid(itemField(at, "data"), "required: the columns to write");
  fields.append("body", data);
  return fields;
}

std::optional<std::string> textIn(const Json& json, std::string_view name) {
  const auto* value = json.find(name);
  if (value == nullptr || value->isNull()) return std::nullopt;
  if (const auto* text = value->string()) return *text;
  return value->json();
}

BatchItemResult itemIn(const Json& json, std::size_t at) {
  BatchItemResult result;
  const auto* success = json.find("success");
  const auto* error = json.find("error");
  const bool fits = (success != nullptr && success->object() != nullptr) != (error != nullptr && error->object() != nullptr);
  if (!fits) throw Error{Errc::badResponse, "[" + std::to_string(at) + "]: expected either success or error"};
  if (error != nullptr && error->object() != nullptr) {
    result.state = "rejected";
    result.errCode = textIn(*error, "code");
    result.errMsg = textIn(*error, "error");
    return result;
  }
  result.state = "succeeded";
  result.objectId = textIn(*success, "objectId");
  result.createdAt = textIn(*success, "createdAt");
  result.updatedAt = textIn(*success, "updatedAt");
  return result;
}

}  // namespace

codec::FormFields findQuery(const FindRequest& request, std::optional<std::int64_t> limit) {
  checkSkip(request.skip);
  names::columns("include", request.include);
  names::columns("order", request.order);
  names::columns("keys", request.keys);
  codec::FormFields query;
  addWhere(query, "where", request.where);
  addNumber(query, "limit", limit);
  addNumber(query, "skip", some(request.skip));
  addText(query, "include", request.include);
  addText(query, "order", request.order);
  addText(query, "keys", request.keys);
  if (request.count.value_or(false)) query.emplace_back("count", "1");
  return query;
}

Call findCall(const FindRequest& request) {
  const auto limit = limitOf(request.limit);
  if (limit < 0) check::invalid("limit", "must not be negative");
  if (limit == 0 && !request.count.value_or(false)) check::invalid("limit", "0 goes with count only");
  Call call;
  call.path = tablePath(request.className);
  call.query = findQuery(request, limit);
  return call;
}

Call getCall(const GetRequest& request) {
  Call call;
  call.path = rowPath(request.className, request.objectId);
  names::columns("include", request.include);
  addText(call.query, "include", request.include);
  return call;
}

Call saveCall(const SaveRequest& request) {
  auto path = tablePath(request.className);
  names::data("data", request.data);
  if (request.data.empty()) check::invalid("data", "required: the columns of the new row, such as {\"score\":1}");
  return jsonCall(std::move(path), request.data);
}

Call updateCall(const UpdateRequest& request) {
  names::data("data", request.data);
  if (request.data.empty()) check::invalid("data", "required: nothing is to be changed");
  return jsonCall(rowPath(request.className, request.objectId), request.data);
}

Call unsetCall(const UnsetRequest& request) {
  if (request.columns.empty()) check::invalid("columns", "required");
  Changes changes;
  for (const auto& column : request.columns) changes.unset(column);
  return jsonCall(rowPath(request.className, request.objectId), changes.fields());
}

Call destroyCall(const DestroyRequest& request) {
  Call call;
  call.path = rowPath(request.className, request.objectId);
  return call;
}

Call countCall(const CountRequest& request) {
  Call call;
  call.path = tablePath(request.className);
  addWhere(call.query, "where", request.where);
  call.query.emplace_back("count", "1");
  call.query.emplace_back("limit", "0");
  return call;
}

Call statisticsCall(const StatisticsRequest& request) {
  const bool any = request.sum || request.average || request.maximum || request.minimum || request.groupBy || request.groupCount;
  if (!any) check::invalid("sum", "required, or average, maximum, minimum, groupBy or groupCount");
  const auto limit = limitOf(request.limit);
  if (limit < 1) check::invalid("limit", "must be at least 1");
  checkSkip(request.skip);
  Call call;
  call.path = tablePath(request.className);
  addWhere(call.query, "where", request.where);
  addNumber(call.query, "limit", limit);
  addNumber(call.query, "skip", some(request.skip));
  names::columns("order", request.order);
  addText(call.query, "order", request.order);
  const auto columns = [&](const char* field, const char* name, const std::optional<std::string>& value) {
    names::columns(field, value);
    addText(call.query, name, value);
  };
  columns("sum", "sum", request.sum);
  columns("average", "average", request.average);
  columns("maximum", "max", request.maximum);
  columns("minimum", "min", request.minimum);
  columns("groupBy", "groupby", request.groupBy);
  if (request.groupCount.value_or(false)) call.query.emplace_back("groupcount", "true");
  addWhere(call.query, "having", request.having);
  return call;
}

Call batchCall(const BatchRequest& request, std::size_t begin) {
  const auto end = (std::min)(request.requests.size(), begin + maxBatch);
  Json::Array items;
  for (auto at = begin; at < end; ++at) items.push_back(itemJson(request.requests[at], at));
  auto call = jsonCall(pathOf({"1", "batch"}), Fields{{"requests", std::move(items)}});
  for (auto at = begin; at < end; ++at) call.secrets.push_back(request.requests[at].sessionToken.value_or(""));
  return call;
}

FindResult foundIn(const Json& json) {
  if (json.object() != nullptr) {
    static_cast<void>(resultsIn(json));
    return resultOf<FindResult>(json);
  }
  return resultOf<FindResult>(Json{Fields{{"results", json}}});
}

Row rowIn(const Json& json) {
  const auto* results = json.find("results");
  const bool listed =
      results != nullptr && results->array() != nullptr && results->array()->size() == 1 && json.find("objectId") == nullptr;
  auto row = resultOf<Row>(listed ? results->array()->front() : json);
  requirePresent("objectId", row.objectId);
  return row;
}

SaveResult savedIn(const Json& json) {
  auto saved = resultOf<SaveResult>(json);
  requirePresent("objectId", saved.objectId);
  return saved;
}

UpdateResult updatedIn(const Json& json) { return resultOf<UpdateResult>(json); }

CountResult countIn(const Json& json) {
  const auto* count = json.find("count");
  if (count == nullptr) failMissing("count");
  CountResult result{marshal::valueFromJson<Style, std::int64_t>(*count, {nullptr, "count"})};
  if (result.count < 0) throw Error{Errc::badResponse, "count: negative"};
  return result;
}

StatisticsResult statisticsIn(const Json& json) {
  StatisticsResult result;
  result.results = resultsIn(json);
  if (json.object() == nullptr) return result;
  result.extra = *json.object();
  result.extra.erase("results");
  return result;
}

std::vector<BatchItemResult> batchIn(const Json& json, std::size_t count) {
  const auto* items = json.array();
  if (items == nullptr) throw Error{Errc::badResponse, "expected an array, got " + std::string{json.kind()}};
  if (items->size() != count) {
    throw Error{Errc::badResponse, "expected " + std::to_string(count) + " results, got " + std::to_string(items->size())};
  }
  std::vector<BatchItemResult> results;
  results.reserve(count);
  for (std::size_t at = 0; at < count; ++at) results.push_back(itemIn((*items)[at], at));
  return results;
}

}  // namespace openapi::bmob
