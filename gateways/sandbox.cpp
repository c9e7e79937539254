#include <gateways/sandbox.hpp>

#include <codec/text.hpp>
#include <crypto/random.hpp>
#include <gateways/keys.hpp>
#include <gateways/temporary_folder.hpp>
#include <http/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/sync/file_lock.hpp>
#include <boost/system/system_error.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace openapi::gateway {
namespace {

constexpr std::chrono::seconds notifyTimeout{5};

bool isLoopback(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return false;
  const auto host = parsed->host_address();
  return host == "localhost" || host == "::1" ||
         (parsed->host_type() == boost::urls::host_type::ipv4 && host.starts_with("127."));
}

asio::awaitable<NotifyAnswer> deliver(std::shared_ptr<Transport> transport, HttpRequest request) {
  NotifyAnswer answer;
  try {
    auto response = co_await transport->send(std::move(request));
    answer.status = response.status;
    answer.body = std::move(response.body);
  } catch (const Error& e) {
    answer.error = e.what();
  }
  co_return answer;
}

void writeFile(const fs::path& path, std::string_view content) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  if (!file) throw std::runtime_error{"cannot write " + path.string()};
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!file.flush()) throw std::runtime_error{"cannot write all of " + path.string()};
}

std::string portProblem(int port, const boost::system::error_code& error) {
  const auto which = "port " + std::to_string(port) + " of 127.0.0.1 ";
  const auto why = error == asio::error::address_in_use ? "is in use" : "cannot be opened (" + error.message() + ")";
  return which + why + ": choose another --port; the sandbox takes five in a row";
}

Reply jsonReply(int status, const Json& body) {
  return {.status = status, .contentType = "application/json; charset=utf-8", .body = body.json() + "\n"};
}

Json errorJson(const std::string& error, const std::string& field) { return Fields{{"error", error}, {"field", field}}; }

TlsKeys keptTlsKeys(Database& database, const std::string& mchId) {
  const auto prefix = "tls." + mchId + ".";
  Transaction transaction{database};
  std::optional<TlsKeys> fresh;
  const auto part = [&](const std::string& name, std::string TlsKeys::*member) {
    return database.settingOr(prefix + name, [&] {
      if (!fresh) fresh = makeTlsKeys(mchId);
      return codec::toBase64((*fresh).*member);
    });
  };
  const auto bytes = [&](const std::string& name, std::string TlsKeys::*member) {
    return codec::fromBase64(part(name, member)).value_or("");
  };
  TlsKeys keys;
  keys.ca = bytes("ca", &TlsKeys::ca);
  keys.serverCertificate = bytes("serverCertificate", &TlsKeys::serverCertificate);
  keys.serverKey = bytes("serverKey", &TlsKeys::serverKey);
  keys.clientCa = bytes("clientCa", &TlsKeys::clientCa);
  keys.merchantCertificate = bytes("merchantCertificate", &TlsKeys::merchantCertificate);
  keys.merchantKey = bytes("merchantKey", &TlsKeys::merchantKey);
  keys.merchantP12 = bytes("merchantP12", &TlsKeys::merchantP12);
  transaction.commit();
  return keys;
}

AlipayIdentity keptAlipay(Database& database, AlipayIdentity identity) {
  const auto pair = [&](const std::string& name, std::string& privateKey, std::string& publicKey) {
    if (!publicKey.empty()) return;
    const auto made = [&] {
      const auto fresh = makeRsaPair();
      database.setSetting(name + ".public", fresh.publicKey);
      return fresh.privateKey;
    };
    privateKey = database.settingOr(name + ".private", made);
    publicKey = database.setting(name + ".public").value_or("");
  };
  pair("alipay.app", identity.appPrivateKey, identity.appPublicKey);
  pair("alipay.platform", identity.alipayPrivateKey, identity.alipayPublicKey);
  return identity;
}

BmobIdentity keptBmob(Database& database, std::string smsCode) {
  const auto secret = [&](const std::string& name, std::size_t length) {
    return database.settingOr("bmob." + name, [&] { return crypto::randomText(length); });
  };
  return {.applicationId = secret("applicationId", 32),
          .restApiKey = secret("restApiKey", 32),
          .secretKey = secret("secretKey", 16),
          .safeCode = secret("safeCode", 6),
          .masterKey = secret("masterKey", 32),
          .smsCode = std::move(smsCode)};
}

