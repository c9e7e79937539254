#include "http/tls.hpp"

#include <openapi/error.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

#include <new>

namespace openapi::http {

namespace {

constexpr std::size_t mostServers = 1024;
constexpr std::size_t mostIdentities = 64;

// Where an SSL keeps the pointer to its SessionSlot. OpenSSL numbers these slots at run time.
int sessionIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int keepSession(SSL* ssl, SSL_SESSION* session) {
  auto* slot = static_cast<SessionSlot*>(SSL_get_ex_data(ssl, sessionIndex()));
  if (slot == nullptr) return 0;
  slot->store(Session{session});
  return 1;
}

template <class Pointer>
Pointer present(Pointer pointer) {
  if (!pointer) {
    ERR_clear_error();
    throw std::bad_alloc{};
  }
  return pointer;
}

void require(bool good, const char* message) {
  if (good) return;
  ERR_clear_error();
  throw Error(Errc::config, message);
}

void use(SSL_CTX* context, const ClientIdentity& identity) {
  const char* message = "the client certificate and its key cannot be used for TLS; check the p12 or PEM files of the merchant";
  require(SSL_CTX_use_certificate(context, identity.certificate()) == 1, message);
  require(SSL_CTX_use_PrivateKey(context, identity.key()) == 1, message);
  for (const auto& link : identity.chain()) require(SSL_CTX_add1_chain_cert(context, link.get()) == 1, message);
}

bool isAddress(const std::string& host) {
  boost::system::error_code noAddress;
  boost::asio::ip::make_address(host, noAddress);
  return !noAddress;
}

void expectHost(SSL* ssl, const std::string& host) {
  auto* rules = SSL_get0_param(ssl);
  if (isAddress(host)) {
    require(X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1, "the address of the server cannot be checked");
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  require(X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) == 1, "the name of the server cannot be checked");
  auto* name = const_cast<char*>(host.c_str());  // OpenSSL copies it
  require(SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) == 1,
          "the name of the server is too long for TLS");
}

}  // namespace

void SessionSlot::store(Session session) {
  const std::lock_guard lock{mutex_};
  session_.swap(session);
}

Session SessionSlot::copy() const {
  const std::lock_guard lock{mutex_};
  if (session_) SSL_SESSION_up_ref(session_.get());
  return Session{session_.get()};
}

TlsProfile::TlsProfile(X509_STORE* roots, const ClientIdentity* identity) : context_{present(SSL_CTX_new(TLS_client_method()))} {
  auto* context = context_.get();
  require(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1, "this OpenSSL has no TLS 1.2");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set1_cert_store(context, roots);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keepSession);
  if (identity) use(context, *identity);
}

std::shared_ptr<SessionSlot> TlsProfile::sessions(const std::string& address) {
  const std::lock_guard lock{mutex_};
  if (sessions_.size() >= mostServers && !sessions_.contains(address)) sessions_.clear();
  auto& slot = sessions_[address];
  if (!slot) slot = std::make_shared<SessionSlot>();
  return slot;
}

Ssl TlsProfile::start(const std::string& host, SessionSlot& sessions) const {
  Ssl ssl{present(SSL_new(context_.get()))};
  expectHost(ssl.get(), host);
  require(SSL_set_ex_data(ssl.get(), sessionIndex(), &sessions) == 1, "TLS cannot be set up");
  if (const auto session = sessions.copy()) SSL_set_session(ssl.get(), session.get());
  return ssl;
}

TlsProfiles::TlsProfiles(const std::string& caFile) : roots_{present(X509_STORE_new())} {
  if (caFile.empty()) {
    require(X509_STORE_set_default_paths(roots_.get()) == 1, "the system's root certificates cannot be read");
  } else {
    const auto message = "caFile: " + caFile + " cannot be read as PEM certificates; check the path and the content";
    require(X509_STORE_load_file(roots_.get(), caFile.c_str()) == 1, message.c_str());
  }
}

std::shared_ptr<TlsProfile> TlsProfiles::of(const ClientIdentity* identity) {
  const std::string fingerprint = identity ? identity->fingerprint() : std::string{};
  const std::lock_guard lock{mutex_};
  if (const auto known = profiles_.find(fingerprint); known != profiles_.end()) return known->second;
  if (profiles_.size() >= mostIdentities) profiles_.clear();
  auto profile = std::make_shared<TlsProfile>(roots_.get(), identity);
  profiles_.emplace(fingerprint, profile);
  return profile;
}

HandshakeFault explainHandshake(const SSL* ssl, const std::string& host, const std::string& reason) {
  switch (SSL_get_verify_result(ssl)) {
    case X509_V_OK:
      return {"the TLS handshake failed (" + reason + "); check that the server speaks TLS 1.2 or newer", false};
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {"the certificate of the server has expired; check the clock of this machine, or ask the operator of the server",
              true};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {"the certificate of the server is not valid yet; check the clock of this machine", true};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {"the certificate of the server is for another host than " + host + "; check the URL and the proxy", true};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return {"the certificate of the server is self-signed; if you trust it, put it into caFile", true};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return {"the certificate of the server comes from an unknown authority; install ca-certificates or name its root in caFile",
              true};
    default:
      return {
          std::string("the certificate of the server was refused: ") + X509_verify_cert_error_string(SSL_get_verify_result(ssl)),
          true};
  }
}

bool refusesClientCertificate(unsigned long error) {
  if (ERR_GET_LIB(error) != ERR_LIB_SSL) return false;
  switch (ERR_GET_REASON(error)) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
      return true;
    default:
      return false;
  }
}

}  // namespace openapi::http
