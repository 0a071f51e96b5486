#include "store/image_workers.h"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "media/thumb_hash.h"
#include "store/image_messages.h"
#include "tests/support/catch.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_directory.h"

using namespace halftone;
namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = HALFTONE_TEST_IMAGE_WORKER;

// The test's worker under a name that makes it fail.
class FailingProgram {
 public:
  explicit FailingProgram(const char* name) : path(folder_.file(name)) {
    fs::create_symlink(kProgram, path);
  }

 private:
  TemporaryDirectory folder_;

 public:
  const std::string path;
};

// Waits for nothing to connect.
class Listener {
 public:
  Listener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(fd_, 8) == 0);
    REQUIRE(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~Listener() { close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // A connection to us is complete before the other side's connect() returns.
  bool was_called() const { return accept(fd_, nullptr, nullptr) >= 0; }
  uint16_t port = 0;

 private:
  int fd_;
};

size_t open_descriptors() {
  const fs::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

const Recipe& thumb() { return *find_recipe("thumb"); }

}  // namespace

TEST_CASE("a worker reads every format behind its sandbox", "[store][worker]") {
  ImageWorker worker(kProgram);
  for (const char* name : {"orientation6.jpg", "animated.gif", "alpha.webp", "scene.avif",
                           "scene.tif", "scene.jxl", "scene.jp2", "drawing.svg"}) {
    CAPTURE(name);
    const std::string bytes = picture(name);
    const auto facts = worker.facts(bytes);
    REQUIRE(facts);
    CHECK(facts->width > 0);
    for (const Recipe& recipe : recipes()) {
      if (recipe.of_video) continue;
      const auto made = worker.derive(bytes, recipe);
      REQUIRE(made);
      CHECK(made->width <= facts->width);
      CHECK(worker.facts(made->bytes)->type == made->type);
    }
  }
}

TEST_CASE("text in an SVG is drawn with fonts, by every worker alike", "[store][worker]") {
  constexpr long kVersionFlag = 1;
  if (syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag) < 1) {
    WARN("skipped: this kernel has no Landlock");
    return;
  }
  const auto svg = [](std::string_view style, std::string_view text) {
    return fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='90'>"
        "<text x='9' y='60' font-size='48' style='{}'>{}</text></svg>",
        style, text);
  };
  const std::string pictures[] = {
      svg("font: bold 48px monospace", "words"),        svg("font: bold 48px monospace", "wordz"),
      svg("font-family: sans-serif", "words"),          svg("font-family: serif", "words"),
      svg("font-family: No Such Font", "w\xC3\xB6rds"),
  };
  std::vector<std::string> first;
  for (int i = 0; i < 3; ++i) {
    ImageWorker worker(kProgram);
    std::vector<std::string> made;
    for (const std::string& each : pictures) {
      const auto derivative = worker.derive(each, thumb());
      REQUIRE(derivative);
      made.push_back(derivative->bytes);
    }
    // Boxes in place of letters would be alike in a font whose letters are all equally wide.
    CHECK(std::set<std::string>(made.begin(), made.end()).size() == std::size(pictures));
    if (i == 0) first = made;
    CHECK((made == first));
    CHECK((worker.derive(pictures[0], thumb())->bytes == first[0]));
  }
}

TEST_CASE("an image's own errors come through, and the worker lives on", "[store][worker]") {
  ImageWorker worker(kProgram);
  const auto page = worker.facts("<!DOCTYPE html><title>404</title>");
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ErrorCode::kInvalid);
  const int pid = worker.pid();
  REQUIRE(pid > 0);

  CHECK(worker.facts("").error().code == ErrorCode::kInvalid);
  CHECK(worker.derive(png_header_only(60'000, 60'000), thumb()).error().code ==
        ErrorCode::kTooLarge);
  CHECK(worker.derive(make_png(9, 9), thumb()));
  CHECK(worker.pid() == pid);
}

TEST_CASE("a worker killed from outside is replaced", "[store][worker]") {
  ImageWorker worker(kProgram);
  REQUIRE(worker.facts(make_png(9, 9)));
  const int first = worker.pid();
  REQUIRE(kill(first, SIGKILL) == 0);
  siginfo_t info{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(first), &info, WEXITED | WNOWAIT) == 0);

  CHECK(worker.facts(make_png(9, 9)));
  CHECK(worker.pid() != first);
}

