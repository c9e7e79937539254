#include <codec/multipart.hpp>
#include <openapi/error.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using namespace openapi;
using codec::parseMultipart;

namespace {

const std::string type = "multipart/form-data; boundary=xyz";

std::string part(const std::string& disposition, const std::string& content, const std::string& more = {}) {
  return "--xyz\r\nContent-Disposition: form-data; " + disposition + "\r\n" + more + "\r\n" + content + "\r\n";
}

const std::string end = "--xyz--\r\n";

void refused(const std::string& contentType, const std::string& body) {
  BOOST_TEST_CONTEXT(contentType << " | " << body) {
    BOOST_CHECK_EXCEPTION(parseMultipart(contentType, body), Error, [](const Error& e) { return e.errc() == Errc::badResponse; });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(fields_and_files) {
  const auto body =
      part("name=\"ratios\"", "1,2.35") +
      part("name=\"media\"; filename=\"a.png\"", std::string{"\x89PNG\r\n\0--xy\r\n--xy", 18}, "Content-Type: image/png\r\n") +
      part("name=empty; filename=\"\"", "") + end;
  const auto parts = parseMultipart(type, body);
  BOOST_REQUIRE(parts.size() == 3U);
  BOOST_TEST(parts[0].name == "ratios");
  BOOST_TEST(!parts[0].filename.has_value());
  BOOST_TEST(parts[0].content == "1,2.35");
  BOOST_TEST(parts[1].filename.value() == "a.png");
  BOOST_TEST(parts[1].contentType == "image/png");
  BOOST_TEST(parts[1].content.size() == 18U);
  BOOST_TEST(parts[2].name == "empty");
  BOOST_TEST(parts[2].filename.value().empty());
  BOOST_TEST(parts[2].content.empty());
}

BOOST_AUTO_TEST_CASE(content_types_and_names) {
  const auto body = part("name=\"a\"", "1") + "--xyz--";
  BOOST_TEST(parseMultipart("Multipart/Form-Data;charset=utf-8; Boundary=\"xyz\"", body).size() == 1U);
  BOOST_TEST(parseMultipart(type, end).empty());
  BOOST_TEST(parseMultipart(type, part(R"(name="a\"b\\c"; filename="d\e")", "1") + end)[0].name == R"(a"b\c)");
  BOOST_TEST(parseMultipart(type, part(R"(name="a"; filename="d\e")", "1") + end)[0].filename.value() == R"(d\e)");
  BOOST_TEST(!parseMultipart(type, part("name=\"a\"; filename*=utf-8''x.png", "1") + end)[0].filename.has_value());
  BOOST_TEST(parseMultipart(type, "--xyz\r\ncontent-disposition: form-data; name=a\r\n\r\n\r\n--xyz--")[0].content.empty());
  BOOST_TEST(parseMultipart(type, "--xyz\r\ncontent-disposition: form-data; name=a\r\n\r\n--xyz--")[0].content.empty());
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  const auto good = part("name=\"a\"", "1") + end;
  for (const auto* contentType : {"", "text/plain; boundary=xyz", "multipart/form-data", "multipart/form-data; boundary=",
                                  "multipart/form-data; boundary=\"xyz", "multipart/form-data; boundary=xyz; boundary=xyz",
                                  "multipart/form-data; boundary", "multipart/form-data; boundary=xyz junk",
                                  "multipart/form-data; boundary=other", "multipart/form-data; boundary=\"xyz \""}) {
    refused(contentType, good);
  }
  refused("multipart/form-data; boundary=" + std::string(71, 'x'), "--" + std::string(71, 'x') + "--");
  for (std::size_t cut = 0; cut < good.size() - 2; ++cut) refused(type, good.substr(0, cut));
  refused(type, "preamble\r\n" + good);
  refused(type, good + "epilogue");
  refused(type, "--xyz \r\n" + good.substr(7));
  refused(type, "--xyz\n" + good.substr(7));
  refused(type, part("name=\"\"", "1") + end);
  refused(type, part("filename=\"a\"", "1") + end);
  refused(type, part("name=\"a\"; name=\"b\"", "1") + end);
  refused(type, part("name=\"a", "1") + end);
  refused(type, part("name=\"a\nb\"", "1") + end);
  refused(type, part("name=\"a\"", "1\r\n--xyzw") + end);
  refused(type, "--xyz\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--xyz--");
  refused(type, "--xyz\r\nContent-Type: text/plain\r\n\r\n1\r\n--xyz--");
  refused(type, "--xyz\r\n: form-data; name=a\r\n\r\n1\r\n--xyz--");
  refused(type, part("name=a", "1", "Content-Disposition: form-data; name=b\r\n") + end);
  refused(type, part("name=a", "1", "X: " + std::string(4096, 'x') + "\r\n") + end);
}

BOOST_AUTO_TEST_CASE(the_number_of_parts_is_bounded) {
  std::string body;
  for (int i = 0; i < 100; ++i) body += part("name=a", "");
  BOOST_TEST(parseMultipart(type, body + end).size() == 100U);
  refused(type, body + part("name=a", "") + end);
}

BOOST_AUTO_TEST_SUITE_END()
