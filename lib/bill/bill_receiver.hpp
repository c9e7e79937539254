#pragma once

#include <openapi/bill/sink.hpp>
#include <openapi/transport.hpp>

#include <codec/gunzip.hpp>
#include <crypto/digest.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::bill {

/// Takes an answer that is a bill, plain or gzip, or an XML message in its place, which only its first bytes tell. The bill goes
/// to the sink as it comes, decompressed; a message, which is small, is kept.
class BillReceiver : public BodySink {
 public:
  explicit BillReceiver(std::shared_ptr<BillSink> sink) : sink_{std::move(sink)} {}

  void begin(const HttpResponse& head) override;
  void take(std::string_view bytes) override;

  struct Received {
    std::optional<std::string> message{};  ///< what came instead of a bill
    std::int64_t bytes = 0;                ///< of the bill, decompressed
    bool digestVerified = false;
  };
  /// The answer has ended. `response` may hold the body, if the transport knows no sinks. Throws `Error`: `httpStatus`;
  /// `badResponse` when it is neither a bill nor XML, the gzip stream is damaged or cut, or the digest that came does not fit.
  /// The sink is not completed yet.
  [[nodiscard]] Received finish(const HttpResponse& response);

 private:
  enum class Form { undecided, plain, gzip };
  enum class Content { undecided, bill, message };

  void inflate(std::string_view bytes);
  void takeDecoded(std::string_view bytes);
  void decide();
  void hand(std::string_view bytes);
  [[nodiscard]] bool verifyDigest();

  std::shared_ptr<BillSink> sink_;
  bool begun_ = false;
  int status_ = 0;
  Form form_ = Form::undecided;
  Content content_ = Content::undecided;
  std::unique_ptr<codec::Gunzip> gunzip_;
  codec::GrowthGuard growth_;
  bool gunzipped_ = false;
  std::vector<char> inflated_;
  std::string start_;   ///< bytes that are not decided upon yet, or the message
  std::string digest_;  ///< hex digits that the answer's head states
  std::optional<crypto::Sha1> travelled_;
  std::optional<crypto::Sha1> decoded_;
  std::int64_t bytes_ = 0;
};

}  // namespace openapi::bill