TEST_CASE("an image that takes too long costs its worker", "[store][worker]") {
  ImageWorker worker(kProgram, {.time = std::chrono::milliseconds(1)});
  const std::string big = make_png(3000, 3000);
  const auto made = worker.derive(big, thumb());
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::kTimeout);
  CHECK(worker.pid() == 0);
  CHECK_FALSE(has_children());
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which need all addresses
TEST_CASE("an image that needs too much memory costs its worker", "[store][worker]") {
  ImageWorker worker(kProgram, {.memory = uint64_t{600} << 20});
  const auto facts = worker.facts(std::string(size_t{500} << 20, 'x'));
  REQUIRE_FALSE(facts);
  CHECK(facts.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(facts.error().message, Catch::Matchers::Contains("Cannot allocate memory"));
  CHECK(worker.derive(make_png(9, 9), thumb()));
}
#endif

TEST_CASE("an image of too many bytes is not sent", "[store][worker]") {
  ImageWorker worker("/nonexistent/halftone");
  // The bytes are never touched.
  const std::string_view endless("", size_t{kMaxImageBytes} + 1);
  const auto facts = worker.facts(endless);
  REQUIRE_FALSE(facts);
  CHECK(facts.error().code == ErrorCode::kTooLarge);
}

// A decoder that was taken over may do any of this.
TEST_CASE("however a worker fails, it is one error and no process stays", "[store][worker]") {
  struct Row {
    const char* name;
    ErrorCode code;
    const char* words;
  };
  const Row rows[] = {
      {"aborts", ErrorCode::kCorrupt, "signal 6"},
      {"aborts", ErrorCode::kCorrupt, "its last words: a cry   for help"},
      {"exits", ErrorCode::kCorrupt, "status 7"},
      {"babbles", ErrorCode::kCorrupt, "nonsense"},
      {"lies", ErrorCode::kCorrupt, "nonsense"},
      {"boasts", ErrorCode::kCorrupt, "nonsense"},
      {"meddles", ErrorCode::kCorrupt, "status 8"},
      {"hangs", ErrorCode::kTimeout, "no answer in time"},
      {"talks", ErrorCode::kTimeout, "no answer in time"},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name << ": " << row.words) {
      const FailingProgram program(row.name);
      const size_t before = open_descriptors();
      {
        ImageWorker worker(program.path, {.time = std::chrono::milliseconds(200)});
        for (int again = 0; again < 3; ++again) {
          const auto made = worker.derive(make_png(50, 50), thumb());
          REQUIRE_FALSE(made);
          CHECK(made.error().code == row.code);
          CHECK_THAT(made.error().message, Catch::Matchers::Contains(row.words));
          CHECK(worker.pid() == 0);
          CHECK_FALSE(has_children());
        }
      }
      CHECK(open_descriptors() == before);
    }
  }
}

TEST_CASE("a program that is no image worker is named", "[store][worker]") {
  for (const char* program : {"/nonexistent/halftone", "/bin/false"}) {
    CAPTURE(program);
    ImageWorker worker(program);
    const auto facts = worker.facts(make_png(9, 9));
    REQUIRE_FALSE(facts);
    CHECK(facts.error().code == ErrorCode::kIo);
    CHECK_THAT(facts.error().message, Catch::Matchers::Contains(program));
    CHECK_FALSE(has_children());
  }
}

TEST_CASE("a worker goes with its owner", "[store][worker]") {
  const size_t before = open_descriptors();
  {
    ImageWorker worker(kProgram);
    REQUIRE(worker.facts(make_png(9, 9)));
    CHECK(open_descriptors() > before);
  }
  CHECK(open_descriptors() == before);
  CHECK_FALSE(has_children());
}

