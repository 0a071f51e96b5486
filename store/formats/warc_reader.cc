#include "store/formats/warc_reader.h"

#include <algorithm>
#include <charconv>

#include "media/ascii.h"
#include "media/mime.h"
#include "store/formats/warc_block.h"
#include "store/formats/warc_input.h"

namespace halftone {
namespace {

using Edge = WarcInput::Edge;

constexpr std::string_view kName = "WARC/";
constexpr size_t kLongestLine = 64 * 1024;
constexpr size_t kMostLines = 1000;  // of one header
constexpr size_t kMostErrors = 20;   // told of one record

bool begins_record(std::string_view line) {
  return line.starts_with(kName) && line.size() > kName.size() && is_digit(line[kName.size()]);
}

void complain(WarcRecord& record, std::string error) {
  if (record.errors.size() < kMostErrors) record.errors.push_back(std::move(error));
}

std::string without_brackets(std::string_view text) {
  const bool in_brackets = text.size() > 1 && text.front() == '<' && text.back() == '>';
  return std::string(in_brackets ? text.substr(1, text.size() - 2) : text);
}

// 5.4: a year at least, the rest as W3C's profile of ISO 8601 has it.
bool may_be_date(std::string_view text) {
  return text.size() >= 4 && std::all_of(text.begin(), text.begin() + 4, is_digit) &&
         text.find_first_not_of("0123456789-:T.Z+") == text.npos;
}

// What a record's header says of its block.
struct Header {
  std::string content_type, block_digest, payload_digest;
  std::optional<uint64_t> content_length;
  bool is_segment = false;
};

class Reader : public WarcReader {
 public:
  Reader(std::unique_ptr<WarcInput> input, std::string path, TakePayload take_payload)
      : input_(std::move(input)), path_(std::move(path)), take_payload_(std::move(take_payload)) {}

  Result<std::optional<WarcRecord>> next() override {
    std::optional<WarcRecord> record;
    if (find_begin()) {
      record.emplace();
      record->offset = input_->offset();
      remarks_ = 0;
      read(*record);
      damaged_ = damaged_ || record->errors.size() > remarks_ ||
                 record->block_digest == WarcRecord::Check::kBad ||
                 record->payload_digest == WarcRecord::Check::kBad;
    }
    if (input_->has_failed()) return fail(ErrorCode::kIo, "{} cannot be read on", path_);
    return record;
  }

  bool is_damaged() const override { return damaged_; }

 private:
  // Goes to the next byte that is no blank line; false at the end of the file.
  bool find_begin() {
    for (;;) {
      const std::string_view bytes = input_->view();
      if (bytes.empty()) {
        if (input_->edge() == Edge::kEnd) return false;
        if (input_->edge() == Edge::kBroken) return true;  // damage before any record
        input_->cross();
        continue;
      }
      const size_t blanks = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
      input_->consume(blanks);
      if (blanks < bytes.size()) return true;
    }
  }

  void read(WarcRecord& record) {
    if (input_->view().empty()) return skip_broken(record);
    Header header;
    if (!read_header(record, header)) return resynchronise(record);
    const bool is_whole = read_block(record, header);
    if (!is_whole || !read_end(record)) resynchronise(record);
    tell_of_broken(record);
  }

  // ---- the header

  // A line without its end, cut where it is too long; nothing at an edge.
  std::optional<std::string> read_line(WarcRecord& record) {
    std::string line;
    for (;;) {
      const std::string_view bytes = input_->view();
      if (bytes.empty()) {
        if (!goes_on_behind_member()) return std::nullopt;
        continue;
      }
      const size_t end = std::min(bytes.find('\n'), bytes.size());
      const size_t room = kLongestLine - line.size();
      line += bytes.substr(0, std::min(end, room));
      if (end > room) complain(record, "a header line is too long");
      input_->consume(std::min(end + 1, bytes.size()));
      if (end < bytes.size()) break;
    }
    if (!line.ends_with('\r')) {
      only_line_feeds_ = true;
    } else {
      line.pop_back();
    }
    return line;
  }

