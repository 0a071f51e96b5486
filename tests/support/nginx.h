// A real web server: nginx, as a child process, with HTTP/2 over TLS under a CA of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace halftone {

struct NginxSetup {
  std::vector<std::string> hosts = {"example.test"};  // for the certificate; the first is url()'s
  std::string config = {};  // directives of the server block: location …, if ($http_referer) { … }
  std::string http = {};  // directives around it: limit_conn_zone …
  bool tls = true;
  bool http2 = true;  // over TLS only
};

// Listens on a free port of 127.0.0.1 until it is destroyed. Files below www/ of its folder are
// served. Tests must warn and return where nginx is not installed.
class Nginx {
 public:
  static bool is_installed();

  explicit Nginx(NginxSetup setup);

  uint16_t port() const { return port_; }
  std::string url(std::string_view path) const;  // of the first host
  std::string resolve() const;                   // the first host, for --resolve
  std::string ca_file() const { return folder_.file("ca.pem"); }
  const TemporaryDirectory& folder() const { return folder_; }
  void serve(std::string_view path, std::string_view text) const;

  struct LogLine {
    std::string target, referer, protocol, host, status;  // referer: "-" where none was sent
  };
  // The requests answered so far, once there are `count` of them.
  std::vector<LogLine> log(size_t count) const;

 private:
  void make_certificates() const;
  std::string config() const;
  bool start();

  NginxSetup setup_;
  TemporaryDirectory folder_;
  uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

// A port of 127.0.0.1 that was free a moment ago.
uint16_t free_port();

}  // namespace halftone
