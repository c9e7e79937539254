#include <gateways/platform.hpp>

namespace openapi::gateway {
namespace {

Reply errorPage(int status) {
  const auto title = std::to_string(status) + " Error";
  return {.status = status,
          .contentType = "text/html",
          .body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
                  "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"};
}

}  // namespace

Json Platform::extra(std::string_view, const Json&) { throw ControlError{404, "there is no such route"}; }

bool Platform::hasExtra(std::string_view) const { return false; }

Reply answer(Platform& platform, Faults& faults, const Request& request) {
  const auto names = platform.faultNames(request);
  const auto fault = faults.take(names);
  if (!fault) return platform.handle(request);
  switch (fault->kind) {
    case FaultKind::dropBeforeCommit:
      return {.fault = TransportFault::dropConnection};
    case FaultKind::status:
      return errorPage(fault->status);
    case FaultKind::errorCode:
      return platform.errorReply(request, fault->errCode, fault->errMsg);
    case FaultKind::dropAfterCommit: {
      auto reply = platform.handle(request);
      reply.fault = TransportFault::dropConnection;
      return reply;
    }
    case FaultKind::truncate: {
      auto reply = platform.handle(request);
      reply.fault = TransportFault::truncate;
      return reply;
    }
    case FaultKind::delay: {
      auto reply = platform.handle(request);
      reply.delay = std::chrono::milliseconds{fault->ms};
      return reply;
    }
    case FaultKind::badSignature: {
      auto reply = platform.handle(request);
      platform.spoilSignature(reply);
      return reply;
    }
  }
  return errorPage(500);
}

}  // namespace openapi::gateway