  // False where there is no header, or none that tells the block's length.
  bool read_header(WarcRecord& record, Header& header) {
    only_line_feeds_ = false;
    if (!sees_begin()) {
      complain(record, "there is no WARC record here");
      return false;
    }
    const auto version = read_line(record);
    if (!version) return complain(record, "the header is cut"), false;
    const bool known = *version == "WARC/1.0" || *version == "WARC/1.1" ||
                       *version == "WARC/0.18" || *version == "WARC/0.17";
    if (!known) complain(record, "the version is unknown: " + version->substr(0, 20));
    if (!read_fields(record, header)) return false;
    if (only_line_feeds_) complain(record, "header lines end in LF alone");
    if (record.type.empty()) complain(record, "WARC-Type is missing");
    if (record.id.empty()) complain(record, "WARC-Record-ID is missing");
    if (record.date.empty()) complain(record, "WARC-Date is missing");
    if (!record.date.empty() && !may_be_date(record.date)) {
      complain(record, "WARC-Date is no date");
      ++remarks_;
    }
    if (!header.content_length) complain(record, "Content-Length is missing, or no length");
    return header.content_length.has_value();
  }

  // Whether the bytes from here may be a record; that they are cut does not make them none.
  bool sees_begin() {
    std::string begin(input_->view().substr(0, kName.size() + 1));
    if (begin.size() <= kName.size()) return kName.starts_with(begin.substr(0, kName.size()));
    return begins_record(begin);
  }

  bool read_fields(WarcRecord& record, Header& header) {
    std::string field;  // with the lines that it is folded into
    for (size_t lines = 0; lines < kMostLines; ++lines) {
      const auto line = read_line(record);
      if (!line) return complain(record, "the header is cut"), false;
      const bool folded = !line->empty() && (line->front() == ' ' || line->front() == '\t');
      if (folded && !field.empty()) {
        if (field.size() < kLongestLine) field += ' ' + std::string(trim(*line));
        continue;
      }
      take_field(field, record, header);
      if (line->empty()) return true;
      field = *line;
    }
    complain(record, "the header has too many lines");
    return false;
  }

  static void take_field(std::string_view field, WarcRecord& record, Header& header) {
    if (field.empty()) return;
    const size_t colon = field.find(':');
    if (colon == field.npos) return complain(record, "a header line has no colon");
    const std::string name = lower_case(trim(field.substr(0, colon)));
    const std::string_view value = trim(field.substr(colon + 1));
    if (name == "warc-type") record.type = value;
    if (name == "warc-record-id") record.id = value;
    if (name == "warc-date") record.date = value;
    if (name == "warc-target-uri") record.uri = without_brackets(value);
    if (name == "content-type") header.content_type = value;
    if (name == "warc-block-digest") header.block_digest = value;
    if (name == "warc-payload-digest") header.payload_digest = value;
    if (name == "warc-segment-number") header.is_segment = true;
    if (name == "content-length") take_length(value, record, header);
  }

  static void take_length(std::string_view value, WarcRecord& record, Header& header) {
    uint64_t length = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, length);
    if (error != std::errc() || stop != end) return;
    if (header.content_length && *header.content_length != length) {
      complain(record, "there are several Content-Lengths");
    }
    header.content_length = record.content_length = length;
  }

  // ---- the block

  // True where the block has the length that its header says.
  bool read_block(WarcRecord& record, const Header& header) {
    const auto type = parse_mime_type(header.content_type);
    const bool is_http = type && type->essence == "application/http";
    const bool has_payload = record.type != "revisit" && !header.is_segment;
    WarcBlock block(is_http, has_payload, header.block_digest, header.payload_digest,
                    take_payload_);
    record.mime = type ? type->essence : "";
    const uint64_t length = *header.content_length, begin = input_->offset();
    const bool is_sound = length_is_right(length);
    bool is_whole = stream(length, is_sound, block);
    block.finish(record);
    // A length may be wrong by whole records: then the digest tells, and they are read after all.
    const bool swallows = is_whole && is_sound && record.block_digest == WarcRecord::Check::kBad;
    if (swallows && input_->go_back(begin)) {
      WarcBlock passed_over(false, false, {}, {}, nothing_);
      is_whole = stream(length, false, passed_over);
    }
    if (!is_whole) complain(record, "the block is shorter than its Content-Length");
    return is_whole;
  }

