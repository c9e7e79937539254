#include <gateways/bmob/where.hpp>

#include <gateways/bmob/names.hpp>
#include <gateways/bmob/operand.hpp>
#include <gateways/bmob/request.hpp>
#include <gateways/bmob/sql_functions.hpp>
#include <gateways/bmob/values.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxTerms = 500;
constexpr std::size_t maxDepth = 16;
constexpr std::size_t maxRegexes = 16;
constexpr std::size_t maxRegexBytes = 1000;
constexpr std::int64_t maxRegexSize = 2000;
constexpr double earthKilometers = 6371.0;
constexpr double earthMiles = 3958.8;
constexpr double defaultKilometers = 100;

/// Goes one level down and comes up again.
class Level {
 public:
  explicit Level(std::size_t& depth) : depth_{depth} {
    if (++depth_ > maxDepth) throw Refused{107, "the query has more than " + std::to_string(maxDepth) + " levels."};
  }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  ~Level() { --depth_; }

 private:
  std::size_t& depth_;
};

bool isOperator(std::string_view name) { return name.starts_with('$'); }

bool hasOperators(const Json& value) {
  const auto* members = value.object();
  return members != nullptr &&
         std::any_of(members->begin(), members->end(), [](const Field& item) { return isOperator(item.name); });
}

const Json::Array& listIn(const std::string& name, const Json& value) {
  if (value.array() == nullptr) throw invalidValue(name);
  return *value.array();
}

std::string_view comparisonOf(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> all{
      {{"$lt", "<"}, {"$lte", "<="}, {"$gt", ">"}, {"$gte", ">="}}};
  const auto* found = std::find_if(all.begin(), all.end(), [&](const auto& item) { return item.first == name; });
  return found == all.end() ? std::string_view{} : found->second;
}

/// The expression with its `$options` in front, as RE2 has them.
std::string patternOf(const Json& value, const Json& siblings) {
  const auto* text = value.string();
  const auto* options = siblings.find("$options");
  if (text == nullptr || (options != nullptr && options->string() == nullptr)) throw invalidValue("$regex");
  std::string pattern = *text;
  if (options != nullptr && !options->string()->empty()) {
    if (options->string()->find_first_not_of("ims") != std::string::npos) throw invalidValue("$options");
    pattern = "(?" + *options->string() + ")" + pattern;
  }
  if (pattern.size() > maxRegexBytes) throw Refused{107, "$regex is longer than " + std::to_string(maxRegexBytes) + " bytes."};
  const auto size = regexSize(pattern);
  if (!size) throw invalidValue("$regex");
  if (*size > maxRegexSize) throw Refused{107, "$regex is too complicated: use smaller repetitions and classes."};
  return pattern;
}

bool flagIn(const std::string& name, const Json& value) {
  if (const auto* flag = value.boolean()) return *flag;
  if (const auto* number = value.integer(); number != nullptr && (*number == 0 || *number == 1)) return *number == 1;
  throw invalidValue(name);
}

/// The radius beside a `$nearSphere`, as an angle.
double radiusIn(const Json& siblings) {
  static constexpr std::array<std::pair<std::string_view, double>, 3> units{
      {{"$maxDistanceInMiles", earthMiles}, {"$maxDistanceInKilometers", earthKilometers}, {"$maxDistanceInRadians", 1.0}}};
  for (const auto& [name, unit] : units) {
    const auto* value = siblings.find(name);
    if (value == nullptr) continue;
    const auto radius = realIn(*value);
    if (!radius || !(*radius >= 0)) throw invalidValue(name);
    return *radius / unit;
  }
  return defaultKilometers / earthKilometers;
}

bool isQualifier(std::string_view name) { return name == "$options" || name.starts_with("$maxDistanceIn"); }

std::int64_t limitIn(const Json& query) {
  const auto* limit = query.find("limit");
  if (limit == nullptr) return defaultLimit;
  if (limit->integer() == nullptr || *limit->integer() < 0) throw invalidValue("limit");
  return std::min(*limit->integer(), maxLimit);
}

}  // namespace

Json readWhere(std::string_view text) {
  if (text.size() > maxWhereBytes) throw Refused{402, "query where larger than " + std::to_string(maxWhereBytes) + " bytes."};
  if (text.empty()) return Fields{};
  return readObject(text);
}

Sql Where::condition(const Table& table, const std::string& alias, const Json& where) {
  std::vector<Sql> terms{all({table, alias}, where)};
  Sql readable;
  readable.text = rights_.readableSql(alias, readable.values);
  if (!readable.text.empty()) terms.push_back(std::move(readable));
  return joined(terms, " AND ", "1");
}

void Where::count() {
  if (++terms_ > maxTerms) throw Refused{107, "the query has more than " + std::to_string(maxTerms) + " conditions."};
}

