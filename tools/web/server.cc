#include "tools/web/server.h"

#include <chrono>
#include <set>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace halftone {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr uint32_t kLargestHeader = 16 * 1024;
constexpr uint64_t kLargestBody = 64 * 1024;
constexpr size_t kMostConnections = 256;
constexpr auto kPatience = std::chrono::seconds(20);  // for one request, and for its answer

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

std::string host_without_port(std::string_view field) {
  const size_t colon = field.rfind(':');
  const bool has_port = colon != field.npos && field.find(']', colon) == field.npos;
  std::string host(has_port ? field.substr(0, colon) : field);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
  return host;
}

WebRequest to_web_request(const Request& request) {
  return {std::string(request.method_string()), std::string(request.target()),
          host_without_port(request[http::field::host]),
          std::string(request[http::field::referer])};
}

Response to_response(const WebResponse& answer, const Request& request) {
  Response response;
  response.version(request.version());
  response.result(static_cast<unsigned>(answer.status));
  response.keep_alive(request.keep_alive());
  for (const auto& [name, value] : answer.headers) response.insert(name, value);
  if (!answer.content_type.empty()) response.set(http::field::content_type, answer.content_type);
  // An answer to HEAD tells the length of the body that it leaves out.
  response.content_length(answer.body.size());
  if (request.method() != http::verb::head) response.body() = answer.body;
  return response;
}

// The answer to bytes that are no request, or more of one than we take.
Response refusal(error_code error) {
  http::status status = http::status::bad_request;
  if (error == http::error::header_limit) {
    status = http::status::request_header_fields_too_large;
  } else if (error == http::error::body_limit) {
    status = http::status::payload_too_large;
  }
  Response response{status, 11};
  response.keep_alive(false);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = error.message() + "\n";
  response.prepare_payload();
  return response;
}

bool is_malformed_request(error_code error) {
  return error.category() == make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

}  // namespace

// Everything here lives on the server's thread, save start and stop.
struct WebServer::Loop {
  class Connection;

  explicit Loop(std::function<WebResponse(const WebRequest&)> the_handler)
      : handler(std::move(the_handler)) {}

  error_code listen(uint16_t port);
  void accept();
  void accept_later();
  void stop();

  std::function<WebResponse(const WebRequest&)> handler;
  uint16_t port = 0;
  bool stopping = false;
  std::set<Connection*> connections;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
  std::thread thread;
};

// Reads a request, writes its answer, and again; lives as long as one of the two is under way.
class WebServer::Loop::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, tcp::socket socket) : loop_(loop), stream_(std::move(socket)) {
    loop_.connections.insert(this);
  }
  ~Connection() { loop_.connections.erase(this); }

  void read() {
    parser_.emplace();
    parser_->header_limit(kLargestHeader);
    parser_->body_limit(kLargestBody);
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, *parser_,
                     beast::bind_front_handler(&Connection::on_read, shared_from_this()));
  }

  // Lets an answer that is being written go out whole.
  void stop() {
    if (!writing_) stream_.cancel();
  }

 private:
  void on_read(error_code error, size_t) {
    if (loop_.stopping) return;
    if (is_malformed_request(error)) return write(refusal(error));
    if (error) return close();
    const Request& request = parser_->get();
    write(to_response(loop_.handler(to_web_request(request)), request));
  }

  void write(Response response) {
    response_ = std::move(response);
    writing_ = true;
    stream_.expires_after(kPatience);
    http::async_write(stream_, *response_,
                      beast::bind_front_handler(&Connection::on_written, shared_from_this()));
  }

  void on_written(error_code error, size_t) {
    writing_ = false;
    if (error || !response_->keep_alive() || loop_.stopping) return close();
    read();
  }

  void close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  Loop& loop_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{kLargestHeader + kLargestBody};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<Response> response_;
  bool writing_ = false;
};

error_code WebServer::Loop::listen(uint16_t wanted) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), wanted);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port = acceptor.local_endpoint(error).port();
  return error;
}

void WebServer::Loop::accept() {
  acceptor.async_accept([this](error_code error, tcp::socket socket) {
    if (stopping) return;
    if (error) return accept_later();
    // Beyond the most connections the socket is closed by leaving this scope.
    if (connections.size() < kMostConnections) {
      std::make_shared<Connection>(*this, std::move(socket))->read();
    }
    accept();
  });
}

// Out of file descriptors, most likely: asking again at once would only spin.
void WebServer::Loop::accept_later() {
  pause.expires_after(std::chrono::milliseconds(100));
  pause.async_wait([this](error_code) {
    if (!stopping) accept();
  });
}

void WebServer::Loop::stop() {
  asio::post(context, [this] {
    stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    for (Connection* connection : connections) connection->stop();
  });
  if (thread.joinable()) thread.join();
}

WebServer::WebServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Result<std::unique_ptr<WebServer>> WebServer::start(
    std::function<WebResponse(const WebRequest&)> handler, uint16_t port) {
  auto loop = std::make_unique<Loop>(std::move(handler));
  if (const error_code error = loop->listen(port)) {
    return fail(ErrorCode::kIo, "cannot listen on 127.0.0.1:{}: {}; another port may be free", port,
                error.message());
  }
  loop->accept();
  loop->thread = std::thread([running = loop.get()] { running->context.run(); });
  return std::unique_ptr<WebServer>(new WebServer(std::move(loop)));
}

WebServer::~WebServer() { loop_->stop(); }

uint16_t WebServer::port() const { return loop_->port; }

}  // namespace halftone
