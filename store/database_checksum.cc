#include <rocksdb/file_checksum.h>

#include "store/byte_order.h"
#include "store/crc32c.h"
#include "store/database_rocks.h"

namespace halftone {
namespace {

// The checksum that RocksDB calls FileChecksumCrc32c, by the processor's instruction: Debian's
// RocksDB computes it by table, which was a twentieth of a crawl.
class FileChecksum : public rocksdb::FileChecksumGenerator {
 public:
  void Update(const char* data, size_t size) override { crc_ = crc32c({data, size}, crc_); }
  void Finalize() override { text_ = be64(crc_).substr(4); }
  std::string GetChecksum() const override { return text_; }
  const char* Name() const override { return rocksdb::kStandardDbFileChecksumFuncName; }

 private:
  uint32_t crc_ = 0;
  std::string text_;
};

class FileChecksums : public rocksdb::FileChecksumGenFactory {
 public:
  std::unique_ptr<rocksdb::FileChecksumGenerator> CreateFileChecksumGenerator(
      const rocksdb::FileChecksumGenContext& context) override {
    const bool is_ours =
        context.requested_checksum_func_name.empty() ||
        context.requested_checksum_func_name == rocksdb::kStandardDbFileChecksumFuncName;
    return is_ours ? std::make_unique<FileChecksum>() : nullptr;
  }
  const char* Name() const override { return "FileChecksumGenCrc32cFactory"; }
};

}  // namespace

std::shared_ptr<rocksdb::FileChecksumGenFactory> file_checksums() {
  return std::make_shared<FileChecksums>();
}

}  // namespace halftone
