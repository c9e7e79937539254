#pragma once

#include <gateways/bmob/query_params.hpp>

namespace openapi::gateway::bmob {

/// Whether `sum`, `average`, `max`, `min`, `groupby` or `groupcount` is asked for.
[[nodiscard]] bool asksForStatistics(const Call& call);

/// Numbers over the rows that `condition` leaves: `{"results":[{"_sumScore":…,"_count":…}]}`. Refuses with 102 columns that are
/// no numbers.
[[nodiscard]] Reply statistics(Context& context, const Call& call, const Table& table, const Sql& condition,
                               const QueryParams& params, bool isMaster);

}  // namespace openapi::gateway::bmob
