#pragma once

#include <gateways/database.hpp>

namespace openapi::gateway::bmob {

/// The tables that every app has. The rows of a class are in a table of its own, which the catalog makes.
void createTables(Database& database);

}  // namespace openapi::gateway::bmob
