// Telling somebody: a webhook, a mail.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "media/error.h"

namespace halftone {

// Posts `json` to the address. Any answer of 2xx is well. The network's codes.
Result<void> post_json(const std::string& url, const std::string& json,
                       std::chrono::seconds patience = std::chrono::seconds(30));

struct Mail {
  std::string server;  // smtp://localhost:25, smtps://NAME:PASSWORD@mail.example.org
  std::string from;
  std::vector<std::string> to;
  std::string subject, text;  // UTF-8
};

// Hands the mail to the server, over TLS where the server offers it. kUsage: an address that is
// none; else the network's codes.
Result<void> send_mail(const Mail& mail, std::chrono::seconds patience = std::chrono::seconds(60));

}  // namespace halftone
