// How blobs stand in the database, version 1. Integers are big-endian; docs/format.md tells why.
//
//   digest table:  digest:32 -> version:1 number:8 size:8 type:rest
//   blob table:    number:8  -> codec:1 body
//   body, codec 0: the bytes as they are
//         codec 1: one zstd frame that names its content size
//         codec 2: a manifest, number:8 for each chunk in order; a chunk has codec 0 or 1
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "media/error.h"

namespace halftone::blob_format {

constexpr size_t kChunkSize = size_t{1} << 20;    // of content, in a value that is written
constexpr size_t kMostContent = size_t{4} << 20;  // in any value: earlier versions wrote such

enum class Codec : uint8_t { kRaw = 0, kZstd = 1, kManifest = 2 };

struct Entry {
  uint64_t number = 0;
  uint64_t size = 0;
  std::string type;
};

std::string write_entry(const Entry& entry);
Result<Entry> read_entry(std::string_view value);  // kCorrupt

// `bytes`, at most kChunkSize, as a value: compressed if `is_text` and it saves an eighth.
std::string write_bytes(std::string bytes, bool is_text);
std::string write_manifest(const std::vector<uint64_t>& numbers);

// A value taken apart; all kCorrupt where it is none.
Result<Codec> codec_of(std::string_view value);
Result<std::string> read_bytes(std::string value);  // codec 0 or 1
Result<std::vector<uint64_t>> read_manifest(std::string_view value);

}  // namespace halftone::blob_format
