#include <bmob/rows.hpp>
#include <bmob/services.hpp>

#include <algorithm>

namespace openapi::bmob {

namespace {

constexpr Operation findOperation{"query.find", Verb::get, true};
constexpr Operation getOperation{"query.get", Verb::get, true};
constexpr Operation saveOperation{"query.save", Verb::post};
constexpr Operation updateOperation{"query.update", Verb::put};
constexpr Operation unsetOperation{"query.unset", Verb::put};
constexpr Operation destroyOperation{"query.destroy", Verb::remove};
constexpr Operation countOperation{"query.count", Verb::get, true};
constexpr Operation statisticsOperation{"query.statistics", Verb::get, true};
constexpr Operation batchOperation{"query.batch", Verb::post};

std::size_t chunkSize(const BatchRequest& request, std::size_t begin) {
  return (std::min)(maxBatch, request.requests.size() - begin);
}

/// All calls of a batch: whatever is wrong with a request is found before the first one goes out.
std::vector<std::shared_ptr<const Call>> callsOf(const Services& services, const BatchRequest& request) {
  return beforeSending(services, batchOperation, [&] {
    if (request.requests.empty()) check::invalid("requests", "required");
    std::vector<std::shared_ptr<const Call>> calls;
    for (std::size_t begin = 0; begin < request.requests.size(); begin += maxBatch) {
      auto call = batchCall(request, begin);
      takeCaller(call, request);
      calls.push_back(std::make_shared<const Call>(std::move(call)));
    }
    return calls;
  });
}

/// After a call that failed as a whole: what is known of its writes, and of those that were never sent.
void noteFailure(BatchResult& result, const Error& error, std::size_t inCall, std::size_t total) {
  BatchItemResult failed;
  failed.state = toString(error.outcome());
  if (!error.errCode().empty()) failed.errCode = error.errCode();
  if (!error.errMsg().empty()) failed.errMsg = error.errMsg();
  result.results.insert(result.results.end(), inCall, failed);
  BatchItemResult unsent;
  unsent.state = toString(Outcome::notSent);
  result.results.resize(total, unsent);
  result.failure = error.what();
  result.failureKind = std::string{toString(error.errc())};
}

Awaitable<BatchResult> runBatch(SharedServices services, BatchRequest request) {
  const auto calls = callsOf(*services, request);
  BatchResult result;
  for (const auto& call : calls) {
    const auto size = chunkSize(request, result.results.size());
    try {
      const auto json = co_await exchange(services, &batchOperation, call);
      const auto done = readAnswer(*services, batchOperation, [&] { return batchIn(json, size); });
      result.results.insert(result.results.end(), done.begin(), done.end());
    } catch (const Error& error) {
      if (result.results.empty()) throw;
      noteFailure(result, error, size, request.requests.size());
      break;
    }
  }
  co_return result;
}

}  // namespace

bool BatchResult::allSucceeded() const {
  return std::all_of(results.begin(), results.end(), [](const BatchItemResult& item) { return item.succeeded(); });
}

Awaitable<FindResult> Rows::find(const FindRequest& request) const {
  return perform(services_, &findOperation, request, findCall, foundIn);
}

Awaitable<GetResult> Rows::get(const GetRequest& request) const {
  return perform(services_, &getOperation, request, getCall, rowIn);
}

Awaitable<SaveResult> Rows::save(const SaveRequest& request) const {
  return perform(services_, &saveOperation, request, saveCall, savedIn);
}

Awaitable<UpdateResult> Rows::update(const UpdateRequest& request) const {
  return perform(services_, &updateOperation, request, updateCall, updatedIn);
}

Awaitable<UnsetResult> Rows::unset(const UnsetRequest& request) const {
  return perform(services_, &unsetOperation, request, unsetCall, updatedIn);
}

Awaitable<DestroyResult> Rows::destroy(const DestroyRequest& request) const {
  return perform(services_, &destroyOperation, request, destroyCall, doneOf);
}

Awaitable<CountResult> Rows::count(const CountRequest& request) const {
  return perform(services_, &countOperation, request, countCall, countIn);
}

Awaitable<StatisticsResult> Rows::statistics(const StatisticsRequest& request) const {
  return perform(services_, &statisticsOperation, request, statisticsCall, statisticsIn);
}

Awaitable<BatchResult> Rows::batch(const BatchRequest& request) const {
  return http::operation("bmob", batchOperation.method, runBatch(services_, request));
}

}  // namespace openapi::bmob
