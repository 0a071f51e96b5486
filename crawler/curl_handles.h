// libcurl's handles, used again and again: what never changes is set once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crawler/fetch_options.h"

namespace halftone {

// One easy handle and one URL for it.
struct TransferHandle {
  void* easy = nullptr;  // CURL*
  void* url = nullptr;   // CURLU*
};

// One thread at a time.
class TransferHandles {
 public:
  // What is pointed to must outlive the handles.
  struct Shared {
    void* share = nullptr;       // CURLSH*
    void* resolve = nullptr;     // curl_slist*
    void* connect_to = nullptr;  // curl_slist*
    bool cookies = false;
  };

  TransferHandles(const FetchOptions& options, Shared shared)
      : options_(options), shared_(shared) {}
  ~TransferHandles();
  TransferHandles(const TransferHandles&) = delete;
  TransferHandles& operator=(const TransferHandles&) = delete;

  // A handle with all options but those of a single request. Null where memory is out.
  TransferHandle take();

  // Not while libcurl works on it.
  void give_back(TransferHandle handle);

 private:
  TransferHandle make() const;

  const FetchOptions& options_;
  const Shared shared_;
  std::vector<TransferHandle> idle_;
};

// Bytes per second below which a transfer stalls.
constexpr long kStallSpeed = 1024;

}  // namespace halftone
