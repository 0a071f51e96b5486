#include "crawler/curl_messenger.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

#include <curl/curl.h>

#include "media/base64.h"

namespace halftone {
namespace {

struct EasyCloser {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCloser>;
using List = std::unique_ptr<curl_slist, ListCloser>;

void append(List& list, const std::string& line) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

size_t drop(char*, size_t size, size_t count, void*) { return size * count; }

// The text that is still to be sent.
size_t hand_out(char* to, size_t size, size_t count, void* from) {
  auto& left = *static_cast<std::string_view*>(from);
  const size_t taken = std::min(left.size(), size * count);
  left.copy(to, taken);
  left.remove_prefix(taken);
  return taken;
}

// Without what may stand in it of a password.
std::string shown(const std::string& url) {
  const size_t at = url.rfind('@'), scheme = url.find("://");
  if (at == std::string::npos || scheme == std::string::npos) return url;
  return url.substr(0, scheme + 3) + url.substr(at + 1);
}

Result<void> perform(CURL* handle, const std::string& url, std::chrono::seconds patience) {
  std::array<char, CURL_ERROR_SIZE> why{};
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, why.data());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(patience.count()));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
  const CURLcode code = curl_easy_perform(handle);
  if (code == CURLE_OK) return {};
  const bool is_late = code == CURLE_OPERATION_TIMEDOUT;
  return fail(is_late ? ErrorCode::kTimeout : ErrorCode::kRefused, "{}: {}", shown(url),
              why[0] ? why.data() : curl_easy_strerror(code));
}

bool is_one_line(const std::string& text) {
  return text.find_first_of("\r\n") == std::string::npos;
}

// Lines of 76 letters, as RFC 2045 asks for.
std::string base64_lines(const std::string& text) {
  const std::string code = encode_base64(text);
  std::string lines;
  for (size_t at = 0; at < code.size(); at += 76) lines += code.substr(at, 76) + "\r\n";
  return lines;
}

// "Mon, 30 Nov 2026 00:00:00 +0000"
std::string mail_date() {
  const std::time_t moment = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&moment, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return text.data();
}

std::string message_of(const Mail& mail) {
  std::string to;
  for (const std::string& one : mail.to) to += (to.empty() ? "<" : ", <") + one + ">";
  return fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: {}\r\nSubject: =?utf-8?B?{}?=\r\nMIME-Version: 1.0\r\n"
      "Auto-Submitted: auto-generated\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n{}",
      mail_date(), mail.from, to, encode_base64(mail.subject), base64_lines(mail.text));
}

}  // namespace

Result<void> post_json(const std::string& url, const std::string& json,
                       std::chrono::seconds patience) {
  const Easy handle(curl_easy_init());
  List headers;
  append(headers, "Content-Type: application/json");
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, json.c_str());
  if (auto done = perform(handle.get(), url, patience); !done) return done;
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {};
  return fail(ErrorCode::kRefused, "{}: answered {}", shown(url), status);
}

Result<void> send_mail(const Mail& mail, std::chrono::seconds patience) {
  for (const std::string& address : mail.to) {
    if (!is_one_line(address)) return fail(ErrorCode::kUsage, "a mail address of two lines");
  }
  if (!is_one_line(mail.from)) return fail(ErrorCode::kUsage, "a mail address of two lines");
  const Easy handle(curl_easy_init());
  List to;
  for (const std::string& address : mail.to) append(to, "<" + address + ">");
  const std::string message = message_of(mail), from = "<" + mail.from + ">";
  std::string_view left = message;
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle.get(), CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(handle.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_READFUNCTION, hand_out);
  curl_easy_setopt(handle.get(), CURLOPT_READDATA, &left);
  return perform(handle.get(), mail.server, patience);
}

}  // namespace halftone