void Where::wantIndex(const Scope& scope, const std::string& key) { context_.catalog.wantIndex(scope.table, key); }

Sql Where::all(const Scope& scope, const Json& where) {
  if (where.object() == nullptr) throw invalidJson(where.json());
  const Level level{depth_};
  std::vector<Sql> terms;
  for (const auto& [key, value] : *where.object()) terms.push_back(member(scope, key, value));
  return joined(terms, " AND ", "1");
}

Sql Where::member(const Scope& scope, const std::string& key, const Json& value) {
  count();
  if (key == "$or") return each(scope, key, value, " OR ");
  if (key == "$and") return each(scope, key, value, " AND ");
  if (key == "$relatedTo") return relatedTo(scope, value);
  if (isOperator(key)) throw invalidKey(key);
  return hasOperators(value) ? operators(scope, key, value) : equal(scope, key, value);
}

Sql Where::each(const Scope& scope, const std::string& key, const Json& list, std::string_view between) {
  std::vector<Sql> terms;
  for (const auto& item : listIn(key, list)) {
    count();
    terms.push_back(all(scope, item));
  }
  // An empty `$and`, which old SDKs send, is true.
  if (terms.empty() && key == "$or") throw invalidValue(key);
  return joined(terms, between, "1");
}

Sql Where::operators(const Scope& scope, const std::string& key, const Json& value) {
  std::vector<Sql> terms;
  for (const auto& [name, operand] : *value.object()) {
    count();
    if (!isOperator(name)) throw invalidKey(name);
    if (!isQualifier(name)) terms.push_back(operation(scope, key, name, operand, value));
  }
  if (terms.empty()) throw invalidValue(key);
  return joined(terms, " AND ", "1");
}

Sql Where::operation(const Scope& scope, const std::string& key, const std::string& name, const Json& value,
                     const Json& siblings) {
  if (name == "$inQuery") return inQuery(scope, key, value);
  if (name == "$notInQuery") return negated(inQuery(scope, key, value));
  if (name == "$select") return selected(scope, key, value);
  if (name == "$dontSelect") return negated(selected(scope, key, value));
  if (name == "$nearSphere") return near(scope, key, value, siblings);
  if (name == "$within") return within(scope, key, value);
  const auto operand = operandOf(scope.table, scope.alias, key, rights_.isMaster());
  if (const auto comparison = comparisonOf(name); !comparison.empty()) {
    wantIndex(scope, key);
    return compares(operand, comparison, value);
  }
  if (name == "$ne") return negated(equal(scope, key, value));
  if (name == "$in") {
    wantIndex(scope, key);
    return isOneOf(operand, listIn(name, value));
  }
  if (name == "$nin") return negated(isOneOf(operand, listIn(name, value)));
  if (name == "$exists") return flagIn(name, value) ? exists(operand) : negated(exists(operand));
  if (name == "$regex") {
    if (!context_.settings.isOn("regex")) throw invalidKey(name);
    if (++regexes_ > maxRegexes) throw Refused{107, "the query has more than " + std::to_string(maxRegexes) + " $regex."};
    return fits(operand, patternOf(value, siblings));
  }
  if (name == "$all") {
    std::vector<Sql> terms;
    for (const auto& item : listIn(name, value)) {
      count();
      terms.push_back(equal(scope, key, item));
    }
    return joined(terms, " AND ", "0");
  }
  throw invalidKey(name);
}

Sql Where::equal(const Scope& scope, const std::string& key, const Json& value) {
  const auto operand = operandOf(scope.table, scope.alias, key, rights_.isMaster());
  if (operand.is(Type::relation) && typeTag(value) == "Pointer")
    return inRelation(scope, key, Sql{}.add("(").bind(pointerIn(key, value).objectId).add(")"));
  wantIndex(scope, key);
  return equals(operand, value);
}

/// The row's relation `key` has one of `targets`, a list or a query in brackets.
Sql Where::inRelation(const Scope& scope, const std::string& key, const Sql& targets) const {
  return Sql{}
      .add("EXISTS(SELECT 1 FROM bmob_relations r WHERE r.class = ")
      .bind(scope.table.id)
      .add(" AND r.object = " + scope.alias + "id AND r.name = ")
      .bind(key)
      .add(" AND r.target IN ")
      .add(targets)
      .add(")");
}

