// The CPU work of a mini-program service: the largest analysis answer, 200 pages, decoded, beside bare parsing of its JSON.
#include <benchmark/benchmark.h>

#include <openapi/weixin/analysis.hpp>

#include <rapidjson/document.h>

#include <weixin/services/service_wire.hpp>

#include <string>

using namespace openapi;

namespace {

constexpr weixin::ServiceOperation visitPage{"analysis.getVisitPage", weixin::Verb::post,
                                             "/datacube/getweanalysisappidvisitpage"};

HttpResponse largestAnswer() {
  Json::Array pages;
  for (int page = 0; page < 200; ++page) {
    pages.push_back(Fields{{"page_path", "pages/goods/detail-" + std::to_string(page) + ".html"},
                           {"page_visit_pv", 213429 - page},
                           {"page_visit_uv", 55423 - page},
                           {"page_staytime_pv", Json::Number{"8.139198"}},
                           {"entrypage_pv", 117922 - page},
                           {"exitpage_pv", 61304 - page},
                           {"page_share_pv", 180},
                           {"page_share_uv", 166}});
  }
  HttpResponse response;
  response.status = 200;
  response.headers.add("Content-Type", "application/json; encoding=utf-8");
  response.body = Json{Fields{{"ref_date", "20170313"}, {"list", pages}}}.json();
  return response;
}

void floorParse(benchmark::State& state) {
  const auto response = largestAnswer();
  for (auto _ : state) {
    rapidjson::Document document;
    document.Parse(response.body.data(), response.body.size());
    benchmark::DoNotOptimize(document);
  }
}
BENCHMARK(floorParse)->Name("analysis 200 pages/floor: RapidJSON document");

void decodeAnswer(benchmark::State& state) {
  const auto response = largestAnswer();
  for (auto _ : state) {
    benchmark::DoNotOptimize(weixin::resultOf<weixin::VisitPageResult>(weixin::decodeService(visitPage, response)));
  }
}
BENCHMARK(decodeAnswer)->Name("analysis 200 pages/openapi: decode to structs");

}  // namespace

BENCHMARK_MAIN();
