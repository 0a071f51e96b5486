// What the scenes are painted with.
'use strict';

let g;        // the canvas' context
let W, H;     // its size
let random;   // the same numbers each time
const scenes = {};

const ink = (indigo, coral, yellow, alpha = 1) =>
    `rgba(${indigo * 255 | 0},${coral * 255 | 0},${yellow * 255 | 0},${alpha})`;
const INK = ink(1, 1, 0.5);      // nearly black
const BLANK = ink(0, 0, 0);

function seeded(seed) {
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
}
const between = (low, high) => low + (high - low) * random();

function shade(x0, y0, x1, y1, ...stops) {
  const gradient = g.createLinearGradient(x0, y0, x1, y1);
  stops.forEach(([at, ...densities]) => gradient.addColorStop(at, ink(...densities)));
  return gradient;
}

function box(fill, x, y, w, h) {
  g.fillStyle = fill;
  g.fillRect(x, y, w, h);
}

function shape(fill, ...points) {
  g.beginPath();
  points.forEach(([x, y]) => g.lineTo(x, y));
  g.closePath();
  g.fillStyle = fill;
  g.fill();
}

function disc(fill, x, y, rx, ry = rx) {
  g.beginPath();
  g.ellipse(x, y, rx, ry, 0, 0, 7);
  g.fillStyle = fill;
  g.fill();
}

function line(stroke, width, ...points) {
  g.beginPath();
  points.forEach(([x, y]) => g.lineTo(x, y));
  g.strokeStyle = stroke;
  g.lineWidth = width;
  g.lineCap = g.lineJoin = 'round';
  g.stroke();
}

function curve(stroke, width, x0, y0, cx, cy, x1, y1) {
  g.beginPath();
  g.moveTo(x0, y0);
  g.quadraticCurveTo(cx, cy, x1, y1);
  g.strokeStyle = stroke;
  g.lineWidth = width;
  g.lineCap = 'round';
  g.stroke();
}

// A light's reflection, in broken strips.
function shimmer(x, top, bottom, width, warm) {
  for (let y = top; y < bottom; y += 7) {
    const fade = 1 - (y - top) / (bottom - top);
    const w = width * (0.5 + 0.7 * random());
    if (random() > fade + 0.45) continue;
    line(ink(...warm), 3, [x - w / 2 + between(-3, 3), y], [x + w / 2 + between(-3, 3), y]);
  }
}

// A ridge of hills that fills everything below it. Returns its height at x.
function ridge(fill, level, rise, length, seed) {
  const roll = seeded(seed);
  const waves = [1, 2.3, 4.1, 9.7].map(f => [f / length, roll() * 7, rise / Math.pow(f, 1.15)]);
  const at = x => level - waves.reduce((sum, [f, p, a]) => sum + a * Math.sin(x * f + p), 0);
  const points = [[0, H]];
  for (let x = 0; x <= W + 4; x += 4) points.push([x, at(x)]);
  shape(fill, ...points, [W, H]);
  return at;
}

function stars(count, top, bottom, largest = 1.8) {
  for (let i = 0; i < count; ++i) {
    disc(ink(0, 0, 0.15), between(0, W), between(top, bottom), between(0.7, largest));
  }
}

function pine(fill, x, y, size) {
  for (let i = 0; i < 3; ++i) {
    const w = size * (0.2 + 0.1 * i), top = y - size + i * size * 0.24;
    shape(fill, [x, top], [x + w, top + size * 0.46], [x - w, top + size * 0.46]);
  }
  box(fill, x - size * 0.03, y - size * 0.15, size * 0.06, size * 0.18);
}

function person(fill, x, y, size, hat) {
  shape(fill, [x - size * 0.13, y], [x - size * 0.16, y - size * 0.5], [x - size * 0.09, y - size * 0.74],
        [x + size * 0.09, y - size * 0.74], [x + size * 0.16, y - size * 0.5], [x + size * 0.13, y]);
  disc(fill, x, y - size * 0.86, size * 0.11);
  if (hat) shape(fill, [x - size * 0.26, y - size * 0.84], [x, y - size * 1.08], [x + size * 0.26, y - size * 0.84]);
}

// A tiled roof whose corners turn up.
function roof(fill, x, y, w, h) {
  g.beginPath();
  g.moveTo(x - w * 0.6, y - h * 0.22);
  g.quadraticCurveTo(x - w * 0.3, y - h * 0.1, x - w * 0.22, y - h);
  g.lineTo(x + w * 0.22, y - h);
  g.quadraticCurveTo(x + w * 0.3, y - h * 0.1, x + w * 0.6, y - h * 0.22);
  g.quadraticCurveTo(x + w * 0.5, y + h * 0.04, x + w * 0.46, y);
  g.lineTo(x - w * 0.46, y);
  g.quadraticCurveTo(x - w * 0.5, y + h * 0.04, x - w * 0.6, y - h * 0.22);
  g.fillStyle = fill;
  g.fill();
}