Sql Where::subquery(const Json& query, const std::string& key) {
  const auto* className = query.find("className");
  if (className == nullptr || className->string() == nullptr) throw invalidValue("className");
  if (!isClassName(*className->string())) throw invalidClass(*className->string());
  const auto* table = context_.catalog.find(*className->string());
  if (table == nullptr) return {"(SELECT NULL WHERE 0)", {}};
  const Level level{depth_};
  const auto alias = "s" + std::to_string(++aliases_) + ".";
  const auto operand = operandOf(*table, alias, key, rights_.isMaster());
  if (operand.kind == Operand::Kind::absent) return {"(SELECT NULL WHERE 0)", {}};
  const auto* where = query.find("where");
  const auto found = condition(*table, alias, where == nullptr ? Json{Fields{}} : *where);
  const auto value = operand.sql + " FROM " + table->sqlName() + " " + alias.substr(0, alias.size() - 1);
  const auto isThere = " AND " + operand.sql + " IS NOT NULL";
  return Sql{}
      .add("(SELECT " + value + " WHERE ")
      .add(counted(alias, found, value + isThere))
      .add(isThere + " ORDER BY " + alias + "seq LIMIT ")
      .bind(limitIn(query))
      .add(")");
}

Sql Where::selected(const Scope& scope, const std::string& key, const Json& value) {
  const auto* query = value.find("query");
  const auto* inner = value.find("key");
  if (query == nullptr || query->object() == nullptr || inner == nullptr || inner->string() == nullptr)
    throw invalidValue("$select");
  const auto operand = operandOf(scope.table, scope.alias, key, rights_.isMaster());
  const auto values = subquery(*query, *inner->string());
  if (operand.kind == Operand::Kind::absent) return never();
  return Sql{}.add(operand.sql + " IN ").add(values);
}

Sql Where::inQuery(const Scope& scope, const std::string& key, const Json& value) {
  if (value.object() == nullptr) throw invalidValue("$inQuery");
  const auto operand = operandOf(scope.table, scope.alias, key, rights_.isMaster());
  const auto ids = subquery(value, "objectId");
  const bool isSameClass = operand.column.target == *value.find("className")->string();
  if (!isSameClass) return never();
  if (operand.is(Type::relation)) return inRelation(scope, key, ids);
  return Sql{}.add(operand.sql + " IN ").add(ids);
}

Sql Where::relatedTo(const Scope& scope, const Json& value) {
  const auto* object = value.find("object");
  const auto* key = value.find("key");
  if (object == nullptr || key == nullptr || key->string() == nullptr || !isName(*key->string()))
    throw invalidValue("$relatedTo");
  const auto owner = pointerIn("$relatedTo", *object);
  const auto* table = context_.catalog.find(owner.className);
  const auto* column = table == nullptr ? nullptr : table->find(*key->string());
  if (column == nullptr || column->type != Type::relation || column->target != scope.table.name) return never();
  const auto alias = "s" + std::to_string(++aliases_) + ".";
  return Sql{}
      .add("(" + scope.alias + "id IN (SELECT target FROM bmob_relations WHERE class = ")
      .bind(table->id)
      .add(" AND object = ")
      .bind(owner.objectId)
      .add(" AND name = ")
      .bind(*key->string())
      .add(") AND EXISTS(SELECT 1 FROM " + table->sqlName() + " " + alias.substr(0, alias.size() - 1) + " WHERE " + alias +
           "id = ")
      .bind(owner.objectId)
      .add(" AND ")
      .add(condition(*table, alias, Fields{}))
      .add("))");
}

Sql Where::near(const Scope& scope, const std::string& key, const Json& value, const Json& siblings) {
  const auto point = pointIn(key, value);
  const auto radius = radiusIn(siblings);
  const auto operand = operandOf(scope.table, scope.alias, key, rights_.isMaster());
  if (!operand.is(Type::geo)) return never();
  const auto path = "json_extract(" + scope.alias + "data,'$." + key;
  const auto distance = Sql{}
                            .add("bmob_distance(" + path + ".latitude')," + path + ".longitude'),")
                            .bind(point.latitude)
                            .add(",")
                            .bind(point.longitude)
                            .add(")");
  if (depth_ == 1) nearest_ = distance;
  return Sql{}.add(distance).add(" <= ").bind(radius);
}

Sql Where::within(const Scope& scope, const std::string& key, const Json& value) const {
  const auto* box = value.find("$box");
  if (box == nullptr || listIn("$within", *box).size() != 2) throw invalidValue("$within");
  const auto southWest = pointIn(key, box->array()->at(0));
  const auto northEast = pointIn(key, box->array()->at(1));
  const auto operand = operandOf(scope.table, scope.alias, key, rights_.isMaster());
  if (!operand.is(Type::geo)) return never();
  const auto path = "json_extract(" + scope.alias + "data,'$." + key;
  // A box may reach over the date line.
  const std::string_view between = southWest.longitude <= northEast.longitude ? " AND " : " OR ";
  return Sql{}
      .add("(" + path + ".latitude') BETWEEN ")
      .bind(southWest.latitude)
      .add(" AND ")
      .bind(northEast.latitude)
      .add(" AND (" + path + ".longitude') >= ")
      .bind(southWest.longitude)
      .add(between)
      .add(path + ".longitude') <= ")
      .bind(northEast.longitude)
      .add("))");
}

}  // namespace openapi::gateway::bmob
