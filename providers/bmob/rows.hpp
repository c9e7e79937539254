#pragma once

#include <bmob/wire.hpp>

#include <cstddef>

// Requests about rows, and what comes back; without I/O. `User` asks for lists in the same way.
namespace openapi::bmob {

inline constexpr std::int64_t defaultLimit = 100;
inline constexpr std::int64_t maxLimit = 1000;
inline constexpr std::size_t maxBatch = 50;

/// The query of a find. `limit` as it goes out.
[[nodiscard]] codec::FormFields findQuery(const FindRequest& request, std::optional<std::int64_t> limit);

[[nodiscard]] Call findCall(const FindRequest& request);
[[nodiscard]] Call getCall(const GetRequest& request);
[[nodiscard]] Call saveCall(const SaveRequest& request);
[[nodiscard]] Call updateCall(const UpdateRequest& request);
[[nodiscard]] Call unsetCall(const UnsetRequest& request);
[[nodiscard]] Call destroyCall(const DestroyRequest& request);
[[nodiscard]] Call countCall(const CountRequest& request);
[[nodiscard]] Call statisticsCall(const StatisticsRequest& request);
/// The writes from `begin` on, at most 50.
[[nodiscard]] Call batchCall(const BatchRequest& request, std::size_t begin);

[[nodiscard]] FindResult foundIn(const Json& json);
[[nodiscard]] Row rowIn(const Json& json);
[[nodiscard]] SaveResult savedIn(const Json& json);
[[nodiscard]] UpdateResult updatedIn(const Json& json);
[[nodiscard]] CountResult countIn(const Json& json);
[[nodiscard]] StatisticsResult statisticsIn(const Json& json);
/// What became of the `count` writes of one call.
[[nodiscard]] std::vector<BatchItemResult> batchIn(const Json& json, std::size_t count);

}  // namespace openapi::bmob
