// Prints a scene in three inks, one screen of dots each, the way a small press would.
//
// A scene is painted on a canvas whose red, green and blue are not colours but how much of each
// ink stands there: indigo, coral, yellow. Here each becomes dots.
//
// The screens' angles have rational tangents and all of them repeat after 20 pixels, and densities
// come in few steps: what repeats exactly costs next to nothing in a PNG or a WebP.
'use strict';

const PAPER = [247, 241, 227];
const INKS = [
  {colour: [30, 52, 96], step: [5, 5], shift: [0, 0]},
  {colour: [232, 84, 58], step: [6, 2], shift: [1, 1]},
  {colour: [246, 188, 62], step: [5, 0], shift: [2, 1]},
];

// How much ink each place of a 20×20 tile must want before it gets any: dots grow, meet at the
// half, and leave holes that shrink.
function screen({step: [a, b], shift}, scale) {
  const size = 20 * scale, places = [];
  for (let i = 0; i < size * size; ++i) {
    const x = (i % size + shift[0]) / scale, y = (Math.floor(i / size) + shift[1]) / scale;
    const turn = 2 * Math.PI / (a * a + b * b);
    const height = Math.cos((a * x + b * y) * turn) + Math.cos((a * y - b * x) * turn);
    places.push([height + 1e-6 * (i % 7), i]);
  }
  // Ranked, so that a density covers just its share of the tile.
  const ranks = new Float32Array(size * size);
  places.sort((p, q) => p[0] - q[0]).forEach(([, i], rank) => ranks[i] = rank / places.length);
  return ranks;
}

const inSteps = (value, steps) => Math.round(value * steps) / steps;

function print(canvas, {coarse = 1, steps = 16, transparent = false} = {}) {
  const {width, height} = canvas;
  const context = canvas.getContext('2d');
  const image = context.getImageData(0, 0, width, height);
  const data = image.data, size = 20 * coarse;
  const screens = INKS.map(ink => screen(ink, coarse));
  for (let y = 0, at = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x, at += 4) {
      const colour = [...PAPER];
      INKS.forEach((ink, i) => {
        const wanted = inSteps(data[at + i] / 255, steps);
        const edge = 0.02 + 0.96 * screens[i][y % size * size + x % size];
        const cover = inSteps(Math.min(1, Math.max(0, (wanted - edge) * 3.2 * coarse + 0.5)), 2);
        for (let c = 0; c < 3; ++c) colour[c] *= 1 - cover * (1 - ink.colour[c] / 255);
      });
      for (let c = 0; c < 3; ++c) data[at + c] = Math.round(colour[c]);
      data[at + 3] = transparent ? 255 * inSteps(data[at + 3] / 255, 1) : 255;
    }
  }
  context.putImageData(image, 0, 0);
}
