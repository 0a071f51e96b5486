#include "tests/support/nginx.h"

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

namespace halftone {
namespace {

constexpr const char* kProgram = "/usr/sbin/nginx";
constexpr auto kPatience = std::chrono::seconds(20);
constexpr auto kGlance = std::chrono::milliseconds(10);

// Asks `done` again and again; false when patience ends.
template <class Done>
bool wait_for(Done done) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kGlance);
  }
  return true;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

}  // namespace

uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool is_bound = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!is_bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool Nginx::is_installed() { return is_program_there(kProgram); }

Nginx::Nginx(NginxSetup setup) : setup_(std::move(setup)) {
  constexpr int kTries = 5;  // another process may take the port between our look and nginx's bind
  if (setup_.tls) make_certificates();
  for (int i = 0; i < kTries; ++i) {
    if (start()) return;
  }
  throw std::runtime_error("nginx does not start: " + folder_.read("error.log") +
                           folder_.read("output.log"));
}

std::string Nginx::url(std::string_view path) const {
  return fmt::format("{}://{}:{}{}", setup_.tls ? "https" : "http", setup_.hosts.front(), port_,
                     path);
}

std::string Nginx::resolve() const {
  return fmt::format("{}:{}:127.0.0.1", setup_.hosts.front(), port_);
}

void Nginx::serve(std::string_view path, std::string_view text) const {
  folder_.write(fmt::format("www{}", path), text);
}

std::vector<Nginx::LogLine> Nginx::log(size_t count) const {
  std::vector<std::string> lines;
  wait_for([&] {
    lines = split(folder_.read("access.log"), '\n');
    return lines.size() >= count;
  });
  std::vector<LogLine> log;
  for (const std::string& line : lines) {
    auto parts = split(line, '\t');
    parts.resize(5);
    log.push_back({parts[0], parts[1], parts[2], parts[3], parts[4]});
  }
  return log;
}

void Nginx::make_certificates() const {
  std::string names = "subjectAltName=";
  for (const std::string& host : setup_.hosts) names += fmt::format("DNS:{},", host);
  names.pop_back();
  folder_.write("names", names);
  const auto openssl = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    if (ChildProcess(arguments, folder_.file("output.log")).wait() != 0) {
      throw std::runtime_error("openssl: " + folder_.read("output.log"));
    }
  };
  const std::vector<std::string> new_key = {"-newkey", "ec", "-pkeyopt",
                                            "ec_paramgen_curve:prime256v1", "-nodes"};
  std::vector<std::string> ca = {"req",     "-x509",
                                 "-days",   "2",
                                 "-subj",   "/CN=halftone test CA",
                                 "-keyout", folder_.file("ca.key"),
                                 "-out",    ca_file()};
  ca.insert(ca.end(), new_key.begin(), new_key.end());
  openssl(ca);
  std::vector<std::string> request = {"req",
                                      "-subj",
                                      "/CN=" + setup_.hosts.front(),
                                      "-keyout",
                                      folder_.file("server.key"),
                                      "-out",
                                      folder_.file("server.csr")};
  request.insert(request.end(), new_key.begin(), new_key.end());
  openssl(request);
  openssl({"x509", "-req", "-days", "2", "-in", folder_.file("server.csr"), "-CA", ca_file(),
           "-CAkey", folder_.file("ca.key"), "-CAcreateserial", "-extfile", folder_.file("names"),
           "-out", folder_.file("server.pem")});
}

std::string Nginx::config() const {
  const char* protocol = setup_.http2 ? "ssl http2" : "ssl";
  const char* listen = setup_.tls ? protocol : "";
  constexpr const char* kTls = "ssl_certificate server.pem; ssl_certificate_key server.key;";
  return fmt::format(
      R"({user}
daemon off; master_process off; worker_processes 1; pid nginx.pid;
error_log error.log notice;
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path temp_body; proxy_temp_path temp_proxy; fastcgi_temp_path temp_fastcgi;
  uwsgi_temp_path temp_uwsgi; scgi_temp_path temp_scgi;
  types {{ text/html html; text/css css; image/png png; image/jpeg jpg; }}
  log_format test "$request_uri\t$http_referer\t$server_protocol\t$host\t$status";
  access_log access.log test;
  {http}
  server {{
    listen 127.0.0.1:{port} {listen};
    {tls}
    root www;
    {config}
  }}
}}
)",
      fmt::arg("user", geteuid() == 0 ? "user root;" : ""), fmt::arg("port", port_),
      fmt::arg("listen", listen), fmt::arg("tls", setup_.tls ? kTls : ""),
      fmt::arg("http", setup_.http), fmt::arg("config", setup_.config));
}

bool Nginx::start() {
  port_ = free_port();
  folder_.write("www/index.html", "<p>nginx");
  folder_.write("nginx.conf", config());
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{kProgram, "-p", folder_.path() + "/", "-e", "error.log", "-c",
                               folder_.file("nginx.conf")},
      folder_.file("output.log"));
  // nginx writes its id once it listens.
  const bool is_settled =
      wait_for([this] { return !process_->is_running() || !folder_.read("nginx.pid").empty(); });
  return is_settled && process_->is_running();
}

}  // namespace halftone
