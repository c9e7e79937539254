#include "token/redis_connection.hpp"

#include "token/waiter.hpp"

#include <openapi/error.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <hiredis/hiredis.h>

#include <array>
#include <cstddef>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace openapi::token {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t longestReply = 16384;
constexpr std::size_t longestErrorCode = 24;

Error failure(Errc code, const std::string& message) {
  Error::Details details;
  details.retryable = code != Errc::badResponse;
  return Error(code, message, std::move(details));
}

Error cannotConnect(const RedisOptions& options, const std::string& reason) {
  return failure(Errc::connect, "cannot connect to Redis at " + addressOf(options) + ": " + reason +
                                    "; check that it runs, its address and the firewall");
}

Error lost(const RedisOptions& options, const error_code& reason) {
  return failure(Errc::connectionLost, "Redis at " + addressOf(options) + " closed the connection before it answered (" +
                                           reason.message() + "); check that it runs and takes connections from here");
}

Error notRedis(const RedisOptions& options) {
  return failure(Errc::badResponse,
                 "what listens at " + addressOf(options) + " does not answer as Redis does; check the address");
}

std::string written(const std::vector<std::string>& command) {
  std::vector<const char*> parts;
  std::vector<std::size_t> sizes;
  for (const auto& part : command) {
    parts.push_back(part.data());
    sizes.push_back(part.size());
  }
  char* bytes = nullptr;
  const int size = redisFormatCommandArgv(&bytes, static_cast<int>(parts.size()), parts.data(), sizes.data());
  if (size < 0) throw std::bad_alloc{};
  const std::unique_ptr<char, void (*)(char*)> owned{bytes, [](char* memory) { redisFreeCommand(memory); }};
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::string errorCode(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && length < longestErrorCode && text[length] >= 'A' && text[length] <= 'Z') ++length;
  return std::string{text.substr(0, length)};
}

RedisReply replyFrom(const redisReply& raw) {
  RedisReply reply;
  switch (raw.type) {
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_STRING:
      reply.kind = RedisReply::Kind::text;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_INTEGER:
      reply.kind = RedisReply::Kind::integer;
      reply.integer = raw.integer;
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = RedisReply::Kind::error;
      reply.text = errorCode({raw.str, raw.len});
      break;
    default:
      break;
  }
  return reply;
}

/// Puts one answer together from what arrives, in bounded memory.
class ReplyReader {
 public:
  /// An answer, or none while it is incomplete. `broken` is set when this is no answer of Redis.
  std::optional<RedisReply> take(std::string_view bytes, bool& broken) {
    // The reader of hiredis makes room for an array as its header announces; no command here has an array as its answer.
    broken = taken_ == 0 && std::string_view{"+-:$"}.find(bytes.front()) == std::string_view::npos;
    if (broken) return std::nullopt;
    taken_ += bytes.size();
    if (taken_ > longestReply) {
      RedisReply reply;
      reply.kind = RedisReply::Kind::oversized;
      return reply;
    }
    void* raw = nullptr;
    broken = redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK ||
             redisReaderGetReply(reader_.get(), &raw) != REDIS_OK;
    if (broken || !raw) return std::nullopt;
    const std::unique_ptr<void, void (*)(void*)> owned{raw, freeReplyObject};
    return replyFrom(*static_cast<const redisReply*>(raw));
  }

 private:
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_{made(), redisReaderFree};
  std::size_t taken_ = 0;

  static redisReader* made() {
    auto* reader = redisReaderCreate();
    if (!reader) throw std::bad_alloc{};
    return reader;
  }
};

}  // namespace

std::string addressOf(const RedisOptions& options) {
  const bool isV6 = options.host.find(':') != std::string::npos;
  return (isV6 ? '[' + options.host + ']' : options.host) + ':' + std::to_string(options.port);
}

asio::awaitable<void> RedisConnection::open(std::shared_ptr<http::Names> names) {
  co_await connect(std::move(names));
  co_await authenticate();
  if (options_->database == 0) co_return;
  std::vector<std::string> select{"SELECT", std::to_string(options_->database)};
  const auto reply = co_await ask(std::move(select));
  if (reply.kind != RedisReply::Kind::text)
    throw failure(Errc::badResponse, "Redis at " + addressOf(*options_) + " has no database " +
                                         std::to_string(options_->database) + " for this user (" + reply.text +
                                         "); check RedisOptions::database");
}

asio::awaitable<http::Addresses> RedisConnection::resolve(std::shared_ptr<http::Names> names) {
  error_code notNumeric;
  const auto numeric = asio::ip::make_address(options_->host, notNumeric);
  if (!notNumeric) co_return http::Addresses(1, numeric);
  if (auto known = names->cached(options_->host)) co_return std::move(*known);
  const auto executor = co_await asio::this_coro::executor;
  Waiter waiter{executor, names};
  const auto lookup = names->lookUp(options_->host, waiter.bell());
  auto answer = lookup->answer();
  while (!answer) {
    co_await waiter.sleepUntil(Deadline::max());
    answer = lookup->answer();
  }
  if (answer->failure || answer->addresses.empty()) throw cannotConnect(*options_, "the name was not found");
  co_return std::move(answer->addresses);
}

asio::awaitable<void> RedisConnection::connect(std::shared_ptr<http::Names> names) {
  const auto addresses = co_await resolve(names);
  error_code refused;
  for (const auto& address : addresses) {
    const asio::ip::tcp::endpoint endpoint{address, options_->port};
    error_code ignored;
    socket_.close(ignored);
    co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, refused));
    if (!refused) break;
  }
  if (refused) {
    names->forget(options_->host);
    throw cannotConnect(*options_, refused.message());
  }
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
}

asio::awaitable<void> RedisConnection::authenticate() {
  if (!options_->password) co_return;
  std::vector<std::string> login{"AUTH"};
  if (options_->username) login.push_back(*options_->username);
  login.push_back(*options_->password);
  const auto reply = co_await ask(std::move(login));
  if (reply.kind != RedisReply::Kind::text)
    throw failure(Errc::badResponse, "Redis at " + addressOf(*options_) + " refused the password (" + reply.text +
                                         "); check RedisOptions::username and RedisOptions::password");
}

asio::awaitable<RedisReply> RedisConnection::ask(std::vector<std::string> command) {
  const auto bytes = written(command);
  error_code failed;
  co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
  if (failed) throw lost(*options_, failed);
  auto reply = co_await readReply();
  co_return reply;
}

asio::awaitable<RedisReply> RedisConnection::readReply() {
  ReplyReader reader;
  std::array<char, 4096> buffer;
  for (;;) {
    error_code failed;
    const auto space = asio::buffer(buffer);
    const auto count = co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) throw lost(*options_, failed);
    bool broken = false;
    auto reply = reader.take({buffer.data(), count}, broken);
    if (broken) throw notRedis(*options_);
    if (reply) co_return std::move(*reply);
  }
}

}  // namespace openapi::token
