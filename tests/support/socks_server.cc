#include "tests/support/socks_server.h"

#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <thread>

#include <boost/asio.hpp>

namespace halftone {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

using Bytes = std::vector<uint8_t>;

// Reads as a SOCKS request is written: throws at the end of the stream.
class Reader {
 public:
  explicit Reader(tcp::socket& socket) : socket_(socket) {}

  Bytes bytes(size_t count) {
    Bytes bytes(count);
    asio::read(socket_, asio::buffer(bytes));
    return bytes;
  }
  uint8_t byte() { return bytes(1).front(); }
  std::string text(size_t size) {
    const Bytes read = bytes(size);
    return {read.begin(), read.end()};
  }
  std::string text_to_zero() {
    std::string text;
    while (const uint8_t c = byte()) text += static_cast<char>(c);
    return text;
  }
  std::string ipv4() {
    const Bytes four = bytes(4);
    return asio::ip::address_v4({four[0], four[1], four[2], four[3]}).to_string();
  }
  std::string ipv6() {
    asio::ip::address_v6::bytes_type address;
    asio::read(socket_, asio::buffer(address));
    return asio::ip::address_v6(address).to_string();
  }

 private:
  tcp::socket& socket_;
};

void say(tcp::socket& socket, const Bytes& bytes) { asio::write(socket, asio::buffer(bytes)); }

// Version 4 has no names; 4a sends the address 0.0.0.x and the name after the user.
SocksServer::Asked read_version_4(Reader& reader) {
  SocksServer::Asked asked{4, {}, {}, {}};
  reader.bytes(3);  // CONNECT, port
  asked.host = reader.ipv4();
  asked.user = reader.text_to_zero();
  if (asked.host.starts_with("0.0.0.")) asked.host = reader.text_to_zero();
  return asked;
}

SocksServer::Asked read_version_5(Reader& reader, tcp::socket& socket) {
  SocksServer::Asked asked{5, {}, {}, {}};
  const Bytes methods = reader.bytes(reader.byte());
  const bool has_password = std::find(methods.begin(), methods.end(), 2) != methods.end();
  say(socket, {5, static_cast<uint8_t>(has_password ? 2 : 0)});
  if (has_password) {
    reader.byte();
    asked.user = reader.text(reader.byte());
    asked.password = reader.text(reader.byte());
    say(socket, {1, 0});
  }
  reader.bytes(3);  // version, CONNECT, reserved
  switch (reader.byte()) {
    case 1:
      asked.host = reader.ipv4();
      break;
    case 4:
      asked.host = reader.ipv6();
      break;
    default:
      asked.host = reader.text(reader.byte());
  }
  reader.bytes(2);  // port
  return asked;
}

void pump(tcp::socket& from, tcp::socket& to) {
  std::array<char, 16384> buffer;
  error_code error;
  while (!error) {
    const size_t size = from.read_some(asio::buffer(buffer), error);
    if (!error) asio::write(to, asio::buffer(buffer, size), error);
  }
  error_code ignored;
  from.shutdown(tcp::socket::shutdown_both, ignored);
  to.shutdown(tcp::socket::shutdown_both, ignored);
}

}  // namespace

struct SocksServer::Loop {
  explicit Loop(uint16_t target_port)
      : target(target_port),
        acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

  void accept();
  void serve(tcp::socket& near);

  const uint16_t target;
  std::atomic<bool> refuses = false, ends = false;
  mutable std::mutex mutex;  // guards what follows, up to `context`
  std::vector<Asked> asked;
  std::list<tcp::socket> sockets;
  asio::io_context context;
  tcp::acceptor acceptor;
  std::list<std::thread> threads;  // of the acceptor's thread alone, while that runs
  std::thread accepting;
};

void SocksServer::Loop::accept() {
  while (true) {
    error_code error;
    tcp::socket near = acceptor.accept(error);
    if (error || ends) return;
    const std::lock_guard lock(mutex);
    tcp::socket& kept = sockets.emplace_back(std::move(near));
    threads.emplace_back([this, &kept] {
      try {
        serve(kept);
      } catch (const boost::system::system_error&) {  // the client went away
      }
    });
  }
}

void SocksServer::Loop::serve(tcp::socket& near) {
  Reader reader(near);
  const bool is_4 = reader.byte() == 4;
  const Asked what = is_4 ? read_version_4(reader) : read_version_5(reader, near);
  tcp::socket* far = nullptr;
  {
    const std::lock_guard lock(mutex);
    asked.push_back(what);
    far = &sockets.emplace_back(context);
  }
  if (!refuses) far->connect({asio::ip::address_v4::loopback(), target});
  const Bytes answer_4 = {0, static_cast<uint8_t>(refuses ? 0x5B : 0x5A), 0, 0, 0, 0, 0, 0};
  const Bytes answer_5 = {5, static_cast<uint8_t>(refuses ? 2 : 0), 0, 1, 0, 0, 0, 0, 0, 0};
  say(near, is_4 ? answer_4 : answer_5);
  if (refuses) return;
  std::thread back([&] { pump(*far, near); });
  pump(near, *far);
  back.join();
}

SocksServer::SocksServer(uint16_t port) : loop_(std::make_unique<Loop>(port)) {
  loop_->accepting = std::thread([this] { loop_->accept(); });
}

SocksServer::~SocksServer() {
  loop_->ends = true;
  error_code ignored;
  tcp::socket waker(loop_->context);  // accept() returns for a last client
  waker.connect({asio::ip::address_v4::loopback(), port()}, ignored);
  loop_->accepting.join();
  {
    const std::lock_guard lock(loop_->mutex);
    for (tcp::socket& socket : loop_->sockets) {
      socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
  }
  for (std::thread& thread : loop_->threads) thread.join();
}

uint16_t SocksServer::port() const { return loop_->acceptor.local_endpoint().port(); }

void SocksServer::refuse() { loop_->refuses = true; }

std::vector<SocksServer::Asked> SocksServer::asked() const {
  const std::lock_guard lock(loop_->mutex);
  return loop_->asked;
}

}  // namespace halftone
