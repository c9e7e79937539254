#pragma once

#include <gateways/platform.hpp>
#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <memory>
#include <string>
#include <string_view>

#include "oracle.hpp"

namespace fuzz {

/// A Bmob platform in memory with a few rows, one of which only the master may read.
class BmobPeer {
 public:
  static constexpr std::string_view secret = "hiddenmarker";

  BmobPeer() {
    platform_ = openapi::gateway::makeBmobPlatform(identity(), {clock_, database_, notifier_});
    const auto save = [&](const std::string& name, const std::string& body) {
      require(send("POST", "/1/classes/" + name, {}, body, false).status == 201, "a row of the set-up");
    };
    save("Game",
         R"({"score":1,"who":"A","tags":["x",1],"yes":true,"map":{"a":{"b":[1]}},)"
         R"("at":{"__type":"Date","iso":"2018-08-21 18:02:52"},"place":{"__type":"GeoPoint","latitude":23,"longitude":113}})");
    save("Game", R"({"score":2.5,"who":"B","hiddenText":"hiddenmarker","ACL":{}})");
    save("Post", R"({"own":{"__type":"Pointer","className":"Game","objectId":"x"},"likes":{"__op":"AddRelation","objects":[)"
                 R"({"__type":"Pointer","className":"_User","objectId":"x"}]}})");
    tables_ = count("SELECT count(*) AS n FROM sqlite_master");
  }

  static openapi::gateway::BmobIdentity identity() {
    return {.applicationId = "app",
            .restApiKey = "key",
            .secretKey = "0123456789abcdef",
            .safeCode = "safeco",
            .masterKey = "master"};
  }

  openapi::gateway::Reply send(const std::string& method, const std::string& path, const std::string& query,
                               const std::string& body, bool isMaster) {
    openapi::gateway::Request request{.method = method, .path = path, .query = query, .body = body};
    request.headers = {{"X-Bmob-Application-Id", "app"}, {"X-Bmob-REST-API-Key", "key"}, {"Content-Type", "application/json"}};
    if (isMaster) request.headers.add("X-Bmob-Master-Key", "master");
    return handle(request);
  }

  /// The answer, which is well-formed whatever was asked.
  openapi::gateway::Reply handle(const openapi::gateway::Request& request) {
    const auto reply = answered(request);
    require(reply.contentType == "application/json", "no JSON");
    const auto json = openapi::Json::parse(reply.body);
    const bool isGood = reply.status == 200 || reply.status == 201;
    require(isGood || reply.status == 400 || reply.status == 401 || reply.status == 404, "another status");
    require(isGood == (json.find("error") == nullptr), "an error in a success, or none in a failure");
    for (const auto& [name, value] : reply.headers)
      require(value.find_first_of("\r\n") == std::string::npos, "a line break in a header");
    return reply;
  }

  /// A query wrote nothing.
  void requireUnchanged() {
    require(count("SELECT count(*) AS n FROM sqlite_master") == tables_, "another schema");
    require(count("SELECT count(*) AS n FROM bmob_classes") == 6, "another number of classes");
  }

 private:
  openapi::gateway::Reply answered(const openapi::gateway::Request& request) {
    try {
      return platform_->handle(request);
    } catch (const std::exception& error) {
      std::cerr << error.what() << '\n';
      require(false, "the gateway failed");
      throw;
    }
  }

  std::int64_t count(const std::string& sql) { return database_.first(sql)->integer("n"); }

  openapi::gateway::Clock clock_{[] { return openapi::gateway::fromMillis(1704164648000); }};
  openapi::gateway::Database database_{};
  openapi::gateway::Notifier notifier_{clock_, database_, 1, [](const openapi::gateway::NotifyAttempt&, auto) {}, [] {}};
  std::unique_ptr<openapi::gateway::Platform> platform_;
  std::int64_t tables_ = 0;
};

}  // namespace fuzz
