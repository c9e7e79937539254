#include "bmob_bench.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

using namespace bmob_bench;
namespace fs = std::filesystem;

namespace {

const std::string host = "http://bmob-cdn.example.com";

/// A folder of this test that goes with it.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("openapi-bmob-" + std::to_string(::getpid()) + "-" + crypto::randomText(8));
  Folder() { fs::create_directories(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator{path}) found.push_back(entry.path().filename().string());
    return found;
  }
};

Request withType(Request request, const std::string& type) {
  Headers headers;
  for (const auto& [name, value] : request.headers) headers.add(name, name == "Content-Type" ? type : value);
  request.headers = headers;
  return request;
}

Answer upload(const Bench& bench, const std::string& name, const std::string& bytes,
              const std::string& type = "application/json") {
  return bench.handle(withType(bench.plain("POST", "/2/files/" + name, bytes), type));
}

/// The path of a file's address, as a browser asks for it.
std::string pathIn(const Answer& answer) { return answer.text("url").substr(host.size()); }

/// What anybody gets, without keys.
Reply download(const Bench& bench, const std::string& path) { return bench.platform->handle({.method = "GET", .path = path}); }

std::string uploaded(const Bench& bench, const std::string& bytes = "Hello, World!") {
  const auto answer = upload(bench, "hello.txt", bytes);
  BOOST_TEST(answer.reply.status == 200, answer.reply.body);
  return pathIn(answer);
}

bool isHex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

std::string form(const std::string& content, const std::string& end = "\r\n--b--\r\n") {
  return "--b\r\nContent-Disposition: form-data; name=\"_ContentType\"\r\n\r\ntext/plain\r\n"
         "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" +
         content + end;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_files)

BOOST_AUTO_TEST_CASE(an_upload_and_its_address) {
  const Bench bench;
  const auto answer = upload(bench, "hello.txt", "Hello, World!");
  BOOST_TEST(answer.reply.status == 200);
  BOOST_TEST(answer.text("filename") == "hello.txt");
  BOOST_TEST(answer.text("cdn") == "upyun");
  const auto path = pathIn(answer);
  BOOST_TEST(answer.text("url") == host + path);
  BOOST_TEST(path.substr(0, 12) == "/2024/01/02/");
  BOOST_TEST(path.size() == 12 + 32 + 4);
  BOOST_TEST(isHex(path.substr(12, 32)));
  BOOST_TEST(path.substr(44) == ".txt");
  const auto file = download(bench, path);
  BOOST_TEST(file.status == 200);
  BOOST_TEST(file.body == "Hello, World!");
  BOOST_TEST(file.contentType == "text/plain; charset=utf-8");
  BOOST_TEST(file.headers.get("X-Content-Type-Options") == "nosniff");
  BOOST_TEST(uploaded(bench) != path);
}

BOOST_AUTO_TEST_CASE(bytes_stay_as_they_are_whatever_their_type) {
  const Bench bench;
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i % 256);
  for (const auto* type : {"application/json", "text/plain", "image/png", "application/octet-stream", ""}) {
    const auto answer = upload(bench, "bytes.bin", bytes, type);
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    BOOST_TEST((download(bench, pathIn(answer)).body == bytes));
  }
  const auto page = upload(bench, "page.HTML", "<script>alert(1)</script>");
  BOOST_TEST(download(bench, pathIn(page)).contentType == "application/octet-stream");
  BOOST_TEST(download(bench, pathIn(upload(bench, "A.PNG", "x"))).contentType == "image/png");
}

BOOST_AUTO_TEST_CASE(forms_of_mini_programs) {
  const Bench bench;
  const std::string type = "multipart/form-data; boundary=b";
  const std::string content{"\x89PNG\r\n\0--b", 10};
  const auto answer = upload(bench, "picture.png", form(content), type);
  BOOST_TEST(answer.reply.status == 200, answer.reply.body);
  BOOST_TEST(answer.text("filename") == "picture.png");
  BOOST_TEST((download(bench, pathIn(answer)).body == content));
  BOOST_TEST(upload(bench, "a.png", form(""), type).reply.body == R"({"code":149,"error":"empty file"})");
  const std::string damaged = R"({"code":150,"error":"file upload error: the body is damaged."})";
  BOOST_TEST(upload(bench, "a.png", form("cut", ""), type).reply.body == damaged);
  BOOST_TEST(upload(bench, "a.png", form("cut", "\r\n--b"), type).reply.body == damaged);
  BOOST_TEST(upload(bench, "a.png", "--b--\r\n", type).reply.body == damaged);
  BOOST_TEST(upload(bench, "a.png", form("x"), "Multipart/Form-Data").reply.body == damaged);
}