TEST_CASE("an SVG fetches nothing", "[store][worker]") {
  const Listener listener;
  const std::string local = "file://" HALFTONE_SOURCE_DIR "/tests/fixtures/images/orientation6.jpg";
  const std::string remote = fmt::format("http://127.0.0.1:{}/picture.png", listener.port);
  const auto svg = [](std::string_view before, std::string_view inside) {
    return fmt::format(
        "<?xml version='1.0'?>{}<svg xmlns='http://www.w3.org/2000/svg' "
        "xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:xi='http://www.w3.org/2001/XInclude' "
        "width='300' height='200'><rect width='150' height='90' fill='teal'/>{}</svg>",
        before, inside);
  };
  ImageWorker worker(kProgram);
  const auto plain = worker.derive(svg("", ""), thumb());
  REQUIRE(plain);
  // One red pixel, to see that <image> is drawn where its bytes are at hand.
  const auto inlined = worker.derive(
      svg("",
          "<image width='300' height='200' "
          "href='data:image/"
          "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQ"
          "DJ/pLvAAAAAElFTkSuQmCC"
          "'/>"),
      thumb());
  REQUIRE(inlined);
  CHECK((inlined->bytes != plain->bytes));

  for (const std::string& target : {std::string("file:///etc/passwd"), local, remote}) {
    CAPTURE(target);
    const std::string bodies[] = {
        svg("", fmt::format("<image width='300' height='200' href='{}'/>", target)),
        svg("", fmt::format("<image width='300' height='200' xlink:href='{}'/>", target)),
        svg("", fmt::format("<use href='{}#a'/>", target)),
        svg("", fmt::format("<text y='90'><xi:include parse='text' href='{}'/></text>", target)),
        svg(fmt::format("<?xml-stylesheet href='{}'?>", target), ""),
        svg("", fmt::format("<style>@import url('{}');</style>", target)),
        svg(fmt::format("<!DOCTYPE svg [<!ENTITY e SYSTEM '{}'>]>", target),
            "<text y='90'>&e;</text>"),
        svg(fmt::format("<!DOCTYPE svg SYSTEM '{}'>", target), ""),
        svg(fmt::format("<!DOCTYPE svg [<!ENTITY % p SYSTEM '{}'> %p;]>", target), ""),
        svg("", fmt::format("<style>@font-face {{ font-family: f; src: url('{0}'); }} "
                            "rect {{ mask: url('{0}#m'); }}</style>",
                            target)),
        svg("", fmt::format("<filter id='f'><feImage href='{}'/></filter>"
                            "<rect x='9' y='99' width='90' height='90' filter='url(#f)'/>",
                            target)),
        svg("", fmt::format("<pattern id='p' href='{0}#p'/><linearGradient id='g' href='{0}#g'/>"
                            "<image width='300' height='200' href=\"data:image/svg+xml,"
                            "&lt;svg xmlns='http://www.w3.org/2000/svg'>&lt;image width='300' "
                            "height='200' href='{0}'/>&lt;/svg>\"/>",
                            target)),
        svg("", fmt::format("<foreignObject width='300' height='200'><iframe "
                            "xmlns='http://www.w3.org/1999/xhtml' src='{}'/></foreignObject>",
                            target)),
    };
    for (const std::string& body : bodies) {
      CAPTURE(body);
      const auto made = worker.derive(body, thumb());
      // Refused as a whole, or drawn as if the reference were not there.
      if (made) CHECK((made->bytes == plain->bytes));
      if (!made) CHECK(made.error().code == ErrorCode::kInvalid);
    }
  }
  CHECK_FALSE(listener.was_called());
}

TEST_CASE("answers that no honest worker gives are refused", "[store][worker]") {
  const std::string facts = encode_answer(Result<ImageFacts>(
      ImageFacts{.type = "image/png", .width = 3, .height = 4, .frames = 5, .alpha = true}));
  const auto read = decode_facts(facts);
  REQUIRE(read);
  CHECK(read->type == "image/png");
  CHECK(read->frames == 5);
  CHECK_FALSE(decode_derivative(facts, "xy"));
  CHECK_FALSE(decode_facts(facts + "\n<script>"));
  for (size_t size = 0; size < facts.size() - 3; ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_facts(std::string_view(facts).substr(0, size)));
  }

  const Derivative derivative{
      .bytes = "xyz", .type = "image/jpeg", .width = 1, .height = 2, .hash = 77};
  const std::string made = encode_answer(Result<Derivative>(derivative));
  const auto decoded = decode_derivative(made, "xyz and what was there before");
  REQUIRE(decoded);
  CHECK(decoded->bytes == "xyz");
  CHECK(decoded->height == 2);
  CHECK(decoded->hash == 77);
  CHECK_FALSE(decode_derivative(made, "xy"));  // it says that it wrote more than there is room for
  for (size_t size = 0; size < made.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_derivative(std::string_view(made).substr(0, size), "xyz"));
  }
  Derivative boastful = derivative;
  boastful.placeholder = std::string(kMaxThumbHash, 'p');
  CHECK(decode_derivative(encode_answer(Result<Derivative>(boastful)), "xyz")->placeholder ==
        boastful.placeholder);
  boastful.placeholder += 'p';
  CHECK_FALSE(decode_derivative(encode_answer(Result<Derivative>(boastful)), "xyz"));
  const Derivative page{.bytes = "x", .type = "text/html", .width = 1, .height = 2};
  CHECK_FALSE(decode_derivative(encode_answer(Result<Derivative>(page)), "xyz"));
}
