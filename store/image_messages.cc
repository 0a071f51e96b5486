#include "store/image_messages.h"

#include "media/byte_reader.h"
#include "media/thumb_hash.h"
#include "media/utf8.h"

namespace halftone {

namespace {

constexpr size_t kMaxText = 2000;

void put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

ByteReader reader_of(std::string_view payload) { return ByteReader(payload, std::endian::little); }

std::string encode_failure(const Error& error) {
  std::string out = "e";
  put(out, static_cast<uint64_t>(error.code), 1);
  return out + error.message;
}

tl::unexpected<Error> nonsense() {
  return fail(ErrorCode::kCorrupt, "the image worker answered with nonsense");
}

// A failure that the functions behind a worker may return.
tl::unexpected<Error> decode_failure(ByteReader& reader) {
  const auto code = static_cast<ErrorCode>(reader.u8());
  const bool known = code == ErrorCode::kInvalid || code == ErrorCode::kTooLarge;
  if (!known || !reader.sound()) return nonsense();
  return fail(code, "{}", printable_tail(reader.rest(), kMaxText));
}

bool is_plain_type(std::string_view type) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  return type.starts_with("image/") && type.size() > 6 && type.size() < 64 &&
         std::all_of(type.begin() + 6, type.end(), plain);
}

}  // namespace

std::string encode_u32(uint32_t value) {
  std::string out;
  put(out, value, 4);
  return out;
}

uint32_t decode_u32(std::string_view four_bytes) { return reader_of(four_bytes).u32(); }

std::string encode_limits(uint64_t memory) {
  std::string out;
  put(out, memory, 8);
  return out;
}

std::optional<uint64_t> decode_limits(std::string_view payload) {
  if (payload.size() != 8) return std::nullopt;
  return reader_of(payload).u64();
}

std::string encode_request(const ImageRequest& request) {
  using What = ImageRequest::What;
  std::string out;
  put(out, request.number, 4);
  put(out, request.size, 4);
  if (request.what != What::kDerivative) return out + (request.what == What::kFacts ? "F" : "P");
  out += "D";
  put(out, request.recipe.width, 4);
  put(out, request.recipe.height, 4);
  put(out, request.recipe.crop, 1);
  put(out, request.recipe.most_frames, 4);
  put(out, request.recipe.of_video, 1);
  put(out, static_cast<uint64_t>(request.recipe.quality), 1);
  put(out, request.recipe.format.size(), 1);
  return out.append(request.recipe.format);
}

std::optional<ImageRequest> decode_request(std::string_view payload) {
  using What = ImageRequest::What;
  ByteReader reader = reader_of(payload);
  ImageRequest request{};
  request.number = reader.u32();
  request.size = reader.u32();
  const std::string_view what = reader.piece(1);
  if (!reader.sound() || request.size > kMaxImageBytes) return std::nullopt;
  if (what == "F" || what == "P") {
    request.what = what == "F" ? What::kFacts : What::kPixels;
    return request;
  }
  if (what != "D") return std::nullopt;
  request.what = What::kDerivative;
  Recipe& recipe = request.recipe;
  recipe.width = reader.u32();
  recipe.height = reader.u32();
  recipe.crop = reader.u8() != 0;
  recipe.most_frames = reader.u32();
  recipe.of_video = reader.u8() != 0;
  recipe.quality = reader.u8();
  recipe.format = reader.piece(reader.u8());
  if (!reader.sound()) return std::nullopt;
  return request;
}

std::string encode_answer(const Result<ImageFacts>& facts) {
  if (!facts) return encode_failure(facts.error());
  std::string out = "f";
  put(out, facts->width, 4);
  put(out, facts->height, 4);
  put(out, facts->frames, 4);
  put(out, facts->alpha, 1);
  return out + facts->type;
}

std::string encode_answer(const Result<ImagePixels>& pixels) {
  if (!pixels) return encode_failure(pixels.error());
  std::string out = "p";
  put(out, pixels->hash, 8);
  return out + pixels->damage;
}

std::string encode_answer(const Result<Derivative>& made) {
  if (!made) return encode_failure(made.error());
  std::string out = "d";
  put(out, made->bytes.size(), 4);
  put(out, made->width, 4);
  put(out, made->height, 4);
  put(out, made->hash.has_value(), 1);
  put(out, made->hash.value_or(0), 8);
  put(out, made->type.size(), 1);
  return out + made->type + made->placeholder;
}

Result<ImageFacts> decode_facts(std::string_view payload) {
  ByteReader reader = reader_of(payload);
  const std::string_view what = reader.piece(1);
  if (what == "e") return decode_failure(reader);
  ImageFacts facts;
  facts.width = reader.u32();
  facts.height = reader.u32();
  facts.frames = reader.u32();
  facts.alpha = reader.u8() != 0;
  facts.type = reader.rest();
  if (what != "f" || !reader.sound() || !is_plain_type(facts.type)) return nonsense();
  return facts;
}

Result<ImagePixels> decode_pixels(std::string_view payload) {
  ByteReader reader = reader_of(payload);
  const std::string_view what = reader.piece(1);
  if (what == "e") return decode_failure(reader);
  ImagePixels pixels;
  pixels.hash = reader.u64();
  if (what != "p" || !reader.sound()) return nonsense();
  pixels.damage = printable_tail(reader.rest(), kMaxText);
  return pixels;
}

Result<Derivative> decode_derivative(std::string_view payload, std::string_view memory) {
  ByteReader reader = reader_of(payload);
  const std::string_view what = reader.piece(1);
  if (what == "e") return decode_failure(reader);
  Derivative made;
  const uint32_t size = reader.u32();
  made.width = reader.u32();
  made.height = reader.u32();
  const bool has_hash = reader.u8() != 0;
  const uint64_t hash = reader.u64();
  if (has_hash) made.hash = hash;
  made.type = reader.piece(reader.u8());
  made.placeholder = reader.rest();
  const bool known =
      (made.type == "image/jpeg" || made.type == "image/webp" || made.type == "image/png") &&
      made.placeholder.size() <= kMaxThumbHash;
  const bool fits = size > 0 && size <= memory.size();
  if (what != "d" || !reader.sound() || !known || !fits) return nonsense();
  made.bytes = memory.substr(0, size);
  return made;
}

std::string printable_tail(std::string_view text, size_t most) {
  if (text.size() > most) text.remove_prefix(text.size() - most);
  // Not from the middle of a character on.
  for (int i = 0; i < 3 && !text.empty() && (text[0] & 0xC0) == 0x80; ++i) text.remove_prefix(1);
  const bool is_text = is_valid_utf8(text);
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [&](unsigned char c) { return c < 0x20 || c == 0x7F || (!is_text && c > 0x7F); }, ' ');
  out.erase(out.find_last_not_of(' ') + 1);
  out.erase(0, out.find_first_not_of(' '));
  return out;
}

}  // namespace halftone