BOOST_AUTO_TEST_CASE(older_sdks_send_base64_in_a_text) {
  const Bench bench;
  const auto send = [&](const std::string& base64) {
    Request request{.method = "POST", .path = "/2/files/a.txt"};
    request.headers = {{"Content-Type", "text/plain"}};
    request.body = Json{Fields{{"base64", base64},
                               {"_ContentType", "text/plain"},
                               {"_ApplicationId", bench.identity.applicationId},
                               {"_RestKey", bench.identity.restApiKey}}}
                       .json();
    return bench.handle(request);
  };
  const auto answer = send("SGVsbG8=");
  BOOST_TEST(answer.reply.status == 200, answer.reply.body);
  BOOST_TEST(download(bench, pathIn(answer)).body == "Hello");
  BOOST_TEST(send("SGVsbG8").code() == 150);
  BOOST_TEST(send("").code() == 149);
}

BOOST_AUTO_TEST_CASE(older_sdks_have_their_keys_in_the_form) {
  const Bench bench;
  const auto send = [&](const std::string& key) {
    const auto field = [](const std::string& name, const std::string& value) {
      return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    };
    Request request{.method = "POST", .path = "/2/files/a.txt"};
    request.headers = {{"Content-Type", "multipart/form-data; boundary=b"}, {"X-Bmob-SDK-Type", "wechatApp"}};
    request.body = field("_ApplicationId", bench.identity.applicationId) + field("_RestKey", key) +
                   field("_SessionToken", "bmob") + form("Hello");
    return bench.handle(request);
  };
  const auto answer = send(bench.identity.restApiKey);
  BOOST_TEST(answer.reply.status == 200, answer.reply.body);
  BOOST_TEST(download(bench, pathIn(answer)).body == "Hello");
  BOOST_TEST(send("guessed").reply.body == R"({"error":"unauthorized"})");
}

BOOST_AUTO_TEST_CASE(names_that_are_refused) {
  const Bench bench;
  for (const auto* name : {"nosuffix", "hello.", ".txt", "..", ".", "%2e%2e", "%2e%2e%2fetc%2fpasswd", "..%2f..%2fa.txt",
                           "a%2Fb.txt", "a%00.txt", "a.t%00xt", "a%0a.txt", "a.t%20xt", "a.%E5%9B%BE", "a.12345678901234567"}) {
    const auto answer = upload(bench, name, "x");
    BOOST_TEST(
        answer.reply.body == R"({"code":146,"error":"file name must use base64 encode before upload OR file must have suffix"})",
        name << ": " << answer.reply.body);
  }
  BOOST_TEST(upload(bench, std::string(252, 'a') + ".txt", "x").code() == 146);
  BOOST_TEST(upload(bench, std::string(251, 'a') + ".txt", "x").reply.status == 200);
  BOOST_TEST(upload(bench, "a%5Cb.txt", "x").code() == 10042);
  BOOST_TEST(upload(bench, "a/b.txt", "x").reply.status == 404);
  BOOST_TEST(upload(bench, "%ff.txt", "x").reply.status == 404);
}

BOOST_AUTO_TEST_CASE(names_that_are_fine) {
  const Bench bench;
  BOOST_TEST(upload(bench, "%E5%9B%BE%20%E7%89%87.png", "x").text("filename") == "图 片.png");
  BOOST_TEST(upload(bench, "aGVsbG8udHh0", "x").text("filename") == "hello.txt");
  BOOST_TEST(upload(bench, "Li4vYS50eHQ%3D", "x").code() == 146);    // ../a.txt
  BOOST_TEST(upload(bench, "YVxiLnR4dA%3D%3D", "x").code() == 146);  // a\b.txt
  const auto packed = upload(bench, "a.tar.gz", "x");
  BOOST_TEST(pathIn(packed).ends_with(".gz"));
}

