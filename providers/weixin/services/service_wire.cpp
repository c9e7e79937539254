#include <weixin/services/service_wire.hpp>

#include <check.hpp>
#include <codec/ascii.hpp>
#include <codec/form.hpp>
#include <codec/image_type.hpp>
#include <codec/multipart_writer.hpp>
#include <http/status.hpp>
#include <platform_text.hpp>
#include <weixin/services/content_disposition.hpp>

#include <algorithm>

namespace openapi::weixin {

namespace {

constexpr std::string_view tokenName = "access_token";

/// A scalar as it stands in a query.
std::string queryText(std::string_view name, const Json& value) {
  if (const auto* text = value.string()) return *text;
  if (value.integer() != nullptr || value.number() != nullptr || value.boolean() != nullptr) return value.json();
  check::invalid(name, "only a text or a number can stand in a query");
}

std::string childOf(const std::string& path, std::string_view name) {
  return path.empty() ? ServiceStyle::publicOf(name) : path + '.' + ServiceStyle::publicOf(name);
}

bool isControl(char c) {
  constexpr std::string_view withShortEscapes = "\b\t\n\f\r";
  return static_cast<unsigned char>(c) < 0x20 && withShortEscapes.find(c) == std::string_view::npos;
}

void checkControls(const std::string& path, std::string_view text) {
  if (std::any_of(text.begin(), text.end(), isControl)) check::invalid(path, "holds a control character");
}

/// JSON writes most control characters as \u escapes, and WeChat takes none of those.
void checkTexts(const std::string& path, const Json& value) {
  if (const auto* text = value.string()) checkControls(path, *text);
  if (const auto* object = value.object()) {
    for (const auto& [name, item] : *object) {
      checkControls(path.empty() ? "extra" : path, name);
      checkTexts(childOf(path, name), item);
    }
  }
  if (const auto* array = value.array()) {
    for (std::size_t at = 0; at < array->size(); ++at) checkTexts(path + '[' + std::to_string(at) + ']', (*array)[at]);
  }
}

bool startsLikeJson(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

/// `rid: 617682e0-09059a3f-6a1b2c3d` at the end of an error text: WeChat's name for the request.
std::string requestIdIn(std::string_view errMsg) {
  constexpr std::string_view mark = "rid: ";
  constexpr std::string_view form = "00000000-00000000-00000000";
  const auto at = errMsg.rfind(mark);
  if (at == std::string_view::npos) return {};
  const auto id = errMsg.substr(at + mark.size(), form.size());
  const auto fits = [](char c, char kind) { return kind == '-' ? c == '-' : codec::hexValue(c) >= 0; };
  return std::equal(id.begin(), id.end(), form.begin(), form.end(), fits) ? std::string{id} : std::string{};
}

constexpr std::array<std::int64_t, 4> busyCodes{-1, 61504, 10060012, 10060019};

[[noreturn]] void throwRejected(const ServiceOperation& operation, const Json& json, std::int64_t code) {
  const bool busy = std::find(busyCodes.begin(), busyCodes.end(), code) != busyCodes.end();
  Error::Details details;
  details.errCode = std::to_string(code);
  const Json* message = json.find("errmsg");
  if (message != nullptr && message->string() != nullptr) details.errMsg = *message->string();
  details.requestId = requestIdIn(details.errMsg);
  details.retryable = busy && operation.readOnly;
  // "Busy" does not say whether the request was carried out.
  details.outcome = busy && !operation.readOnly ? Outcome::unknown : Outcome::rejected;
  details.httpStatus = 200;
  const auto text = details.errCode + (details.errMsg.empty() ? std::string{} : ": " + platformText(details.errMsg));
  throw Error{Errc::rejected, text, std::move(details)};
}

std::int64_t errorCode(const Json& json) {
  const Json* code = json.find("errcode");
  return code == nullptr || code->isNull() ? 0 : marshal::valueFromJson<ServiceStyle, std::int64_t>(*code, {nullptr, "errcode"});
}

Json readJson(const ServiceOperation& operation, std::string_view body) {
  if (!codec::imageType(body).empty()) throw Error{Errc::badResponse, "an image where JSON was expected"};
  Json json = Json::parse(body);
  if (json.object() == nullptr) throw Error{Errc::badResponse, "expected an object, got " + std::string{json.kind()}};
  const auto code = errorCode(json);
  if (code != 0) throwRejected(operation, json, code);
  return json;
}

bool saysImage(std::string_view contentType) { return contentType.starts_with("image/"); }

std::string typeOf(const HttpResponse& response) {
  const auto type = response.headers.get("Content-Type");
  return codec::lowerCase(type.substr(0, type.find(';')));
}

HttpRequest withUpload(HttpRequest request, const Upload& upload, std::chrono::system_clock::time_point now) {
  const auto form = codec::writeMultipart(
      upload.fields, {upload.part, fileNameFor(upload.file, now), upload.file.contentType, upload.file.value.data});
  request.headers.add("Content-Type", form.contentType);
  request.body = form.body;
  return request;
}

}  // namespace

namespace detail {

Fields withoutToken(Fields fields, const Fields& extra) {
  for (const auto& [name, value] : extra) {
    if (marshal::toSnake(name) == tokenName) check::invalid("extra.accessToken", "set the request's own member accessToken");
  }
  check::extra(extra);
  fields.erase(tokenName);
  return fields;
}

ServiceCall callOfFields(const ServiceOperation& operation, Fields fields) {
  ServiceCall call;
  if (operation.verb == Verb::post) {
    call.body = Json{std::move(fields)};
    checkTexts({}, *call.body);
    return call;
  }
  for (const auto& [name, value] : fields) call.query.emplace_back(name, queryText(ServiceStyle::publicOf(name), value));
  return call;
}

}  // namespace detail

std::vector<std::pair<std::string, std::string>> extraQuery(const Fields& extra) {
  const auto checked = detail::withoutToken(extra, extra);
  std::vector<std::pair<std::string, std::string>> query;
  for (const auto& [name, value] : checked) query.emplace_back(ServiceStyle::wireOf(name), queryText(name, value));
  return query;
}

HttpRequest encodeService(const std::string& baseUrl, const ServiceOperation& operation, const ServiceCall& call,
                          const std::optional<std::string>& token, std::chrono::system_clock::time_point now) {
  auto query = call.query;
  if (token) query.emplace(query.begin(), tokenName, *token);
  HttpRequest request;
  request.method = operation.verb == Verb::get ? "GET" : "POST";
  request.url = baseUrl + std::string{operation.path};
  if (!query.empty()) request.url += '?' + codec::writeForm(query);
  if (call.upload) return withUpload(std::move(request), *call.upload, now);
  if (call.body) {
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    request.body = call.body->json();
  }
  return request;
}

ServiceAnswer decodeService(const ServiceOperation& operation, const HttpResponse& response) {
  if (response.status != 200) throw http::unexpectedStatus(response.status, !operation.readOnly);
  if (response.body.empty()) throw Error{Errc::badResponse, "the answer is empty"};
  ServiceAnswer answer;
  if (operation.answer == Answer::json) {
    answer.json = readJson(operation, response.body);
    return answer;
  }
  const auto type = typeOf(response);
  const auto sniffed = codec::imageType(response.body);
  if (sniffed.empty() && (startsLikeJson(response.body) || !saysImage(type))) {
    answer.json = readJson(operation, response.body);
    if (operation.answer == Answer::image) throw Error{Errc::badResponse, "JSON without an error where an image was expected"};
    return answer;
  }
  if (sniffed.empty()) throw Error{Errc::badResponse, "the answer is no JPEG, PNG or GIF"};
  answer.contentType = saysImage(type) ? type : std::string{sniffed};
  answer.bytes = Bytes{response.body};
  answer.filename = fileNameIn(response.headers.get("Content-Disposition"));
  return answer;
}

std::string fileNameFor(const FileContent& file, std::chrono::system_clock::time_point now) {
  if (file.filename) return *file.filename;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const auto extension = file.contentType.substr(file.contentType.find('/') + 1);
  return std::to_string(milliseconds) + '.' + (extension == "jpeg" ? "jpg" : extension);
}

void checkFile(std::string_view field, const FileContent& file, std::size_t maxBytes) {
  const std::string prefix = std::string{field} + '.';
  const auto isTypeCharacter = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '+';
  };
  const auto slash = file.contentType.find('/');
  const bool typed =
      slash != std::string::npos && slash > 0 && slash + 1 < file.contentType.size() && file.contentType.size() <= 64 &&
      std::all_of(file.contentType.begin(), file.contentType.begin() + static_cast<std::ptrdiff_t>(slash), isTypeCharacter) &&
      std::all_of(file.contentType.begin() + static_cast<std::ptrdiff_t>(slash) + 1, file.contentType.end(), isTypeCharacter);
  if (!typed) check::invalid(prefix + "contentType", "must be a MIME type such as image/png");
  if (file.value.data.empty()) check::invalid(prefix + "value", "empty");
  if (file.value.data.size() > maxBytes) {
    check::invalid(prefix + "value",
                   "has " + std::to_string(file.value.data.size()) + " bytes; at most " + std::to_string(maxBytes));
  }
  if (!file.filename) return;
  const auto isNameCharacter = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  };
  const auto dot = file.filename->rfind('.');
  const bool named = file.filename->size() <= 100 && dot != std::string::npos && dot > 0 && dot + 1 < file.filename->size() &&
                     std::all_of(file.filename->begin(), file.filename->end(), isNameCharacter);
  if (!named)
    check::invalid(prefix + "filename", "must be ASCII letters, digits, - _ . with an extension: WeChat understands no other");
}

}  // namespace openapi::weixin