  // Where it can be told beforehand: a record ends, or another one begins, behind the block.
  bool length_is_right(uint64_t length) {
    if (!input_->can_look_ahead()) return true;
    if (length > input_->left()) return false;
    const std::string behind = input_->look_ahead(length);
    if (behind.starts_with("\r\n\r\n")) return true;
    const size_t begin = std::min(behind.find_first_not_of("\r\n"), behind.size());
    return begin == behind.size() || begins_record(behind.substr(begin));
  }

  // Of a length that is not to be trusted only what stands before the next record.
  bool stream(uint64_t length, bool is_sound, WarcBlock& block) {
    bool at_line_begin = true;
    while (length > 0) {
      const std::string_view bytes = input_->view();
      if (bytes.empty()) {
        if (!goes_on_behind_member()) return false;
        continue;
      }
      // A record may begin where the length ends, or just before.
      const size_t own = is_sound ? bytes.size() : before_record(bytes, at_line_begin);
      if (own == 0) return false;
      const size_t size = std::min<uint64_t>(own, length);
      block.take(bytes.substr(0, size));
      at_line_begin = bytes[size - 1] == '\n';
      length -= size;
      input_->consume(size);
    }
    return true;
  }

  // A record may reach over members, but not into one that begins a record.
  bool goes_on_behind_member() {
    if (input_->edge() != Edge::kMember) return false;
    input_->cross();
    return !begins_record(input_->view()) && input_->edge() != Edge::kBroken;
  }

  // How much of `bytes` comes before a line that begins a record, or that is too short to tell.
  static size_t before_record(std::string_view bytes, bool at_line_begin) {
    if (at_line_begin && begins_record(bytes)) return 0;
    for (size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
      const std::string_view line = bytes.substr(at + 1);
      if (begins_record(line) || line.size() <= kName.size()) return at + 1;
    }
    return bytes.size();
  }

  // ---- the end

  // CR LF CR LF, and nothing but another record behind it.
  bool read_end(WarcRecord& record) {
    std::string end;
    while (end.size() < 4) {
      const std::string_view bytes = input_->view();
      if (bytes.empty()) break;
      if (bytes.front() != '\r' && bytes.front() != '\n') break;
      end += bytes.front();
      input_->consume(1);
    }
    if (end != "\r\n\r\n") complain(record, "the record does not end in CR LF CR LF");
    const std::string_view behind = input_->view();
    return behind.empty() || end == "\r\n\r\n" || begins_record(behind);
  }

  // Goes to the next line that begins a record, or to an edge behind which one may.
  void resynchronise(WarcRecord& record) {
    bool at_line_begin = true;
    for (;;) {
      const std::string_view bytes = input_->view();
      if (bytes.empty()) {
        if (input_->edge() == Edge::kBroken) skip_broken(record);
        if (input_->edge() != Edge::kMember) return;
        input_->cross();
        if (begins_record(input_->view()) || input_->edge() == Edge::kEnd) return;
        continue;
      }
      const size_t size = before_record(bytes, at_line_begin);
      if (size == 0) return;
      at_line_begin = bytes[size - 1] == '\n';
      input_->consume(size);
    }
  }

  // What a member's end says of the record that it holds.
  void tell_of_broken(WarcRecord& record) {
    if (input_->view().empty() && input_->edge() == Edge::kBroken) skip_broken(record);
  }

  void skip_broken(WarcRecord& record) {
    complain(record, input_->why_broken());
    input_->cross();
  }

  std::unique_ptr<WarcInput> input_;
  const std::string path_;
  const TakePayload take_payload_, nothing_;
  bool damaged_ = false, only_line_feeds_ = false;
  size_t remarks_ = 0;  // errors of the current record that are no damage
};

}  // namespace

Result<std::unique_ptr<WarcReader>> WarcReader::open(const std::string& path,
                                                     TakePayload take_payload) {
  auto input = WarcInput::open(path);
  if (!input) return tl::unexpected(input.error());
  return std::unique_ptr<WarcReader>(
      std::make_unique<Reader>(*std::move(input), path, std::move(take_payload)));
}

}  // namespace halftone