BOOST_AUTO_TEST_CASE(sizes) {
  const Bench bench;
  BOOST_TEST(upload(bench, "empty.txt", "").reply.body == R"({"code":149,"error":"empty file"})");
  BOOST_TEST(upload(bench, "one.txt", "1").reply.status == 200);
  BOOST_TEST(upload(bench, "most.bin", std::string(10 * 1024 * 1024, 'x')).reply.status == 200);
  BOOST_TEST(upload(bench, "more.bin", std::string(10 * 1024 * 1024 + 1, 'x')).reply.body ==
             R"({"code":145,"error":"file size is larger than 10485760 bytes."})");
}

BOOST_AUTO_TEST_CASE(uploads_need_keys) {
  const Bench bench;
  BOOST_TEST(bench.handle({.method = "POST", .path = "/2/files/a.txt", .body = "x"}).reply.status == 401);
  BOOST_TEST(bench.handle({.method = "DELETE", .path = "/2/files/upyun" + uploaded(bench)}).reply.status == 401);
}

BOOST_AUTO_TEST_CASE(a_deleted_file_is_gone) {
  const Bench bench;
  const auto path = uploaded(bench);
  BOOST_TEST(bench.remove("/2/files/upyun/" + path).reply.body == R"({"msg":"ok"})");  // two slashes, as SDK 2 does
  BOOST_TEST(download(bench, path).status == 404);
  BOOST_TEST(download(bench, path).body == R"({"code":404,"error":"not found"})");
  const auto again = bench.remove("/2/files/upyun" + path);
  BOOST_TEST(again.reply.status == 400);
  BOOST_TEST(again.code() == 156);
  BOOST_TEST(again.error() == path.substr(1) + " not found");
}

BOOST_AUTO_TEST_CASE(deletes_that_are_refused) {
  const Bench bench;
  const auto path = uploaded(bench);
  BOOST_TEST(bench.remove("/2/files/upyun").reply.body == R"({"code":152,"error":"file url empty"})");
  BOOST_TEST(bench.remove("/2/files/upyun//").code() == 152);
  BOOST_TEST(bench.remove("/2/files/qiniu" + path).reply.body == R"({"code":156,"error":"qiniu not found"})");
  for (const auto* other : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/2024/01/02/%00", "/x"}) {
    BOOST_TEST(bench.remove("/2/files/upyun" + std::string{other}).code() == 156);
  }
  BOOST_TEST(download(bench, path).status == 200);
}

BOOST_AUTO_TEST_CASE(paths_that_lead_elsewhere) {
  const Bench bench;
  const auto path = uploaded(bench);
  const auto name = path.substr(12);
  for (const auto& other :
       {"/2024/01/../" + name, "/2024/01/%2e%2e/" + name, "/2024/01/02/" + name.substr(0, 32), "/2024/01/03/" + name,
        std::string{"/2024/01/02/..%2f..%2f..%2fetc%2fpasswd"}, "/2024/01/02/" + name + "%00"}) {
    BOOST_TEST(download(bench, other).status == 404, other);
  }
}

BOOST_AUTO_TEST_CASE(many_deletes_at_once) {
  const Bench bench;
  const auto first = uploaded(bench);
  const auto second = uploaded(bench);
  const auto body = [](const Json::Array& paths) { return Json{Fields{{"upyun", paths}}}.json(); };
  // One of them without the slash in front, as version 1 sends it.
  BOOST_TEST(bench.post("/2/cdnBatchDelete", body({first, second.substr(1)})).reply.body == R"({"msg":"ok"})");
  const auto third = uploaded(bench);
  const auto some = bench.post("/2/cdnBatchDelete", body({first, third}));
  BOOST_TEST(some.reply.status == 400);
  BOOST_TEST(some.reply.body == R"({"code":154,"error":"delete all file error","fail":{"upyun":[")" + first + R"("]}})");
  BOOST_TEST(download(bench, third).status == 404);
  BOOST_TEST(bench.post("/2/cdnBatchDelete", R"({"qiniu":["a"]})").code() == 154);
  BOOST_TEST(bench.post("/2/cdnBatchDelete", "{}").reply.body == R"({"code":107,"error":"content is empty."})");
  const auto fourth = uploaded(bench);
  BOOST_TEST(bench.post("/2/cdnBatchDelete", body({fourth, 5})).code() == 102);
  BOOST_TEST(download(bench, fourth).status == 200);  // nothing half done
  BOOST_TEST(bench.post("/2/cdnBatchDelete", R"({"upyun":"a"})").code() == 102);
}

