#pragma once

#include <gateways/database.hpp>

namespace openapi::gateway::weixin_api {

void createTables(Database& database);

}  // namespace openapi::gateway::weixin_api
