#pragma once

#include <openapi/json.hpp>
#include <openapi/transport.hpp>
#include <openapi/weixin/file.hpp>

#include <answer.hpp>
#include <marshal/json_struct.hpp>
#include <marshal/names.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How requests and answers of WeChat's mini-program services look on the wire; without I/O.
namespace openapi::weixin {

inline constexpr std::array<marshal::Irregular, 2> serviceNames{{{"errCode", "errcode"}, {"errMsg", "errmsg"}}};
using ServiceStyle = marshal::WireStyle<serviceNames, marshal::Amounts::fen>;

enum class Verb { get, post };
enum class Answer { json, image, imageOrJson };

/// How one operation travels.
struct ServiceOperation {
  std::string_view method;  ///< `analysis.getDailyRetain`
  Verb verb;
  std::string_view path;
  Answer answer = Answer::json;
  /// Whether it only reads, so that it may be sent again after a broken connection or a "busy".
  bool readOnly = false;
  bool withToken = true;
};

/// A file that goes up as multipart/form-data, and the form fields beside it.
struct Upload {
  std::string part{};
  FileContent file{};
  std::vector<std::pair<std::string, std::string>> fields{};
};

/// A request but for the token: the query of a GET, the JSON body of a POST, or a file.
struct ServiceCall {
  std::vector<std::pair<std::string, std::string>> query{};
  std::optional<Json> body{};
  std::optional<Upload> upload{};
  std::optional<std::string> accessToken{};  ///< the caller's own
};

/// The name under which `file` goes up: its own, or the time with the extension of its type.
[[nodiscard]] std::string fileNameFor(const FileContent& file, std::chrono::system_clock::time_point now);
/// Type, size and name of a file. Throws `invalidArgument` that names the member of `field`.
void checkFile(std::string_view field, const FileContent& file, std::size_t maxBytes);

/// The members of a request in wire spelling, without `accessToken`. Throws `invalidArgument` for a token in `extra`.
template <class Request>
Fields wireFields(const Request& request);

/// All members in the query of a GET, or in the JSON body of a POST.
template <class Request>
ServiceCall callOf(const ServiceOperation& operation, const Request& request);

/// `extra` in a query, for requests whose body is a file.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> extraQuery(const Fields& extra);

/// The complete request. `now` names a file that has no name.
[[nodiscard]] HttpRequest encodeService(const std::string& baseUrl, const ServiceOperation& operation, const ServiceCall& call,
                                        const std::optional<std::string>& token, std::chrono::system_clock::time_point now);

/// What came back: JSON, or bytes with their type.
struct ServiceAnswer {
  Json json{};
  std::optional<Bytes> bytes{};
  std::string contentType{};
  std::optional<std::string> filename{};
};

/// Throws `rejected` with the platform's code; `badResponse` for what is neither the JSON nor the image that is due;
/// `httpStatus`.
[[nodiscard]] ServiceAnswer decodeService(const ServiceOperation& operation, const HttpResponse& response);

/// The result struct of a JSON answer.
template <class Result>
Result resultOf(const ServiceAnswer& answer) {
  return marshal::fromJson<ServiceStyle, Result>(answer.json);
}

namespace detail {
[[nodiscard]] Fields withoutToken(Fields fields, const Fields& extra);
[[nodiscard]] ServiceCall callOfFields(const ServiceOperation& operation, Fields fields);
}  // namespace detail

template <class Request>
Fields wireFields(const Request& request) {
  Fields fields = marshal::toFields<ServiceStyle>(request);
  if constexpr (marshal::HasExtra<Request>) return detail::withoutToken(std::move(fields), request.extra);
  return fields;
}

template <class Request>
ServiceCall callOf(const ServiceOperation& operation, const Request& request) {
  auto call = detail::callOfFields(operation, wireFields(request));
  if constexpr (requires { request.accessToken; }) call.accessToken = request.accessToken;
  return call;
}

}  // namespace openapi::weixin
