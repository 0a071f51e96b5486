// The paper mill, and the lanterns made of its paper.
'use strict';

function lantern(x, y, size) {
  disc(ink(0, 0.75, 0.9), x, y, size * 1.16, size * 0.98);
  disc(ink(0, 1, 0.7), x, y, size, size * 0.84);
  disc(ink(0, 0.35, 1), x, y, size * 0.62, size * 0.8);
  disc(ink(0, 0, 0.6), x, y, size * 0.26, size * 0.7);
  box(INK, x - size * 0.4, y - size * 0.98, size * 0.8, size * 0.2);
  box(INK, x - size * 0.4, y + size * 0.78, size * 0.8, size * 0.2);
  line(ink(0, 1, 0.6), Math.max(1.5, size * 0.09), [x, y + size], [x, y + size * 1.6]);
}

Object.assign(scenes, {
  mill: {size: [1080, 640], paint() {
    box(shade(0, 0, 0, 330, [0, 0.3, 0.2, 0.3], [0.6, 0.08, 0.25, 0.5], [1, 0, 0.1, 0.35]), 0, 0, W, H);
    disc(ink(0, 0.25, 0.8), 300, 150, 92);
    disc(ink(0, 0.7, 0.9), 300, 150, 60);
    ridge(ink(0.3, 0.25, 0.2), 250, 90, 150, 19);
    ridge(ink(0.5, 0.3, 0.3), 330, 60, 110, 44);
    const bank = ridge(ink(0.7, 0.25, 0.8), 440, 20, 260, 6);
    for (let x = 0; x < 380; x += 24) pine(ink(0.85, 0.4, 0.6), x, bank(x) + 8, 70 + 24 * Math.sin(x * 2.7));
    for (let x = 880; x < W; x += 26) pine(ink(0.85, 0.4, 0.6), x, bank(x) + 8, 84 + 24 * Math.sin(x * 2.1));
    // Two houses, smoke, a rack of sheets between them.
    for (let i = 0; i < 5; ++i) disc(ink(0.05, 0.05, 0.2), 790 + i * 26, 170 - i * 30, 26 + i * 9, 15 + i * 4);
    box(INK, 770, 184, 24, 60);
    box(ink(0.75, 0.8, 0.5), 440, 300, 230, 160);
    roof(INK, 555, 312, 300, 76);
    box(ink(0.6, 0.85, 0.5), 660, 280, 220, 190);
    roof(INK, 770, 290, 300, 84);
    for (const x of [470, 530, 590]) { box(ink(0, 0.15, 0.95), x, 340, 38, 52); line(INK, 3, [x + 19, 340], [x + 19, 392]); line(INK, 3, [x, 366], [x + 38, 366]); }
    box(ink(0, 0.3, 1), 700, 340, 70, 128); box(INK, 733, 340, 4, 128);
    person(INK, 722, 468, 96);
    box(ink(0, 0.15, 0.95), 800, 340, 46, 56);
    box(INK, 430, 452, 470, 14);
    // The stream and the wheel.
    shape(shade(0, 470, 0, H, [0, 0.35, 0.05, 0.1], [1, 0.85, 0.25, 0.1]), [0, 500], [430, 462], [900, 466], [W, 480], [W, H], [0, H]);
    random = seeded(14);
    for (let i = 0; i < 46; ++i) { const x = between(-40, W), y = between(496, 634); line(random() < 0.5 ? BLANK : ink(0.9, 0.4, 0.1), 2.5, [x, y], [x + between(16, 80), y]); }
    disc(INK, 372, 430, 118); disc(ink(0.3, 0.25, 0.4), 372, 430, 100); disc(INK, 372, 430, 84); disc(ink(0.3, 0.25, 0.4), 372, 430, 74);
    for (let i = 0; i < 12; ++i) {
      const a = i * Math.PI / 6 + 0.2, c = Math.cos(a), s = Math.sin(a);
      line(INK, 6, [372, 430], [372 + 114 * c, 430 + 114 * s]);
      line(INK, 8, [372 + 100 * c - 12 * s, 430 + 100 * s + 12 * c], [372 + 130 * c - 12 * s, 430 + 130 * s + 12 * c]);
    }
    disc(INK, 372, 430, 17);
    shape(ink(0.1, 0, 0.05), [120, 306], [360, 300], [360, 310], [120, 318]);
    line(INK, 6, [110, 320], [366, 312]);
    for (const x of [140, 220]) line(INK, 7, [x, 318], [x, 520]);
    curve(BLANK, 9, 352, 304, 262, 322, 268, 420);
    for (let i = 0; i < 7; ++i) disc(BLANK, 286 + i * 22, 540 + 6 * Math.sin(i * 2), 14, 5);
  }},

  sheets: {size: [900, 600], paint() {
    box(shade(0, 0, 0, 400, [0, 0.15, 0.1, 0.15], [1, 0, 0.3, 0.6]), 0, 0, W, H);
    disc(ink(0, 0.35, 0.9), 690, 150, 78);
    ridge(ink(0.35, 0.3, 0.3), 300, 60, 160, 23);
    ridge(ink(0.6, 0.3, 0.7), 390, 30, 140, 2);
    box(shade(0, 400, 0, H, [0, 0.25, 0.1, 0.9], [1, 0.55, 0.2, 0.9]), 0, 430, W, 170);
    for (let row = 0; row < 3; ++row) {
      const s = 0.62 + row * 0.3, top = 262 + row * 62, w = 92 * s, gap = 118 * s;
      for (let x = -20 - row * 40; x < W + 40; x += gap) {
        line(INK, 5 * s, [x - (gap - w) / 2, top - 14 * s], [x - (gap - w) / 2, top + 150 * s]);
        shape(ink(0.45, 0.25, 0.4), [x + 9, top + 4], [x + w + 8, top + 4], [x + w + 13 * s, top + 124 * s], [x + 6, top + 120 * s]);
        shape(BLANK, [x, top], [x + w, top], [x + w + 5 * s, top + 118 * s], [x - 2 * s, top + 114 * s]);
        shape(shade(x, 0, x + w, 0, [0, 0.02, 0.02, 0.1], [1, 0.2, 0.12, 0.2]), [x + w * 0.45, top], [x + w, top], [x + w + 5 * s, top + 118 * s], [x + w * 0.5, top + 116 * s]);
      }
      line(INK, 4 * s, [0, top], [W, top]);
    }
    person(INK, 388, 574, 190, true);
    line(INK, 15, [400, 446], [452, 412]);
    line(INK, 15, [376, 446], [424, 470], [462, 440]);
    shape(ink(0, 0.9, 0.7), [362, 574], [356, 500], [420, 500], [414, 574]);
  }},

  lanterns: {size: [1120, 640], paint() {
    box(shade(0, 0, 0, 420, [0, 1, 0.6, 0], [0.6, 0.85, 0.8, 0.1], [1, 0.5, 0.95, 0.2]), 0, 0, W, H);
    random = seeded(21);
    stars(60, 0, 240, 2);
    disc(ink(0.4, 0.7, 0.3), 860, 120, 84);
    disc(ink(0, 0, 0.5), 860, 120, 56);
    ridge(ink(0.95, 0.7, 0.05), 300, 46, 150, 4);
    disc(ink(0.2, 1, 0.45), 560, 470, 330, 190);
    disc(ink(0, 0.75, 0.8), 560, 470, 210, 130);
    disc(ink(0, 0.3, 1), 560, 460, 110, 80);
    // Houses step towards us on both banks.
    for (let side of [-1, 1]) {
      for (let i = 0; i < 4; ++i) {
        const s = 0.42 + i * 0.26, x = 560 + side * (150 + i * 118 + i * i * 12), y = 470 + i * 22;
        const w = 150 * s, h = 150 * s;
        box(INK, x - w / 2, y - h, w, h + 200);
        roof(INK, x, y - h + 3, w * 1.12, 52 * s);
        for (let n = 0; n < 3; ++n) {
          box(ink(0, 0.35 - 0.1 * n, 1), x - w * 0.36 + n * w * 0.26, y - h * 0.8, w * 0.17, h * 0.3);
          line(INK, 1.5 * s, [x - w * 0.275 + n * w * 0.26, y - h * 0.8], [x - w * 0.275 + n * w * 0.26, y - h * 0.5]);
        }
        box(ink(0.2, 1, 0.7), x - w * 0.2, y - h * 0.36, w * 0.4, h * 0.5);
      }
    }
    // The canal between them.
    shape(shade(0, 470, 0, H, [0, 0, 0.7, 0.9], [0.5, 0.5, 1, 0.3], [1, 0.95, 0.9, 0.2]), [500, 470], [620, 470], [940, H], [180, H]);
    random = seeded(5);
    for (let y = 482; y < H; y += 9) {
      const reach = 70 + (y - 470) * 1.7;
      for (let i = 0; i < 5; ++i) {
        const x = 560 + between(-reach, reach) * 0.85, w = between(6, 24) * (y - 400) / 100;
        line(random() < 0.45 ? ink(0, 0.15, 0.95) : ink(0.85, 1, 0.2), 2.5, [x, y], [x + w, y]);
      }
    }
    for (let i = 0; i < 9; ++i) {
      const y = 500 + i * i * 1.75, x = 560 + Math.sin(i * 2.4) * (30 + i * 22), s = 5 + i * 1.9;
      disc(ink(0, 0.6, 0.9), x, y, s * 1.9, s * 0.8);
      shape(ink(0, 0, 0.7), [x - s * 0.8, y - s * 0.1], [x - s * 0.6, y - s * 1.5], [x + s * 0.6, y - s * 1.5], [x + s * 0.8, y - s * 0.1]);
      disc(BLANK, x, y - s * 0.6, s * 0.3, s * 0.45);
    }
    // An arched bridge with people, and strings of lanterns across.
    g.beginPath();
    g.moveTo(330, 478); g.quadraticCurveTo(560, 360, 790, 478);
    g.lineTo(700, 478); g.quadraticCurveTo(560, 392, 420, 478);
    g.fillStyle = INK; g.fill();
    [[440, 40], [476, 44], [520, 38], [560, 46], [588, 40], [650, 44], [684, 38]].forEach(([x, h], i) =>
        person(INK, x, 440 - 20 * (1 - Math.pow((x - 560) / 150, 2)) - 4, h, i % 3 == 1));
    const string = (x0, y0, x1, y1, sag, count, size) => {
      curve(INK, 2, x0, y0, (x0 + x1) / 2, (y0 + y1) / 2 + sag * 2, x1, y1);
      for (let i = 1; i < count; ++i) {
        const t = i / count, u = 1 - t;
        const x = u * u * x0 + 2 * u * t * (x0 + x1) / 2 + t * t * x1;
        const y = u * u * y0 + 2 * u * t * ((y0 + y1) / 2 + sag * 2) + t * t * y1;
        lantern(x, y + size * 1.2, size);
      }
    };
    string(360, 300, 760, 300, 18, 9, 11);
    string(250, 226, 870, 226, 32, 9, 19);
    string(60, 120, 1060, 120, 46, 8, 33);
  }},
});
