#pragma once

#include "crypto/client_identity.hpp"

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace openapi::http {

struct FreeSslContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeSession {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeSslContext>;
using Ssl = std::unique_ptr<SSL, FreeSsl>;
using Session = std::unique_ptr<SSL_SESSION, FreeSession>;

/// The newest session of one server, to resume. Filled from whatever thread reads a ticket.
class SessionSlot {
 public:
  void store(Session session);
  [[nodiscard]] Session copy() const;

 private:
  mutable std::mutex mutex_;
  Session session_;
};

/// How connections of one client identity (or none) speak TLS: 1.2 or newer, the peer's certificate and name checked.
class TlsProfile {
 public:
  TlsProfile(X509_STORE* roots, const ClientIdentity* identity);

  /// The sessions of `host:port`. Must outlive each `SSL` that `start` made with it.
  [[nodiscard]] std::shared_ptr<SessionSlot> sessions(const std::string& address);
  /// A client side for a connection to `host`, a name or an address.
  [[nodiscard]] Ssl start(const std::string& host, SessionSlot& sessions) const;

 private:
  SslContext context_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<SessionSlot>> sessions_;
};

/// The profiles of one client. The roots are read once.
class TlsProfiles {
 public:
  /// `caFile`: PEM roots instead of the system's, or empty. Throws `Error` with `config` if it cannot be read.
  explicit TlsProfiles(const std::string& caFile);

  [[nodiscard]] std::shared_ptr<TlsProfile> of(const ClientIdentity* identity);

 private:
  struct FreeStore {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  };

  std::unique_ptr<X509_STORE, FreeStore> roots_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<TlsProfile>> profiles_;
};

/// Why a handshake failed, and what to check. `reason` is OpenSSL's or the system's text.
struct HandshakeFault {
  std::string message;
  bool certificate = false;  ///< the server's certificate was refused: another attempt ends the same way
};
[[nodiscard]] HandshakeFault explainHandshake(const SSL* ssl, const std::string& host, const std::string& reason);

/// Whether an OpenSSL error code is an alert by which a server refuses the client certificate, or misses one.
[[nodiscard]] bool refusesClientCertificate(unsigned long error);

}  // namespace openapi::http
