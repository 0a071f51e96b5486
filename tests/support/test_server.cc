#include "tests/support/test_server.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <sys/socket.h>
#include <thread>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

namespace halftone {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

std::vector<Script> not_found() { return {status(404)}; }

}  // namespace

std::optional<std::string> SeenRequest::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (boost::beast::iequals(key, {name.data(), name.size()})) return value;
  }
  return std::nullopt;
}

std::string Answer::head() const {
  const std::string reason(http::obsolete_reason(static_cast<http::status>(status)));
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", status, reason);
  for (const auto& [name, value] : fields) head += fmt::format("{}: {}\r\n", name, value);
  if (chunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!length_by_close) {
    head += fmt::format("Content-Length: {}\r\n", content_length.value_or(body.size()));
  }
  return head + "\r\n";
}

std::string Answer::bytes() const {
  if (!chunked) return head() + body;
  constexpr size_t kChunk = 100;
  std::string bytes = head();
  for (size_t at = 0; at < body.size(); at += kChunk) {
    const std::string_view piece = std::string_view(body).substr(at, kChunk);
    bytes += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  }
  return bytes + "0\r\n\r\n";
}

Script& Script::send(std::string bytes) {
  steps.push_back({Step::Kind::kSend, std::move(bytes)});
  return *this;
}
Script& Script::send_forever(std::string bytes) {
  steps.push_back({Step::Kind::kSendForever, std::move(bytes)});
  return *this;
}
Script& Script::pause(std::chrono::milliseconds time) {
  steps.push_back({Step::Kind::kPause, {}, time});
  return *this;
}
Script& Script::close() {
  steps.push_back({Step::Kind::kClose, {}});
  return *this;
}
Script& Script::reset() {
  steps.push_back({Step::Kind::kReset, {}});
  return *this;
}
Script& Script::hang() {
  steps.push_back({Step::Kind::kHang, {}});
  return *this;
}

Script& Script::tunnel(uint16_t port) {
  steps.push_back({Step::Kind::kTunnel, {}, {}, port});
  return *this;
}

Script whole(const Answer& answer) {
  Script script = Script().send(answer.bytes());
  return answer.length_by_close ? script.close() : script;
}

Script text(std::string body, std::string content_type) {
  Answer answer;
  answer.fields = {{"Content-Type", std::move(content_type)}};
  answer.body = std::move(body);
  return whole(answer);
}

Script redirect(std::string location, int status) {
  Answer answer;
  answer.status = status;
  answer.fields = {{"Location", std::move(location)}};
  return whole(answer);
}

Script status(int code, Fields fields) {
  Answer answer;
  answer.status = code;
  answer.fields = std::move(fields);
  return whole(answer);
}

Script drip(const Answer& answer, size_t piece, std::chrono::milliseconds pause) {
  Script script;
  const std::string bytes = answer.bytes();
  for (size_t at = 0; at < bytes.size(); at += piece) {
    script.send(bytes.substr(at, piece)).pause(pause);
  }
  return script;
}

Script cut_after(const Answer& answer, size_t size) {
  return Script().send(answer.bytes().substr(0, size)).close();
}

Script reset_after(const Answer& answer, size_t size) {
  // The pause lets the client read what came before the reset.
  return Script().send(answer.bytes().substr(0, size)).pause(std::chrono::milliseconds(50)).reset();
}

Script endless(const Answer& head, std::string bytes) {
  return Script().send(head.head()).send_forever(std::move(bytes));
}

struct TestServer::Loop {
  Loop() : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

  Script next_script(SeenRequest request);

  mutable std::mutex mutex;  // guards what follows, up to `context`
  std::map<std::string, std::vector<Script>> scripts;
  std::vector<SeenRequest> seen;
  size_t open = 0, most_open = 0;
  int accepted = 0;
  // The connections live in here and use what stands above.
  asio::io_context context;
  tcp::acceptor acceptor;
  std::thread thread;
};

Script TestServer::Loop::next_script(SeenRequest request) {
  const std::lock_guard lock(mutex);
  auto& left = scripts.try_emplace(request.target, not_found()).first->second;
  seen.push_back(std::move(request));
  const Script script = left.front();
  if (left.size() > 1) left.erase(left.begin());
  return script;
}

namespace {

// Two connections, each fed with what the other one says.
class Tunnel : public std::enable_shared_from_this<Tunnel> {
 public:
  Tunnel(tcp::socket near, tcp::socket far) : ends_{std::move(near), std::move(far)} {}

  void run() {
    pump(0);
    pump(1);
  }

