#include "crawler/request_queue.h"

#include "tests/support/catch.h"

using namespace halftone;

namespace {

void push(RequestQueue& queue, std::string url) {
  queue.push({FetchRequest{std::move(url), {}, {}}, nullptr});
}

// The URLs that may start now, in order.
std::vector<std::string> pop_all(RequestQueue& queue) {
  std::vector<std::string> urls;
  while (auto waiting = queue.pop()) urls.push_back(waiting->request.url);
  return urls;
}

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("hosts take turns", "[crawler]") {
  RequestQueue queue(10, 10);
  for (const char* url : {"http://a/1", "http://a/2", "http://a/3", "http://b/1", "https://a/1"}) {
    push(queue, url);
  }
  CHECK(pop_all(queue) ==
        Urls{"http://a/1", "http://b/1", "https://a/1", "http://a/2", "http://a/3"});
  CHECK(queue.empty());
  CHECK(queue.active() == 5);
}

TEST_CASE("a host gets so many at once, and the next when one ends", "[crawler]") {
  RequestQueue queue(10, 2);
  for (const char* url : {"http://a/1", "http://a?2", "http://a/3", "http://a:81/4"}) {
    push(queue, url);
  }
  CHECK(pop_all(queue) == Urls{"http://a/1", "http://a:81/4", "http://a?2"});
  CHECK_FALSE(queue.can_pop());
  queue.finished("http://a:81/4");
  CHECK_FALSE(queue.can_pop());
  queue.finished("http://a/1");
  CHECK(pop_all(queue) == Urls{"http://a/3"});
}

TEST_CASE("all hosts together get so many at once", "[crawler]") {
  RequestQueue queue(2, 2);
  for (const char* url : {"http://a/", "http://b/", "http://c/"}) push(queue, url);
  CHECK(pop_all(queue) == Urls{"http://a/", "http://b/"});
  queue.finished("http://b/");
  CHECK(pop_all(queue) == Urls{"http://c/"});
}

TEST_CASE("a host that multiplexes is bounded by the whole alone", "[crawler]") {
  RequestQueue queue(4, 1);
  for (int i = 0; i < 6; ++i) push(queue, fmt::format("https://a/{}", i));
  CHECK(pop_all(queue) == Urls{"https://a/0"});
  queue.set_multiplexed("https://a/0");
  CHECK(pop_all(queue) == Urls{"https://a/1", "https://a/2", "https://a/3"});
}

TEST_CASE("a queue can be emptied", "[crawler]") {
  RequestQueue queue(2, 1);
  for (const char* url : {"http://a/1", "http://a/2", "http://b/1", "http://b/2"}) push(queue, url);
  CHECK(pop_all(queue).size() == 2);
  size_t dropped = 0;
  while (queue.drop()) ++dropped;
  CHECK(dropped == 2);
  CHECK(queue.empty());
  queue.finished("http://a/1");
  CHECK_FALSE(queue.can_pop());
  push(queue, "http://a/3");
  CHECK(pop_all(queue) == Urls{"http://a/3"});
}
