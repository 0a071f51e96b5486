// The readers behind read_image_header(), one family of formats a file.
//
// Each is given bytes that begin as its format does, and a header that names format and media type
// and has every other member at its default; it fills in what the bytes tell. Display sizes are
// left at 0 where they follow from the stored size and the orientation. Every reader is linear in
// the bytes and looks at none beyond them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "media/image_header.h"

namespace halftone {

void read_jpeg(std::string_view bytes, ImageHeader& header);
void read_png(std::string_view bytes, ImageHeader& header);
void read_gif(std::string_view bytes, ImageHeader& header);
void read_webp(std::string_view bytes, ImageHeader& header);
void read_heif(std::string_view bytes, ImageHeader& header);  // AVIF, HEIF and their sequences
void read_jxl(std::string_view bytes, ImageHeader& header);   // naked, or in boxes
void read_jp2(std::string_view bytes, ImageHeader& header);
void read_j2k(std::string_view bytes, ImageHeader& header);  // JPEG 2000's codestream
void read_tiff(std::string_view bytes, ImageHeader& header);
void read_bmp(std::string_view bytes, ImageHeader& header);
void read_ico(std::string_view bytes, ImageHeader& header);  // and CUR
void read_icns(std::string_view bytes, ImageHeader& header);
void read_psd(std::string_view bytes, ImageHeader& header);
void read_qoi(std::string_view bytes, ImageHeader& header);
void read_pnm(std::string_view bytes, ImageHeader& header);

// These have no signature. Empty or false: `bytes` begin none.
std::string_view pnm_type(std::string_view bytes);
bool read_svg(std::string_view bytes, ImageHeader& header);

// "avif", "heif" or nothing, by the brands of a file type box.
std::string_view heif_format(std::string_view bytes);

}  // namespace halftone
