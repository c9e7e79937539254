#pragma once

#include <gateways/bmob/acl.hpp>
#include <gateways/bmob/rows.hpp>

#include <string>

namespace openapi::gateway::bmob {

// Rows of classes for somebody. System classes have rules of their own, in `users`, `roles` and `installations`; these functions
// send there what belongs there. `className` is as the client wrote it.

/// `{createdAt,objectId}`, of a user with `sessionToken`.
[[nodiscard]] Json createObject(Context& context, const std::string& className, const Fields& body);
/// `{updatedAt}`
[[nodiscard]] Json updateObject(Context& context, const Actor& actor, const std::string& className, const std::string& id,
                                const Fields& body);
/// `{msg}`
[[nodiscard]] Json deleteObject(Context& context, const Actor& actor, const std::string& className, const std::string& id);

/// The class that a client reads. Refuses with 101 and 103.
[[nodiscard]] const Table& tableCalled(Context& context, const std::string& className);
/// A row, for `readRow` and `appendText`, that somebody may read. Refuses with 101.
[[nodiscard]] Row readableRow(Context& context, const Rights& rights, const Table& table, const std::string& id);
/// A row that the actor may write. Refuses with 101, 122 and 211.
[[nodiscard]] StoredRow writableRow(Context& context, const Actor& actor, const Table& table, const std::string& id);

// POST `/1/classes/T`; PUT and DELETE `/1/classes/T/ID`
[[nodiscard]] Reply createRow(Context& context, const Call& call);
[[nodiscard]] Reply changeRow(Context& context, const Call& call);
[[nodiscard]] Reply deleteRow(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
