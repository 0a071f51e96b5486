// A mail server on loopback that keeps what it is handed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace halftone {

struct ReceivedMail {
  std::string from;             // of the envelope
  std::vector<std::string> to;  // of the envelope
  std::string message;          // head and body, lines end in CRLF
};

// Listens on a free port of 127.0.0.1 until it is destroyed; one connection at a time.
class SmtpServer {
 public:
  SmtpServer();
  ~SmtpServer();

  std::string url() const;  // "smtp://127.0.0.1:PORT"
  std::vector<ReceivedMail> mails() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace halftone
