#include "store/image_inspection.h"

#include <fmt/format.h>

namespace halftone {

namespace {

// What the header alone finds wrong; empty where it is sound. A drawing needs no size of its own.
std::string fault_of(const ImageHeader& header) {
  const bool has_size = header.width > 0 && header.height > 0;
  if (header.is_cut)
    return fmt::format("cut: this {} ends before its own sizes say", header.format);
  if (!has_size && header.format != "svg")
    return fmt::format("this {} tells no width and height", header.format);
  return {};
}

}  // namespace

ImageReport inspect_image(std::string_view bytes, ImageWorker& worker) {
  ImageReport report;
  report.header = read_image_header(bytes);
  if (!report.header) {
    report.error = "not an image of a format known here";
    return report;
  }
  report.decorative = is_decorative(*report.header);
  report.error = fault_of(*report.header);
  if (can_decode(report.header->mime)) {
    const auto pixels = worker.pixels(bytes);
    if (pixels) report.phash = fmt::format("{:016x}", pixels->hash);
    const std::string complaint = pixels ? pixels->damage : pixels.error().message;
    if (report.error.empty()) report.error = complaint;
  }
  report.ok = report.error.empty();
  return report;
}

}  // namespace halftone
