#pragma once

/// Everything but what few files need: `openapi/beast.hpp`, `openapi/bill/reader.hpp`, `openapi/redis_token_store.hpp`.
#include <openapi/alipay.hpp>
#include <openapi/bill/absence.hpp>
#include <openapi/bmob.hpp>
#include <openapi/bytes.hpp>
#include <openapi/error.hpp>
#include <openapi/event.hpp>
#include <openapi/fen.hpp>
#include <openapi/http_options.hpp>
#include <openapi/json.hpp>
#include <openapi/payment.hpp>
#include <openapi/token_store.hpp>
#include <openapi/transport.hpp>
#include <openapi/wait.hpp>
#include <openapi/weixin.hpp>
