// A part of repair(); nobody else includes this.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/digest.h"
#include "store/repair.h"

namespace halftone::repairing {

// Puts wanted bodies into the store in place of the damaged ones.
class Sink : public RepairSink {
 public:
  // `blobs` and `restored` must outlive it; `blobs` replaces what is wanted.
  Sink(RepairWish wish, BlobStore& blobs, std::vector<RepairResult::Restored>& restored)
      : wish_(std::move(wish)), blobs_(blobs), restored_(restored) {}

  // Who supplies what comes from here on.
  void ask(std::string name) { from_ = std::move(name); }
  const RepairWish& wish() const override { return wish_; }
  std::unique_ptr<Body> begin() override { return std::make_unique<Incoming>(*this); }

 private:
  class Incoming : public Body {
   public:
    explicit Incoming(Sink& sink) : sink_(sink), writer_(sink.blobs_.writer()) {}

    Result<void> write(std::string_view bytes) override {
      hash_.update(bytes);
      return writer_->write(bytes);
    }

    Result<bool> finish() override {
      const Digest digest = hash_.finish();
      const auto wanted = sink_.wish_.blobs.find(digest);
      if (wanted == sink_.wish_.blobs.end()) return false;
      const auto put = writer_->commit(wanted->second.type);
      if (!put) return tl::unexpected(put.error());
      sink_.wish_.blobs.erase(wanted);
      sink_.restored_.push_back({digest, sink_.from_});
      return true;
    }

   private:
    Sink& sink_;
    std::unique_ptr<BlobWriter> writer_;
    Sha256 hash_;
  };

  RepairWish wish_;
  BlobStore& blobs_;
  std::vector<RepairResult::Restored>& restored_;
  std::string from_;
};

}  // namespace halftone::repairing
