#include "tests/support/smtp_server.h"

#include <arpa/inet.h>
#include <mutex>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace halftone {

struct SmtpServer::Parts {
  int listening = -1;
  uint16_t port = 0;
  mutable std::mutex mutex;  // of the following
  std::vector<ReceivedMail> mails;
  int open = -1;
  bool ending = false;
  std::thread thread;

  void serve() {
    while (true) {
      const int connection = ::accept(listening, nullptr, nullptr);
      {
        const std::lock_guard lock(mutex);
        if (ending || connection < 0) {
          if (connection >= 0) ::close(connection);
          return;
        }
        open = connection;
      }
      converse(connection);
      const std::lock_guard lock(mutex);
      open = -1;
      ::close(connection);
    }
  }

  static void say(int connection, const std::string& line) {
    const std::string bytes = line + "\r\n";
    (void)!::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // The next line without its end; false at the end of the connection.
  static bool next_line(int connection, std::string& waiting, std::string& line) {
    size_t end = 0;
    while ((end = waiting.find("\r\n")) == std::string::npos) {
      char bytes[4096];
      const ssize_t size = ::recv(connection, bytes, sizeof bytes, 0);
      if (size <= 0) return false;
      waiting.append(bytes, static_cast<size_t>(size));
    }
    line = waiting.substr(0, end);
    waiting.erase(0, end + 2);
    return true;
  }

  void converse(int connection) {
    std::string waiting, line;
    ReceivedMail mail;
    say(connection, "220 ready");
    while (next_line(connection, waiting, line)) {
      const std::string verb = line.substr(0, 4);
      if (verb == "QUIT") return say(connection, "221 bye");
      if (verb == "MAIL") mail = {.from = line.substr(10), .to = {}, .message = {}};
      if (verb == "RCPT") mail.to.push_back(line.substr(8));
      if (verb != "DATA") {
        say(connection, "250 fine");
        continue;
      }
      say(connection, "354 go on");
      while (next_line(connection, waiting, line) && line != ".") mail.message += line + "\r\n";
      {
        const std::lock_guard lock(mutex);
        mails.push_back(mail);
      }
      say(connection, "250 taken");
    }
  }
};

SmtpServer::SmtpServer() : parts_(std::make_unique<Parts>()) {
  parts_->listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* where = reinterpret_cast<sockaddr*>(&address);
  if (::bind(parts_->listening, where, size) != 0 || ::listen(parts_->listening, 8) != 0 ||
      ::getsockname(parts_->listening, where, &size) != 0) {
    throw std::runtime_error("no port for a mail server");
  }
  parts_->port = ntohs(address.sin_port);
  parts_->thread = std::thread([this] { parts_->serve(); });
}

SmtpServer::~SmtpServer() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->ending = true;
    if (parts_->open >= 0) ::shutdown(parts_->open, SHUT_RDWR);
  }
  ::shutdown(parts_->listening, SHUT_RDWR);
  parts_->thread.join();
  ::close(parts_->listening);
}

std::string SmtpServer::url() const { return "smtp://127.0.0.1:" + std::to_string(parts_->port); }

std::vector<ReceivedMail> SmtpServer::mails() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->mails;
}

}  // namespace halftone