/// What a sandbox has alone: the lock on `file` ends with the process, however that ends. `path` is the value of `option`.
class OwnerLock {
 public:
  OwnerLock(const std::string& option, const std::string& path, const std::string& file) {
    try {
      if (!std::ofstream{file, std::ios::app}) throw std::runtime_error{option + " " + path + ": cannot write " + file};
      lock_ = boost::interprocess::file_lock{file.c_str()};
      if (lock_.try_lock()) return;
    } catch (const boost::interprocess::interprocess_exception& e) {
      throw std::runtime_error{option + " " + path + ": cannot lock " + file + ": " + e.what()};
    }
    throw std::runtime_error{option + " " + path + " belongs to a sandbox that runs: end that one, or choose another " + option};
  }

 private:
  boost::interprocess::file_lock lock_{};
};

/// Before anything is made beside it: a file that is there must be a database, or empty.
void requireDatabase(const std::string& stateFile) {
  const auto problem = "--state " + stateFile + ": ";
  std::error_code error;
  const auto status = fs::status(stateFile, error);
  if (status.type() == fs::file_type::not_found) return;
  if (error) throw std::runtime_error{problem + error.message()};
  if (!fs::is_regular_file(status)) throw std::runtime_error{problem + "this is no file"};
  constexpr std::string_view wanted{"SQLite format 3\0", 16};
  std::string start(wanted.size(), '\0');
  std::ifstream file{stateFile, std::ios::binary};
  if (!file) throw std::runtime_error{problem + "cannot be read"};
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  if (file.gcount() != 0 && start != wanted) {
    throw std::runtime_error{problem + "this file is no SQLite database; name another one, or one that is not there yet"};
  }
}

/// A state belongs to one sandbox at a time: each keeps in memory what it read from it.
std::optional<OwnerLock> lockState(const std::string& stateFile) {
  if (stateFile.empty()) return std::nullopt;
  requireDatabase(stateFile);
  return std::optional<OwnerLock>{std::in_place, "--state", stateFile, stateFile + ".lock"};
}

Database openState(const std::string& stateFile) {
  try {
    return Database{stateFile};
  } catch (const std::runtime_error& e) {
    throw std::runtime_error{std::string{"--state "} + e.what()};
  }
}

/// Where the files of a state are; empty without one.
std::string filesFolder(const std::string& stateFile) { return stateFile.empty() ? "" : stateFile + ".files"; }

Clock keptClock(Database& database, int scale) {
  const auto start = database.settingOr("clock.start", [] { return std::to_string(toMillis(systemTime())); });
  Clock clock{systemTime, scale, fromMillis(std::stoll(start))};
  clock.advance(std::chrono::milliseconds{std::stoll(database.setting("clock.offset").value_or("0"))});
  return clock;
}

}  // namespace

class Sandbox::Impl {
 public:
  explicit Impl(SandboxOptions options)
      : options_{std::move(options)},
        stateLock_{lockState(options_.stateFile)},
        database_{openState(options_.stateFile)},
        clock_{keptClock(database_, options_.clockScale)},
        keys_{keptTlsKeys(database_, options_.weixin.mchId)},
        alipay_{keptAlipay(database_, options_.alipay)},
        bmob_{keptBmob(database_, options_.smsCode)},
        notifier_{clock_, database_, options_.notifyScale,
                  [this](const NotifyAttempt& attempt, auto done) { sendOut(attempt, std::move(done)); }, [this] { rearm(); }} {
    options_.weixin.refundDelay = std::chrono::milliseconds{options_.refundTime} / options_.notifyScale;
    weixin_ = makeWeixinPlatform(options_.weixin, {clock_, database_, notifier_});
    weixinApi_ = makeWeixinApiPlatform(options_.weixin, {clock_, database_, notifier_});
    alipayPlatform_ = makeAlipayPlatform(alipay_, {clock_, database_, notifier_});
    bmobPlatform_ = makeBmobPlatform(bmob_, {clock_, database_, notifier_}, filesFolder(options_.stateFile));
    startServers();  // before anything is written: a folder may belong to a sandbox that runs
    prepareFolder();
    makeTransport();
    writeConfigs();
    rearm();
    thread_ = std::thread{[this] { io_.run(); }};
  }

