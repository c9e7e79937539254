#include <gateways/packing.hpp>
#include <gateways/platform.hpp>

#include <utility>

namespace openapi::gateway {
namespace {

Reply errorPage(int status) {
  const auto title = std::to_string(status) + " Error";
  return {.status = status,
          .contentType = "text/html",
          .body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
                  "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"};
}

/// What the platforms say of a bill before it is made.
Reply notReady(Platform& platform, const Request& request, std::string_view path) {
  if (path == weixinTradeBill) return platform.errorReply(request, "20003", "Bill Creating");
  if (path == weixinFundFlow) return platform.errorReply(request, "BILL_CREATING", "账单生成中");
  return platform.errorReply(request, "BILL_NOT_EXIST", "");
}

/// Whether it is gzip or zip, and no message.
bool isPacked(std::string_view contentType) {
  return contentType == "application/x-gzip" || contentType == "application/octet-stream";
}

/// An error that looks like a bill from outside.
Reply xmlInstead(Platform& platform, const Request& request, std::string_view path) {
  auto reply = platform.handle(request);
  reply.source = nullptr;
  reply.prepare = nullptr;
  reply.headers = {};
  if (path == alipayBillFile) {
    reply.body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InternalError</Code><Message>Please try again later."
        "</Message></Error>\n";
  } else {
    reply.body = platform.errorReply(request, path == weixinTradeBill ? "20100" : "SYSTEMERROR", "SYSTEMERROR").body;
  }
  return reply;
}

/// Now, or as soon as the headers are complete.
void spoilHead(const Platform& platform, Reply& reply) {
  if (!reply.prepare) return platform.spoilSignature(reply);
  reply.prepare = [&platform, prepare = std::move(reply.prepare)](Reply& prepared) {
    const bool ready = prepare(prepared);
    if (ready) platform.spoilSignature(prepared);
    return ready;
  };
}

}  // namespace

Json Platform::extra(std::string_view, const Json&) { throw ControlError{404, "there is no such route"}; }

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
    case FaultKind::badSignature:
    case FaultKind::wrongDigest: {
      auto reply = platform.handle(request);
      spoilHead(platform, reply);
      return reply;
    }
    case FaultKind::notReady:
      return notReady(platform, request, fault->path);
    case FaultKind::xmlInstead:
      return xmlInstead(platform, request, fault->path);
    case FaultKind::damagedGzip: {
      auto reply = platform.handle(request);
      if (isPacked(reply.contentType)) damage(reply);
      return reply;
    }
  }
  return errorPage(500);
}

}  // namespace openapi::gateway