 private:
  void pump(size_t from) {
    ends_[from].async_read_some(
        asio::buffer(buffers_[from]),
        [this, self = shared_from_this(), from](error_code error, size_t size) {
          if (error) return shut();
          asio::async_write(
              ends_[1 - from], asio::buffer(buffers_[from], size),
              [this, self, from](error_code failed, size_t) { failed ? shut() : pump(from); });
        });
  }

  void shut() {
    error_code ignored;
    for (tcp::socket& end : ends_) end.close(ignored);
  }

  std::array<tcp::socket, 2> ends_;
  std::array<std::array<char, 16384>, 2> buffers_;
};

// One client: requests, each followed by its script.
template <class Loop>
class Connection : public std::enable_shared_from_this<Connection<Loop>> {
 public:
  Connection(Loop& loop, tcp::socket socket)
      : loop_(loop), socket_(std::move(socket)), timer_(loop.context) {
    const std::lock_guard lock(loop_.mutex);
    number_ = ++loop_.accepted;
    loop_.most_open = std::max(loop_.most_open, ++loop_.open);
  }
  ~Connection() {
    const std::lock_guard lock(loop_.mutex);
    --loop_.open;
  }

  void read() {
    constexpr uint32_t kMaxHead = 1 << 20;
    parser_.emplace();
    parser_->header_limit(kMaxHead);
    http::async_read(socket_, buffer_, *parser_,
                     [self = this->shared_from_this()](error_code error, size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  using Kind = Script::Step::Kind;

  void answer() {
    const auto& message = parser_->get();
    SeenRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.host = std::string(message[http::field::host]);
    request.connection = number_;
    for (const auto& field : message) {
      request.fields.emplace_back(field.name_string(), field.value());
    }
    script_ = loop_.next_script(std::move(request));
    step_ = 0;
    go_on();
  }

  void go_on() {
    if (step_ == script_.steps.size()) return read();
    const auto& step = script_.steps[step_++];
    switch (step.kind) {
      case Kind::kSend:
        return send(step.bytes);
      case Kind::kSendForever:
        --step_;
        return send(step.bytes);
      case Kind::kPause:
        return pause(step.pause);
      case Kind::kClose:
        return close();
      case Kind::kReset:
        return reset();
      case Kind::kTunnel:
        return tunnel(step.port);
      case Kind::kHang:
        return pause(std::chrono::hours(24));
    }
  }

  void send(const std::string& bytes) {
    asio::async_write(socket_, asio::buffer(bytes),
                      [self = this->shared_from_this()](error_code error, size_t) {
                        if (!error) self->go_on();
                      });
  }

  void pause(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([self = this->shared_from_this()](error_code error) {
      if (!error) self->go_on();
    });
  }

  void tunnel(uint16_t port) {
    error_code error;
    tcp::socket far(loop_.context);
    far.connect({asio::ip::address_v4::loopback(), port}, error);
    if (!error) std::make_shared<Tunnel>(std::move(socket_), std::move(far))->run();
  }

  void close() {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  void reset() {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  Loop& loop_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_{1 << 20};
  std::optional<http::request_parser<http::string_body>> parser_;
  Script script_;
  size_t step_ = 0;
  int number_ = 0;
};

template <class Loop>
void accept(Loop& loop) {
  loop.acceptor.async_accept([&loop](error_code error, tcp::socket socket) {
    if (error) return;
    std::make_shared<Connection<Loop>>(loop, std::move(socket))->read();
    accept(loop);
  });
}

}  // namespace

TestServer::TestServer() : loop_(std::make_unique<Loop>()) {
  accept(*loop_);
  loop_->thread = std::thread([loop = loop_.get()] { loop->context.run(); });
}

TestServer::~TestServer() {
  loop_->context.stop();
  loop_->thread.join();
}

uint16_t TestServer::port() const { return loop_->acceptor.local_endpoint().port(); }

std::string TestServer::url(std::string_view path, std::string_view host) const {
  return fmt::format("http://{}:{}{}", host, port(), path);
}

void TestServer::on(std::string target, Script script) {
  on(std::move(target), std::vector<Script>{std::move(script)});
}

void TestServer::on(std::string target, std::vector<Script> scripts) {
  const std::lock_guard lock(loop_->mutex);
  loop_->scripts[std::move(target)] = std::move(scripts);
}

std::vector<SeenRequest> TestServer::requests() const {
  const std::lock_guard lock(loop_->mutex);
  return loop_->seen;
}

std::vector<SeenRequest> TestServer::requests(std::string_view target) const {
  std::vector<SeenRequest> matching = requests();
  std::erase_if(matching, [&](const SeenRequest& request) { return request.target != target; });
  return matching;
}

size_t TestServer::most_at_once() const {
  const std::lock_guard lock(loop_->mutex);
  return loop_->most_open;
}

}  // namespace halftone
