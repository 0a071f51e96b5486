// The readers behind read_media_header(), one family of formats a file. Each is given a file that
// begins as its format does, and fills in what it tells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/media_header.h"

namespace halftone {

void read_mp4(const FileView& file, MediaHeader& header);
void read_matroska(const FileView& file, MediaHeader& header);
void read_ogg(const FileView& file, MediaHeader& header);
void read_avi(const FileView& file, MediaHeader& header);
void read_wave(const FileView& file, MediaHeader& header);
void read_flac(const FileView& file, MediaHeader& header);
void read_mpeg_audio(const FileView& file, MediaHeader& header);
void read_adts(const FileView& file, MediaHeader& header);

// Adds it, unless there are too many.
void add_track(MediaHeader& header, MediaTrack track);

// units × 1000 / per_second, as far as it fits; nothing where nothing is known.
std::optional<uint64_t> milliseconds(double units, double per_second);

// A codec by the four letters that MP4 and AVI have for it.
std::string codec_for(std::string_view code);

}  // namespace halftone