  ~Impl() {
    asio::post(io_, [this] {
      servers_.clear();
      timer_.cancel();
      io_.stop();
    });
    thread_.join();
  }

  Json control(std::string_view method, std::string_view path, const Json& input) {
    std::promise<Json> promise;
    auto future = promise.get_future();
    asio::post(io_, [&] {
      try {
        promise.set_value(route(method, path, input));
      } catch (...) {
        promise.set_exception(std::current_exception());
      }
    });
    return future.get();
  }

  [[nodiscard]] std::string readyLine() const {
    return Json{Fields{{"weixinPay", urls_.weixinPay},
                       {"weixinApi", urls_.weixinApi},
                       {"alipay", urls_.alipay},
                       {"bmob", urls_.bmob},
                       {"control", urls_.control},
                       {"caFile", urls_.caFile}}}
        .json();
  }

  [[nodiscard]] const SandboxUrls& urls() const { return urls_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  void prepareFolder() {
    if (options_.writeConfigDir.empty()) {
      temporary_.emplace();
      folder_ = temporary_->path();
    } else {
      const auto& folder = options_.writeConfigDir;
      std::error_code error;
      fs::create_directories(folder, error);
      if (error) throw std::runtime_error{"--write-config " + folder + ": cannot make this folder: " + error.message()};
      folder_ = fs::absolute(folder).lexically_normal().string();
      folderLock_.emplace("--write-config", folder, file("write-config.lock"));
    }
    urls_.caFile = file("ca.pem");
    writeFile(urls_.caFile, keys_.ca);
  }

  [[nodiscard]] std::string file(const std::string& name) const { return (fs::path{folder_} / name).string(); }

  void makeTransport() {
    HttpOptions http;
    http.caFile = urls_.caFile;
    http.proxy = "";
    http.maxAttempts = 1;
    http.maxResponseBytes = 64 * 1024;
    transport_ = http::makeClient(http);
  }

  std::string serve(int index, bool tls, bool clients, HttpServer::Handler handler) {
    const auto port = options_.port == 0 ? 0 : options_.port + index;
    if (port > 65535)
      throw std::runtime_error{"port " + std::to_string(port) +
                               " does not exist: choose a lower --port; the sandbox takes five in a row"};
    std::optional<ServerTls> secure;
    if (tls) secure = ServerTls{keys_.serverCertificate, keys_.serverKey, clients ? keys_.clientCa : std::string{}};
    try {
      servers_.push_back(
          std::make_unique<HttpServer>(io_.get_executor(), static_cast<std::uint16_t>(port), secure, std::move(handler)));
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error{portProblem(port, error.code())};
    }
    return servers_.back()->url();
  }

  void startServers() {
    const auto platform = [this](std::unique_ptr<Platform>& which) {
      return [this, &which](const Request& request) { return answer(*which, faults_, request); };
    };
    urls_.weixinPay = serve(0, true, true, platform(weixin_));
    urls_.weixinApi = serve(1, true, false, platform(weixinApi_));
    urls_.alipay = serve(2, true, false, platform(alipayPlatform_)) + "/gateway.do";
    urls_.bmob = serve(3, true, false, platform(bmobPlatform_));
    urls_.control = serve(4, false, false, [this](const Request& request) { return controlReply(request); });
  }

  void writeConfigs() {
    writeFile(file("apiclient_cert.p12"), keys_.merchantP12);
    writeFile(file("apiclient_cert.pem"), keys_.merchantCertificate);
    writeFile(file("apiclient_key.pem"), keys_.merchantKey);
    writeFile(file("app_private_key.pem"), alipay_.appPrivateKey);
    writeFile(file("alipay_public_key.pem"), alipay_.alipayPublicKey);
    const auto& weixin = options_.weixin;
    const auto push = weixinPushKeys(database_);
    const Json weixinConfig = Fields{{"appId", weixin.appId},
                                     {"mchId", weixin.mchId},
                                     {"key", weixin.key},
                                     {"pfxFile", file("apiclient_cert.p12")},
                                     {"secret", weixin.secret},
                                     {"pushToken", push.token},
                                     {"encodingAesKey", push.encodingAesKey},
                                     {"payBaseUrl", urls_.weixinPay},
                                     {"apiBaseUrl", urls_.weixinApi},
                                     {"caFile", urls_.caFile}};
    const Json alipayConfig = Fields{{"appId", alipay_.appId},
                                     {"mchId", alipay_.sellerId},
                                     {"signType", alipay_.signType},
                                     {"privateKeyFile", file("app_private_key.pem")},
                                     {"alipayPublicKeyFile", file("alipay_public_key.pem")},
                                     {"gateway", urls_.alipay},
                                     {"caFile", urls_.caFile}};
    const Json bmobConfig =
        Fields{{"baseUrl", urls_.bmob},        {"applicationId", bmob_.applicationId}, {"restApiKey", bmob_.restApiKey},
               {"secretKey", bmob_.secretKey}, {"safeCode", bmob_.safeCode},           {"masterKey", bmob_.masterKey},
               {"caFile", urls_.caFile}};
    writeFile(file("weixin.json"), weixinConfig.json() + "\n");
    writeFile(file("alipay.json"), alipayConfig.json() + "\n");
    writeFile(file("bmob.json"), bmobConfig.json() + "\n");
  }

  Reply controlReply(const Request& request) {
    try {
      const auto input = request.body.empty() ? Json{Fields{}} : Json::parse(request.body);
      return jsonReply(200, route(request.method, request.path, input));
    } catch (const ControlError& e) {
      return jsonReply(e.status(), errorJson(e.what(), e.field()));
    } catch (const Error& e) {
      return jsonReply(400, errorJson(e.what(), ""));
    }
  }

  Json route(std::string_view method, std::string_view path, const Json& input) {
    if (method == "GET") {
      if (path == "/orders") return all(&Platform::orders);
      if (path == "/refunds") return all(&Platform::refunds);
      if (path == "/notifies") return notifier_.list();
    } else if (method == "POST") {
      if (input.object() == nullptr && !input.isNull()) throw ControlError{400, "the body must be a JSON object"};
      if (path == "/fault") return fault(input);
      if (path == "/clock") return advance(input);
      if (path == "/notify") return notify(input);
      if (path == "/pay" || path == "/bill" || input.find("provider") != nullptr) return ask(platformOf(input), path, input);
      requireProvider(path);
    }
    throw noSuchRoute();
  }

  Json ask(Platform& platform, std::string_view path, const Json& input) {
    const auto fields = platform.controlFields(path);
    if (!fields && &platform != weixinApi_.get()) requireProvider(path);
    if (path == "/pay" && &platform == weixinApi_.get()) return platform.pay(input);  // which says where orders are paid
    if (!fields) throw noSuchRoute();
    refuseOthers(input, *fields);
    return path == "/pay" ? platform.pay(input) : platform.extra(path, input);
  }

  static ControlError noSuchRoute() { return {404, "there is no such route; docs/sandbox.md lists the control routes"}; }

  /// A provider may always be named: most routes need it.
  static void refuseOthers(const Json& input, FieldNames known) {
    known.emplace_back("provider");
    gateway::refuseOthers(input, known);
  }

  void requireProvider(std::string_view path) const {
    std::string who;
    if (weixinApi_->controlFields(path)) who = "weixinApi";
    if (bmobPlatform_->controlFields(path)) who += who.empty() ? "bmob" : " or bmob";
    if (!who.empty()) throw ControlError{400, "provider must be " + who, "provider"};
  }

  Json all(Json (Platform::*list)()) {
    Json::Array rows;
    for (auto* platform : {weixin_.get(), alipayPlatform_.get(), bmobPlatform_.get()}) {
      const auto more = (platform->*list)();
      rows.insert(rows.end(), more.array()->begin(), more.array()->end());
    }
    return rows;
  }

  Platform& platformOf(const Json& input) {
    const auto provider = requireText(input, "provider");
    if (provider == "weixin") return *weixin_;
    if (provider == "weixinApi") return *weixinApi_;
    if (provider == "alipay") return *alipayPlatform_;
    if (provider == "bmob") return *bmobPlatform_;
    throw ControlError{400, "provider must be weixin, weixinApi, alipay or bmob", "provider"};
  }

  Json fault(const Json& input) {
    refuseOthers(input, {"path", "times", "fault", "ms", "status", "errCode", "errMsg"});
    faults_.add(input);
    return Fields{{"ok", true}};
  }

  Json advance(const Json& input) {
    refuseOthers(input, {"advanceSeconds"});
    constexpr std::int64_t decade = 10LL * 366 * 86400;
    if (input.find("advanceSeconds") == nullptr) throw ControlError{400, "advanceSeconds is missing", "advanceSeconds"};
    clock_.advance(std::chrono::seconds{optionalInteger(input, "advanceSeconds", 0, 0, decade)});
    database_.setSetting("clock.offset", std::to_string(clock_.offset().count()));
    rearm();
    return Fields{{"now", readableTime(clock_.now())}, {"advancedSeconds", std::int64_t{clock_.offset().count() / 1000}}};
  }

  static bool flag(const Json& input, std::string_view name) {
    const auto* value = input.find(name);
    if (value == nullptr) return false;
    if (value->boolean() == nullptr) throw ControlError{400, std::string{name} + " must be true or false", std::string{name}};
    return *value->boolean();
  }

  Json notify(const Json& input) {
    refuseOthers(input, {"outTradeNo", "kind", "notifyTimes", "notifyDelayMs", "hold", "release", "reverse"});
    if (flag(input, "hold")) {
      notifier_.hold();
      return Fields{{"count", 0}};
    }
    if (flag(input, "release")) return Fields{{"count", notifier_.release(flag(input, "reverse"))}};
    const auto outTradeNo = requireText(input, "outTradeNo");
    const auto count = notifier_.repeat(outTradeNo, optionalText(input, "kind"), NotifyOptions::from(input));
    if (count == 0) throw ControlError{404, "there is no notification for this outTradeNo", "outTradeNo"};
    return Fields{{"count", count}};
  }

  void sendOut(const NotifyAttempt& attempt, std::function<void(const NotifyAnswer&)> done) {
    if (!isLoopback(attempt.url)) {
      done({.error = "the sandbox notifies loopback addresses only"});
      return;
    }
    HttpRequest request;
    request.url = attempt.url;
    request.headers.add("Content-Type", attempt.contentType);
    request.body = attempt.body;
    request.deadline = std::chrono::steady_clock::now() + notifyTimeout;
    request.label = "notify";
    auto delivery = deliver(transport_, std::move(request));
    asio::co_spawn(io_, std::move(delivery),
                   [done = std::move(done)](const std::exception_ptr& failure, const NotifyAnswer& answer) {
                     if (failure) {
                       done({.error = "the request failed"});
                     } else {
                       done(answer);
                     }
                   });
  }

  /// Sets the timer to the next notification; many calls in a row cost one.
  void rearm() {
    if (rearming_) return;
    rearming_ = true;
    asio::post(io_, [this] {
      rearming_ = false;
      const auto due = notifier_.nextDue();
      if (!due) return;
      const auto wait = std::max(std::chrono::milliseconds{0}, *due - clock_.now());
      timer_.expires_after((wait + std::chrono::milliseconds{clock_.scale() - 1}) / clock_.scale());
      timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) notifier_.runDue();
      });
    });
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::steady_timer timer_{io_};
  bool rearming_ = false;
  SandboxOptions options_;
  std::optional<OwnerLock> stateLock_;
  Database database_;
  Clock clock_;
  TlsKeys keys_;
  AlipayIdentity alipay_;
  BmobIdentity bmob_;
  Notifier notifier_;
  Faults faults_;
  std::shared_ptr<Transport> transport_;
  std::unique_ptr<Platform> weixin_;
  std::unique_ptr<Platform> weixinApi_;
  std::unique_ptr<Platform> alipayPlatform_;
  std::unique_ptr<Platform> bmobPlatform_;
  std::vector<std::unique_ptr<HttpServer>> servers_;
  std::optional<TemporaryFolder> temporary_;
  std::optional<OwnerLock> folderLock_;
  std::string folder_;
  SandboxUrls urls_;
  std::thread thread_;
};

Sandbox::Sandbox(SandboxOptions options) : impl_{std::make_unique<Impl>(std::move(options))} {}
Sandbox::~Sandbox() = default;
const SandboxUrls& Sandbox::urls() const { return impl_->urls(); }
std::string Sandbox::readyLine() const { return impl_->readyLine(); }
const std::string& Sandbox::configDir() const { return impl_->folder(); }
Json Sandbox::control(std::string_view method, std::string_view path, const Json& input) {
  return impl_->control(method, path, input);
}

}  // namespace openapi::gateway
