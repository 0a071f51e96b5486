#include "media/thumb_hash.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace halftone {

namespace {

constexpr double kNoise = 1e-9;  // of rounding; nothing that eight bits could tell apart

// One value a pixel.
using Plane = std::vector<double>;

struct Planes {
  Plane luminance, yellow_blue, red_green, alpha;
  bool has_alpha = false;
};

struct Channel {
  double average = 0, scale = 0;
  std::vector<double> terms;  // from 0 to 1
};

struct Colour {
  double red = 0, green = 0, blue = 0;
};

// Of what can be seen.
Colour average_of(std::span<const uint8_t> rgba, double& opaque) {
  Colour sum;
  for (size_t i = 0; i < rgba.size(); i += 4) {
    const double alpha = rgba[i + 3] / 255.0;
    sum.red += alpha / 255 * rgba[i];
    sum.green += alpha / 255 * rgba[i + 1];
    sum.blue += alpha / 255 * rgba[i + 2];
    opaque += alpha;
  }
  if (opaque == 0) return sum;
  return {sum.red / opaque, sum.green / opaque, sum.blue / opaque};
}

// What is see-through lies over the average colour.
Planes planes_of(std::span<const uint8_t> rgba) {
  const size_t size = rgba.size() / 4;
  double opaque = 0;
  const Colour average = average_of(rgba, opaque);
  Planes planes{Plane(size), Plane(size), Plane(size), Plane(size)};
  for (size_t i = 0; i < size; ++i) {
    const uint8_t* pixel = &rgba[4 * i];
    const double alpha = pixel[3] / 255.0;
    const double red = average.red * (1 - alpha) + alpha / 255 * pixel[0];
    const double green = average.green * (1 - alpha) + alpha / 255 * pixel[1];
    const double blue = average.blue * (1 - alpha) + alpha / 255 * pixel[2];
    planes.luminance[i] = (red + green + blue) / 3;
    planes.yellow_blue[i] = (red + green) / 2 - blue;
    planes.red_green[i] = red - green;
    planes.alpha[i] = alpha;
    planes.has_alpha = planes.has_alpha || pixel[3] < 255;
  }
  return planes;
}

// cos(π/size · frequency · (i + ½)) for each i.
Plane wave(size_t size, size_t frequency) {
  Plane wave(size);
  const double step = std::numbers::pi / static_cast<double>(size) * static_cast<double>(frequency);
  for (size_t i = 0; i < size; ++i) wave[i] = std::cos(step * (static_cast<double>(i) + 0.5));
  return wave;
}

// The triangle of lowest frequencies, `across` and `down` at its sides.
Channel encode(const Plane& plane, size_t width, size_t across, size_t down) {
  const size_t height = plane.size() / width;
  // sums[cx][y]: rows first, so that each pixel is met once for each horizontal frequency.
  std::vector<Plane> sums(across, Plane(height));
  for (size_t cx = 0; cx < across; ++cx) {
    const Plane horizontal = wave(width, cx);
    for (size_t y = 0; y < height; ++y) {
      for (size_t x = 0; x < width; ++x) sums[cx][y] += plane[y * width + x] * horizontal[x];
    }
  }
  Channel channel;
  for (size_t cy = 0; cy < down; ++cy) {
    const Plane vertical = wave(height, cy);
    for (size_t cx = 0; cx * down < across * (down - cy); ++cx) {
      double term = 0;
      for (size_t y = 0; y < height; ++y) term += sums[cx][y] * vertical[y];
      term /= static_cast<double>(plane.size());
      if (cx == 0 && cy == 0) {
        channel.average = term;
      } else {
        channel.terms.push_back(term);
        channel.scale = std::max(channel.scale, std::abs(term));
      }
    }
  }
  const bool is_flat = channel.scale < kNoise;
  for (double& term : channel.terms) term = is_flat ? 0 : 0.5 + 0.5 / channel.scale * term;
  return channel;
}

// `value`, from 0 to 1, as one of so many steps. Halves go up, as the format's own encoder has it.
uint32_t step(double value, double steps) {
  return static_cast<uint32_t>(std::clamp(std::floor(value * steps + 0.5), 0.0, steps));
}

uint32_t signed_step(double value) { return step(0.5 + 0.5 * value, 63); }

void append_terms(const std::vector<const Channel*>& channels, std::string& hash) {
  bool is_half = false;
  for (const Channel* channel : channels) {
    for (const double term : channel->terms) {
      const uint32_t four_bits = step(term, 15);
      if (is_half) {
        hash.back() = static_cast<char>(static_cast<uint8_t>(hash.back()) | four_bits << 4);
      } else {
        hash.push_back(static_cast<char>(four_bits));
      }
      is_half = !is_half;
    }
  }
}

// How many terms of luminance there are along a side.
size_t terms_along(size_t side, size_t longest, bool has_alpha) {
  const double most = has_alpha ? 5 : 7;
  const double share = static_cast<double>(side) / static_cast<double>(longest);
  return std::max<size_t>(1, static_cast<size_t>(std::floor(most * share + 0.5)));
}

}  // namespace

std::string thumb_hash(size_t width, size_t height, std::span<const uint8_t> rgba) {
  const bool fits = width >= 1 && height >= 1 && width <= kThumbHashSide &&
                    height <= kThumbHashSide && rgba.size() == 4 * width * height;
  if (!fits) return {};
  const Planes planes = planes_of(rgba);
  const size_t longest = std::max(width, height);
  const size_t across = terms_along(width, longest, planes.has_alpha);
  const size_t down = terms_along(height, longest, planes.has_alpha);
  const Channel luminance =
      encode(planes.luminance, width, std::max<size_t>(3, across), std::max<size_t>(3, down));
  const Channel yellow_blue = encode(planes.yellow_blue, width, 3, 3);
  const Channel red_green = encode(planes.red_green, width, 3, 3);
  const Channel alpha = planes.has_alpha ? encode(planes.alpha, width, 5, 5) : Channel{};

  const bool is_landscape = width > height;
  const uint32_t head = step(luminance.average, 63) | signed_step(yellow_blue.average) << 6 |
                        signed_step(red_green.average) << 12 | step(luminance.scale, 31) << 18 |
                        (planes.has_alpha ? 1U : 0U) << 23;
  const uint32_t shape = static_cast<uint32_t>(is_landscape ? down : across) |
                         step(yellow_blue.scale, 63) << 3 | step(red_green.scale, 63) << 9 |
                         (is_landscape ? 1U : 0U) << 15;
  std::string hash;
  for (const int shift : {0, 8, 16}) hash.push_back(static_cast<char>(head >> shift));
  for (const int shift : {0, 8}) hash.push_back(static_cast<char>(shape >> shift));
  std::vector<const Channel*> channels = {&luminance, &yellow_blue, &red_green};
  if (planes.has_alpha) {
    hash.push_back(static_cast<char>(step(alpha.average, 15) | step(alpha.scale, 15) << 4));
    channels.push_back(&alpha);
  }
  append_terms(channels, hash);
  return hash;
}

}  // namespace halftone
