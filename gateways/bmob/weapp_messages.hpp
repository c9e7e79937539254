#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// Messages of a mini program, and checks of what its users write. Nothing is sent: `POST /outbox` shows it.

[[nodiscard]] Reply sendTemplateMessage(Context& context, const Call& call);
/// To the owner of the app, with one of Bmob's four templates, 50 a day. Refuses with 10100.
[[nodiscard]] Reply notifyOwner(Context& context, const Call& call);
/// Refuses with 10007 what has `risky` or `违规` in it.
[[nodiscard]] Reply checkText(Context& context, const Call& call);
[[nodiscard]] Reply checkMedia(Context& context, const Call& call);

/// `POST /outbox` of the control server: every message, the newest first.
[[nodiscard]] Json listOutbox(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
