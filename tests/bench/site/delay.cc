#include "tests/bench/site/delay.h"

#include <deque>
#include <functional>
#include <stdexcept>
#include <utility>

#include <boost/asio.hpp>

namespace halftone::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr size_t kChunk = 64 * 1024, kMostWaiting = 1 << 20;

enum class PortKind { kForward, kDead, kSlow };

tcp::endpoint endpoint_of(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == text.npos) throw std::runtime_error(text + " is no ADDRESS:PORT");
  return {asio::ip::make_address(text.substr(0, colon)),
          static_cast<uint16_t>(std::stoul(text.substr(colon + 1)))};
}

// One direction of a connection: what is read waits in line till its time has come.
class Line {
 public:
  using Ended = std::function<void(bool whole)>;

  Line(tcp::socket& from, tcp::socket& to, Clock::duration late)
      : from_(from), to_(to), late_(late), timer_(from.get_executor()), chunk_(kChunk, '\0') {}

  void hold_until(Clock::time_point time) { not_before_ = time; }
  void drip(size_t bytes_a_second) { drip_ = bytes_a_second; }

  // `self` keeps the line and its sockets alive while anything is under way. `ended`: told once,
  // whether all of it has arrived.
  void start(std::shared_ptr<void> self, Ended ended) {
    self_ = std::move(self);
    ended_ = std::move(ended);
    read();
  }

  // Lets go of what keeps it alive.
  void end() {
    timer_.cancel();
    self_.reset();
    ended_ = nullptr;
  }

 private:
  struct Piece {
    Clock::time_point due;
    std::string bytes;  // empty: the end
  };

  void read() {
    reading_ = true;
    from_.async_read_some(asio::buffer(chunk_),
                          [this, self = self_](error_code error, size_t size) {
                            reading_ = false;
                            take(error, size);
                          });
  }

  void take(error_code error, size_t size) {
    if (!self_) return;
    if (error && error != asio::error::eof) return finish(false);
    const Clock::time_point due = std::max(Clock::now() + late_, not_before_);
    pieces_.push_back({due, chunk_.substr(0, size)});
    waiting_ += size;
    read_all_ = static_cast<bool>(error);
    if (!writing_) wait();
    if (!read_all_ && waiting_ < kMostWaiting) read();
  }

  void wait() {
    writing_ = true;
    timer_.expires_at(pieces_.front().due);
    timer_.async_wait([this, self = self_](error_code error) {
      if (!error && self_) write();
    });
  }

  void write() {
    Piece& piece = pieces_.front();
    if (piece.bytes.empty()) {
      error_code ignored;
      to_.shutdown(tcp::socket::shutdown_send, ignored);
      return finish(true);
    }
    const size_t size = drip_ == 0 ? piece.bytes.size() : std::min(piece.bytes.size(), step());
    asio::async_write(to_, asio::buffer(piece.bytes.data(), size),
                      [this, self = self_, size](error_code error, size_t) { wrote(error, size); });
  }

  void wrote(error_code error, size_t size) {
    if (!self_) return;
    if (error) return finish(false);
    Piece& piece = pieces_.front();
    waiting_ -= size;
    if (size < piece.bytes.size()) {
      piece.bytes.erase(0, size);
      piece.due = Clock::now() + kDrip;
    } else {
      pieces_.pop_front();
    }
    writing_ = false;
    if (!pieces_.empty()) wait();
    if (!reading_ && !read_all_ && waiting_ < kMostWaiting) read();
  }

  void finish(bool whole) {
    const Ended ended = std::exchange(ended_, nullptr);
    if (ended) ended(whole);
  }

  static constexpr std::chrono::milliseconds kDrip{100};
  size_t step() const { return std::max<size_t>(1, drip_ / 10); }

  tcp::socket& from_;
  tcp::socket& to_;
  Clock::duration late_;
  asio::steady_timer timer_;
  std::string chunk_;
  std::deque<Piece> pieces_;
  size_t waiting_ = 0, drip_ = 0;
  bool reading_ = false, writing_ = false, read_all_ = false;
  Clock::time_point not_before_{};
  std::shared_ptr<void> self_;
  Ended ended_;
};

// A client's connection and its twin to the server.
class Forwarded : public std::enable_shared_from_this<Forwarded> {
 public:
  Forwarded(tcp::socket client, Clock::duration late)
      : client_(std::move(client)),
        server_(client_.get_executor()),
        up_(client_, server_, late),
        down_(server_, client_, late) {
    up_.hold_until(Clock::now() + 3 * late);
  }

  void drip(size_t bytes_a_second) { down_.drip(bytes_a_second); }

  void start(const tcp::endpoint& to) {
    server_.async_connect(to, [self = shared_from_this()](error_code error) {
      if (error) return;
      error_code ignored;
      self->client_.set_option(tcp::no_delay(true), ignored);
      self->server_.set_option(tcp::no_delay(true), ignored);
      const auto ended = [connection = self.get()](bool whole) {
        if (!whole || ++connection->whole_ == 2) connection->end();
      };
      self->up_.start(self, ended);
      self->down_.start(self, ended);
    });
  }

  void end() {
    const auto alive = shared_from_this();
    error_code ignored;
    client_.close(ignored);
    server_.close(ignored);
    up_.end();
    down_.end();
  }

 private:
  tcp::socket client_, server_;
  Line up_, down_;
  int whole_ = 0;
};

}  // namespace

struct DelayProxy::Loop {
  struct Port {
    PortKind kind;
    tcp::acceptor acceptor;
  };

  explicit Loop(const DelaySetup& wanted) : setup(wanted), to(endpoint_of(wanted.to)) {
    tcp::endpoint at = endpoint_of(wanted.listen);
    const auto open = [&](PortKind kind, size_t count) {
      for (size_t i = 0; i < count; ++i) {
        ports.push_back({kind, tcp::acceptor(io, at)});
        if (at.port() != 0) at.port(static_cast<uint16_t>(at.port() + 1));
      }
    };
    open(PortKind::kForward, setup.ports);
    open(PortKind::kDead, setup.dead);
    open(PortKind::kSlow, setup.slow);
    for (Port& port : ports) accept(port);
  }

  void accept(Port& port) {
    port.acceptor.async_accept([this, &port](error_code error, tcp::socket client) {
      if (error == asio::error::operation_aborted) return;
      if (!error) forward(port.kind, std::move(client));
      accept(port);
    });
  }

  void forward(PortKind kind, tcp::socket client) {
    if (kind == PortKind::kDead) {
      held.push_back(std::move(client));
      return;
    }
    const auto connection = std::make_shared<Forwarded>(std::move(client), setup.round_trip / 2);
    if (kind == PortKind::kSlow) connection->drip(setup.drip);
    connection->start(to);
  }

  DelaySetup setup;
  tcp::endpoint to;
  asio::io_context io{1};
  std::deque<Port> ports;        // do not move
  std::deque<tcp::socket> held;  // of dead ports
};

DelayProxy::DelayProxy(const DelaySetup& setup) : loop_(std::make_unique<Loop>(setup)) {}
DelayProxy::~DelayProxy() = default;

std::vector<uint16_t> DelayProxy::ports() const {
  std::vector<uint16_t> numbers;
  for (const auto& port : loop_->ports) {
    numbers.push_back(port.acceptor.local_endpoint().port());
  }
  return numbers;
}

void DelayProxy::run() { loop_->io.run(); }
void DelayProxy::stop() { loop_->io.stop(); }

}  // namespace halftone::bench