BOOST_AUTO_TEST_CASE(files_outlive_the_gateway_with_its_state) {
  const Folder folder;
  const auto state = (folder.path / "state.db").string();
  const auto store = folder.path / "files";
  std::string path;
  const auto open = [&](Bench& bench) {
    bench.platform = makeBmobPlatform(bench.identity, {bench.clock, bench.database, bench.notifier}, store.string());
  };
  {
    Bench bench{state};
    open(bench);
    path = uploaded(bench);
    BOOST_TEST(upload(bench, "nosuffix", "x").code() == 146);
  }
  const auto count = [&] { return std::distance(fs::directory_iterator{store}, fs::directory_iterator{}); };
  BOOST_TEST(count() == 1);
  // What a killed gateway may leave: half a file, and one that no row knows. Other files are somebody else's.
  const auto make = [&](const std::string& name) { std::ofstream{store / name} << "x"; };
  make("." + std::string(32, 'a') + ".part");
  make(std::string(32, 'b'));
  make("notes.txt");
  Bench bench{state};
  open(bench);
  BOOST_TEST(count() == 2);
  BOOST_TEST(fs::exists(store / "notes.txt"));
  BOOST_TEST(download(bench, path).body == "Hello, World!");
  fs::remove(store / path.substr(12, 32));
  BOOST_TEST(download(bench, path).status == 404);
  BOOST_TEST(bench.remove("/2/files/upyun" + path).reply.status == 200);
}

BOOST_AUTO_TEST_CASE(a_disk_that_refuses_leaves_no_file) {
  const Folder folder;
  std::ofstream{folder.path / "file"} << "x";
  Bench bench;
  bench.platform =
      makeBmobPlatform(bench.identity, {bench.clock, bench.database, bench.notifier}, (folder.path / "file").string());
  BOOST_TEST(upload(bench, "a.txt", "x").reply.body == R"({"code":150,"error":"file upload error: the disk refused it."})");
  BOOST_TEST((bench.platform->extra("/files", Fields{}) == Json{Json::Array{}}));
}

BOOST_AUTO_TEST_CASE(a_temporary_folder_goes_with_the_gateway) {
  Bench bench;
  uploaded(bench);
  const auto files = bench.platform->extra("/files", Fields{});
  BOOST_TEST_REQUIRE(files.array()->size() == 1U);
  const auto& file = files.array()->front();
  BOOST_TEST(*file.find("filename")->string() == "hello.txt");
  BOOST_TEST(*file.find("size")->integer() == 13);
  BOOST_TEST(*file.find("created")->string() == "2024-01-02 11:04:08");
}

BOOST_AUTO_TEST_CASE(images_are_looked_at) {
  const Bench bench;
  const auto check = [&](const std::string& name, const std::string& bytes) {
    const auto request = bench.plain("POST", "/1/wechatApp/checkImg/" + name, form(bytes));
    return bench.handle(withType(request, "multipart/form-data; boundary=b")).reply.body;
  };
  const auto gif = *codec::fromBase64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
  BOOST_TEST(check("a.gif", gif) == R"({"msg":"ok"})");
  BOOST_TEST(check("risky.gif", gif) == R"({"code":10007,"error":"CheckImg errcode:87014, err:risky content"})");
  BOOST_TEST(check("a.gif", "text") == R"({"code":10007,"error":"CheckImg errcode:40006, err:invalid media size"})");
}

BOOST_AUTO_TEST_SUITE_END()
