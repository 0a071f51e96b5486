#include "crawler/curl_sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

#include <curl/curl.h>

#include "media/error.h"

namespace halftone {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr size_t kMostEvents = 128;  // of one turn

int must_be_open(int descriptor, const char* what) {
  if (descriptor < 0) bug(fmt::format("{}: {}", what, std::generic_category().message(errno)));
  return descriptor;
}

uint32_t events_of(int curl_poll) {
  uint32_t events = 0;
  if (curl_poll & CURL_POLL_IN) events |= EPOLLIN;
  if (curl_poll & CURL_POLL_OUT) events |= EPOLLOUT;
  return events;
}

int curl_select_of(uint32_t events) {
  int select = 0;
  if (events & (EPOLLIN | EPOLLHUP)) select |= CURL_CSELECT_IN;
  if (events & EPOLLOUT) select |= CURL_CSELECT_OUT;
  if (events & EPOLLERR) select |= CURL_CSELECT_ERR;
  return select;
}

}  // namespace

struct CurlSockets::Parts {
  explicit Parts(CURLM* of)
      : multi(of),
        epoll(must_be_open(epoll_create1(EPOLL_CLOEXEC), "no epoll")),
        waker(must_be_open(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "no eventfd")) {
    watch(waker, EPOLLIN);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  }
  ~Parts() {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, nullptr);
    close(waker);
    close(epoll);
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  // libcurl closes sockets as it likes, and the system gives their numbers out again, so what is
  // known of a number may be of an earlier socket.
  void watch(int socket, uint32_t events) const {
    epoll_event event{.events = events, .data = {.fd = socket}};
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0) return;
    if (errno == ENOENT) epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
  }

  static int on_socket(CURL*, curl_socket_t socket, int what, void* parts, void*) {
    const auto* self = static_cast<Parts*>(parts);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(self->epoll, EPOLL_CTL_DEL, socket, nullptr);
    } else {
      self->watch(socket, events_of(what));
    }
    return 0;
  }

  static int on_timer(CURLM*, long timeout, void* parts) {
    auto& due = static_cast<Parts*>(parts)->due;
    due.reset();
    if (timeout >= 0) due = Clock::now() + milliseconds(timeout);
    return 0;
  }

  void act(curl_socket_t socket, int select) const {
    int running = 0;
    curl_multi_socket_action(multi, socket, select, &running);
  }

  // A timer may set itself anew, for at once.
  void act_on_timer() {
    if (!due || *due > Clock::now()) return;
    due.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }

  void take_wakes() const {
    uint64_t count = 0;
    while (read(waker, &count, sizeof(count)) > 0) {
    }
  }

  CURLM* multi;
  int epoll, waker;
  std::optional<Clock::time_point> due;  // libcurl's timer
};

CurlSockets::CurlSockets(void* multi) : parts_(std::make_unique<Parts>(multi)) {}
CurlSockets::~CurlSockets() = default;

void CurlSockets::work(milliseconds longest) {
  if (parts_->due) {
    longest = std::min(longest, std::chrono::ceil<milliseconds>(*parts_->due - Clock::now()));
  }
  std::array<epoll_event, kMostEvents> events;
  const auto timeout = static_cast<int>(std::max<milliseconds::rep>(0, longest.count()));
  const int count = epoll_wait(parts_->epoll, events.data(), kMostEvents, timeout);
  for (int i = 0; i < count; ++i) {
    const int socket = events[i].data.fd;
    if (socket == parts_->waker) {
      parts_->take_wakes();
    } else {
      parts_->act(socket, curl_select_of(events[i].events));
    }
  }
  parts_->act_on_timer();
}

void CurlSockets::wake() {
  const uint64_t one = 1;
  if (write(parts_->waker, &one, sizeof(one)) < 0 && errno != EAGAIN) bug("an eventfd is gone");
}

}  // namespace halftone
