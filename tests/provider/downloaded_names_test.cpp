// Names of the files that WeChat gives, as a server may spell them.
#include <boost/test/unit_test.hpp>

#include "every_service.hpp"

#include <string>

using namespace openapi;
using namespace openapi::test;

BOOST_AUTO_TEST_SUITE(downloaded_names)

BOOST_AUTO_TEST_CASE(names_of_downloaded_files) {
  const struct {
    std::string header;
    const char* name;  ///< null: none
  } rows[] = {
      {"attachment; filename=\"MEDIA_ID.jpg\"", "MEDIA_ID.jpg"},
      {"attachment;filename=MEDIA_ID.jpg", "MEDIA_ID.jpg"},
      {"attachment; FileName = \"a b.jpg\" ; x=y", "a b.jpg"},
      {"attachment; filename*=utf-8''%E6%B5%8B%E8%AF%95.xlsx; filename=\"\xC3\xA6\xC2\xB5.xlsx\"", "测试.xlsx"},
      {"attachment; filename*=utf-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.jpg; filename=\"x.jpg\"", "营业执照.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=UTF-8'zh'%E6%B5%8B.jpg", "测.jpg"},
      {"attachment; filename=\"测试.xlsx\"", "测试.xlsx"},
      {"attachment; filename=\"x.jpg\"; filename*=gbk''%B2%E2.jpg", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''%B2%E2.jpg", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''%E6%B5%8", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''%zz.jpg", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8", "x.jpg"},
      {"attachment; filename=\"x.jpg\"; filename*=utf-8''..%2F..%2F", "x.jpg"},
      {"attachment; filename*=utf-8''..%2F..%2Fetc%2Fpasswd", "passwd"},
      {"attachment; filename*=utf-8''..%5C..%5Cboot.ini", "boot.ini"},
      {"attachment; filename*=utf-8''a%00b%0D%0Ac.jpg", "a b  c.jpg"},
      {"attachment; filename=\"../../etc/passwd\"", "passwd"},
      {"attachment; filename=\"/etc/passwd\"", "passwd"},
      {"attachment; filename=\"C:\\windows\\x.ini\"", "x.ini"},
      {"attachment; filename=\"a\\\"; filename=b.jpg\"", "a\"; filename=b.jpg"},
      {"attachment; filename=\"a\x01\x1B[31mb.jpg\"", "a  [31mb.jpg"},
      {"attachment; filename=\"\xFF\xFE.jpg\"", "??.jpg"},
      {"attachment; filename=\"a/\"", nullptr},
      {"attachment; filename=\"..\"", nullptr},
      {"attachment; filename=\".\"", nullptr},
      {"attachment; filename=\"x/.. \"", nullptr},
      {"attachment; filename=\"..\x01\"", nullptr},
      {"attachment; filename=\"\"", nullptr},
      {"attachment; filename=\"  \"", nullptr},
      {"attachment; filename=", nullptr},
      {"attachment; filename", nullptr},
      {"attachment; filename=\"open", nullptr},
      {"attachment; filename=\"open\\\"", nullptr},
      {"attachment; xfilename=\"a.jpg\"", nullptr},
      {"filename=\"a.jpg\"", nullptr},
      {"attachment", nullptr},
      {";;;===\"\"\"", nullptr},
      {"attachment; x=\"filename=a.jpg\"", nullptr},
      {"", nullptr},
  };
  ServiceFixture fixture;
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.header) {
      auto answer = answerOf(jpegBytes, "image/jpeg");
      answer.headers.add("Content-disposition", row.header);
      const auto result = callWith(fixture, serviceOf("customerServiceMessage.getTempMedia"), answer);
      const Json* name = result.find("filename");
      BOOST_TEST((name == nullptr) == (row.name == nullptr), result.json());
      if (name != nullptr && row.name != nullptr) BOOST_TEST(*name == Json{row.name});
    }
  }
  auto answer = answerOf(jpegBytes, "image/jpeg");
  answer.headers.add("Content-disposition", "attachment; filename=\"" + repeated("长", 5000) + ".jpg\"");
  const auto result = callWith(fixture, serviceOf("customerServiceMessage.getTempMedia"), answer);
  BOOST_TEST(result.find("filename")->string()->size() < 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
