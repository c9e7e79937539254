// A bill that comes damaged or cut means the same on both platforms: it was asked for, no money moved, ask again.
#include <boost/test/unit_test.hpp>

#include "gateway/bill_day.hpp"

using namespace bill_day;

namespace {

void checkDamage(Payment& payment, const DownloadBillRequest& request, Errc expected) {
  const auto error = failureOf([&] { (void)save(payment, request, day().file("damaged.csv")); });
  BOOST_TEST_CONTEXT(error.what()) {
    BOOST_TEST((error.errc() == expected));
    BOOST_TEST((error.outcome() == Outcome::unknown));
    BOOST_TEST(error.retryable());
    BOOST_TEST(error.method() == "payment.downloadBill");
  }
  BOOST_TEST(!fs::exists(day().file("damaged.csv")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(damaged_bills)

BOOST_AUTO_TEST_CASE(the_same_on_both_platforms) {
  auto weixin = day().weixin();
  auto alipay = day().alipay();
  const DownloadBillRequest packed{.billDate = day().today, .tarType = "GZIP"};
  const DownloadBillRequest plain{.billDate = day().today};
  day().fault("/pay/downloadbill", "damagedGzip");
  checkDamage(weixin.payment, packed, Errc::badResponse);
  day().fault("/downloadBillFile.resource", "damagedGzip");
  checkDamage(alipay.payment, plain, Errc::badResponse);
  day().fault("/pay/downloadbill", "truncate");
  checkDamage(weixin.payment, plain, Errc::connectionLost);
  day().fault("/downloadBillFile.resource", "truncate");
  checkDamage(alipay.payment, plain, Errc::connectionLost);
}

BOOST_AUTO_TEST_SUITE_END()
