#include <cli/bill_merchants.hpp>

#include <openapi/json.hpp>

#include <cli/config.hpp>
#include <cli/files.hpp>
#include <cli/printable.hpp>
#include <codec/ascii.hpp>
#include <near_name.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

namespace openapi::cli {
namespace {

constexpr std::size_t maxBytes = 16 * 1024 * 1024;
constexpr std::size_t maxNameBytes = 100;
constexpr std::array<std::string_view, 4> fieldNames{"name", "provider", "config", "bills"};

[[noreturn]] void fail(const std::string& problem) { throw Error{Errc::config, problem}; }

/// An entry of the list, for messages: `entry 3 (shop-1)`.
struct Place {
  std::size_t number;
  std::string name{};

  [[noreturn]] void fail(std::string_view field, const std::string& problem) const {
    const auto who = "entry " + std::to_string(number) + (name.empty() ? "" : " (" + printable(name) + ")");
    cli::fail(who + ": " + (field.empty() ? "" : std::string{field} + ": ") + problem);
  }
};

const std::string& requireText(const Place& place, const Json& entry, std::string_view field) {
  const auto* value = entry.find(field);
  if (value == nullptr || value->isNull()) place.fail(field, "missing");
  if (value->string() == nullptr) place.fail(field, "expected a text, got " + std::string{value->kind()});
  if (value->string()->empty()) place.fail(field, "is empty");
  return *value->string();
}

void refuseOtherFields(const Place& place, const Fields& entry) {
  for (const auto& [name, value] : entry) {
    if (std::find(fieldNames.begin(), fieldNames.end(), name) == fieldNames.end()) {
      place.fail(printable(name), noSuchField(name, fieldNames));
    }
  }
}

std::string providerOf(const Place& place, const Json& entry) {
  const auto& provider = requireText(place, entry, "provider");
  if (!billTypes(provider).empty()) return provider;
  place.fail("provider", printable(provider) + " has no bills; these have: " + billProviderNames());
}

std::vector<BillType> billsOf(const Place& place, const Json& entry, const std::string& provider) {
  const auto* listed = entry.find("bills");
  if (listed == nullptr) return {billTypes(provider).front()};
  if (listed->array() == nullptr) place.fail("bills", "expected a list, got " + std::string{listed->kind()});
  if (listed->array()->empty()) place.fail("bills", "the list is empty");
  std::vector<BillType> bills;
  for (const auto& item : *listed->array()) {
    if (item.string() == nullptr) place.fail("bills", "expected texts, got " + std::string{item.kind()});
    const auto* type = findBillType(provider, *item.string());
    if (type == nullptr) {
      place.fail("bills", provider + " has no bill " + printable(*item.string()) + "; it has: " + billTypeNames(provider));
    }
    const auto same = [&](const auto& other) { return other.name == type->name; };
    if (std::any_of(bills.begin(), bills.end(), same)) place.fail("bills", std::string{type->name} + " is there twice");
    bills.push_back(*type);
  }
  return bills;
}

Merchant merchantOf(std::size_t number, const Json& entry, const std::filesystem::path& folder) {
  Place place{.number = number};
  if (entry.object() == nullptr) place.fail("", "expected an object, got " + std::string{entry.kind()});
  Merchant merchant;
  merchant.name = requireText(place, entry, "name");
  if (const auto problem = folderNameProblem(merchant.name); !problem.empty()) place.fail("name", problem);
  place.name = merchant.name;
  refuseOtherFields(place, *entry.object());
  merchant.provider = providerOf(place, entry);
  merchant.config = (folder / requireText(place, entry, "config")).string();
  merchant.bills = billsOf(place, entry, merchant.provider);
  return merchant;
}

std::vector<Merchant> merchantsIn(const Json& json, const std::filesystem::path& folder) {
  if (json.array() == nullptr) fail("expected a list of merchants, got " + std::string{json.kind()});
  if (json.array()->empty()) fail("the list of merchants is empty");
  std::vector<Merchant> merchants;
  std::map<std::string, std::size_t> seen;
  for (const auto& entry : *json.array()) {
    const auto number = merchants.size() + 1;
    auto merchant = merchantOf(number, entry, folder);
    // Names that differ in case only are one folder on some file systems.
    const auto [first, isNew] = seen.emplace(codec::lowerCase(merchant.name), number);
    if (!isNew) Place{number, merchant.name}.fail("name", "entry " + std::to_string(first->second) + " has it too");
    merchants.push_back(std::move(merchant));
  }
  return merchants;
}

}  // namespace

std::string folderNameProblem(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > maxNameBytes) return "is longer than " + std::to_string(maxNameBytes) + " bytes";
  if (name.find_first_of("/\\:*?\"<>|") != std::string_view::npos || !isPrintable(name)) {
    return "it names a folder, which cannot hold control characters or any of / \\ : * ? \" < > |";
  }
  if (name.front() == '.' || name.front() == '-' || name.front() == ' ' || name.back() == '.' || name.back() == ' ') {
    return "it names a folder, which cannot begin with a point, a dash or a blank, nor end with a point or a blank";
  }
  return {};
}

std::vector<Merchant> readMerchants(const std::string& path) {
  return asConfigError(path, [&] {
    std::string text;
    try {
      requireOrdinary(path);
      text = readFile(path, maxBytes);
    } catch (const FileError& error) {
      fail(std::string{"cannot read the file: "} + error.what());
    }
    return merchantsIn(Json::parse(text), std::filesystem::path{path}.parent_path());
  });
}

}  // namespace openapi::cli
