// The slow train through the tea hills.
'use strict';

Object.assign(scenes, {
  train: {size: [1200, 675], paint() {
    box(shade(0, 0, 0, 520, [0, 1, 0.3, 0], [0.55, 0.75, 0.35, 0], [1, 0.3, 0.45, 0.2]), 0, 0, W, H);
    random = seeded(33);
    stars(90, 0, 300, 2.2);
    disc(ink(0.5, 0.2, 0.1), 930, 150, 132);
    disc(ink(0.2, 0.05, 0.3), 930, 150, 98);
    disc(ink(0, 0, 0.25), 930, 150, 66);
    disc(ink(0.12, 0.05, 0.3), 910, 138, 15); disc(ink(0.12, 0.05, 0.3), 948, 166, 20); disc(ink(0.12, 0.05, 0.3), 940, 126, 9);
    ridge(ink(0.5, 0.35, 0.1), 330, 90, 190, 12);
    ridge(ink(0.7, 0.5, 0.1), 410, 70, 130, 31);
    const near = ridge(ink(0.92, 0.6, 0.1), 500, 50, 110, 8);
    for (let x = 8; x < W; x += 26) pine(ink(0.92, 0.6, 0.1), x + 6 * Math.sin(x), near(x) + 6, 34 + 12 * Math.sin(x * 3.1));
    // The viaduct.
    const deck = 452;
    for (let x = -70; x < W; x += 150) {
      g.beginPath();
      g.rect(x, deck, 150, H - deck);
      g.moveTo(x + 24, H); g.lineTo(x + 24, deck + 92);
      g.arc(x + 75, deck + 92, 51, Math.PI, 0); g.lineTo(x + 126, H); g.closePath();
      g.fillStyle = INK; g.fill('evenodd');
    }
    box(INK, 0, deck - 6, W, 22);
    box(shade(0, 600, 0, H, [0, 0.4, 0.35, 0.15], [1, 0.8, 0.4, 0.1]), 0, 630, W, 45);
    for (let x = -70; x < W; x += 150) shape(INK, [x - 24, 632], [x + 24, 632], [x + 30, H], [x - 18, H]);
    for (let i = 0; i < 40; ++i) { const x = between(0, W), y = between(636, 672); line(ink(0.1, 0.1, 0.35), 2, [x, y], [x + between(8, 40), y]); }
    // The train: an engine and four carriages, every window lit.
    for (let c = 0; c < 4; ++c) {
      const x = 60 + c * 214;
      shape(INK, [x, deck - 12], [x, deck - 76], [x + 8, deck - 86], [x + 198, deck - 86], [x + 206, deck - 76], [x + 206, deck - 12]);
      box(ink(0, 1, 0.7), x, deck - 30, 206, 6);
      for (let n = 0; n < 6; ++n) {
        box(n == (c * 2 + 1) % 6 ? ink(0, 0.3, 0.9) : ink(0, 0, 0.8), x + 14 + n * 31, deck - 70, 22, 28);
        if ((n + c) % 3 == 0) { disc(INK, x + 26 + n * 31, deck - 54, 5); box(INK, x + 19 + n * 31, deck - 50, 14, 9); }
      }
      line(INK, 4, [x - 10, deck - 20], [x + 216, deck - 20]);
      for (const w of [30, 52, 154, 176]) disc(INK, x + w, deck - 11, 9);
    }
    const e = 916;
    shape(INK, [e, deck - 12], [e, deck - 96], [e + 56, deck - 96], [e + 56, deck - 74], [e + 158, deck - 70], [e + 176, deck - 50], [e + 180, deck - 12]);
    box(ink(0, 0, 0.8), e + 18, deck - 84, 22, 24);
    box(ink(0, 1, 0.7), e, deck - 30, 180, 6);
    box(INK, e + 112, deck - 90, 16, 24);
    for (const w of [28, 62, 118, 152]) disc(INK, e + w, deck - 12, 12);
    shape(ink(0, 0.1, 0.75), [e + 178, deck - 46], [W, deck - 74], [W, deck - 6]);
    disc(BLANK, e + 176, deck - 46, 8);
  }},

  tea: {size: [1120, 700], paint() {
    box(shade(0, 0, 0, 360, [0, 0.1, 0.75, 0.35], [0.5, 0, 0.45, 0.6], [1, 0, 0.12, 0.4]), 0, 0, W, H);
    disc(ink(0, 0.3, 1), 790, 190, 112);
    disc(ink(0, 0.9, 0.9), 790, 190, 74);
    ridge(ink(0.25, 0.5, 0.25), 280, 70, 170, 17);
    ridge(ink(0.4, 0.35, 0.4), 350, 60, 140, 40);
    for (const [x, y, w] of [[260, 330, 420], [840, 352, 480], [520, 372, 300]]) disc(ink(0, 0.08, 0.2), x, y, w / 2, 11);
    // Terraces: the same line again and again, each a row of bushes.
    const slope = (fill, row, level, rise, length, seed, gap, count, tilt) => {
      const at = ridge(fill, level, rise, length, seed);
      for (let i = 0; i < count; ++i) {
        const points = [];
        for (let x = -10; x <= W + 10; x += 8) {
          points.push([x, at(x) + gap * (i + 0.6) * (1 + i * 0.07) + tilt * i * x / W + 3 * Math.abs(Math.sin(x * 0.11 + i))]);
        }
        line(row, gap * 0.34, ...points);
      }
      return at;
    };
    slope(ink(0.45, 0, 0.9), ink(0.85, 0.15, 0.8), 420, 46, 160, 3, 15, 8, 14);
    slope(ink(0.3, 0, 1), ink(0.8, 0.1, 0.9), 500, 44, 210, 26, 21, 7, -20);
    const hill = slope(ink(0.15, 0, 0.95), ink(0.75, 0, 1), 590, 34, 250, 9, 28, 6, 16);
    for (const [x, h] of [[240, 66], [310, 60], [372, 66]]) {
      person(INK, x, hill(x) + 52, h, true);
      disc(ink(0.2, 0.9, 0.8), x + 18, hill(x) + 26, 12, 15);
      line(INK, 2, [x + 9, hill(x) + 12], [x + 26, hill(x) + 14]);
    }
    // A weather mast on the ridge.
    const mast = 930, foot = 424;
    line(INK, 4, [mast, foot + 20], [mast, foot - 150]);
    for (const d of [-54, 54]) line(INK, 1.5, [mast, foot - 130], [mast + d, foot + 12]);
    line(INK, 3, [mast - 20, foot - 150], [mast + 20, foot - 150]);
    for (const d of [-20, 0, 20]) disc(INK, mast + d, foot - 155, 6);
    shape(INK, [mast, foot - 112], [mast + 34, foot - 120], [mast + 34, foot - 104]);
    box(INK, mast + 66, foot - 30, 62, 44);
    roof(INK, mast + 97, foot - 26, 84, 24);
    box(ink(0, 0.1, 0.9), mast + 78, foot - 18, 14, 14);
    box(ink(0, 0.1, 0.9), mast + 102, foot - 18, 14, 14);
  }},

  station: {size: [560, 420], paint() {
    box(shade(0, 0, 0, 300, [0, 1, 0.45, 0.05], [1, 0.6, 0.6, 0.15]), 0, 0, W, H);
    random = seeded(8);
    stars(30, 0, 110);
    ridge(ink(0.85, 0.55, 0.1), 220, 44, 110, 15);
    disc(ink(0.2, 0.75, 0.55), 190, 210, 126);
    disc(ink(0, 0.4, 0.95), 190, 210, 92);
    box(ink(0.4, 0.75, 0.6), 330, 170, 200, 160);
    roof(INK, 430, 186, 250, 62);
    box(ink(0, 0.1, 0.9), 352, 216, 44, 60); box(ink(0, 0.1, 0.9), 468, 216, 44, 60);
    box(ink(0, 0.3, 1), 410, 210, 44, 120); person(INK, 432, 330, 92, true);
    line(INK, 7, [190, 330], [190, 150]);
    disc(INK, 190, 150, 46); disc(BLANK, 190, 150, 37);
    for (let i = 0; i < 12; ++i) { const a = i * Math.PI / 6; line(INK, 3, [190 + 29 * Math.cos(a), 150 + 29 * Math.sin(a)], [190 + 33 * Math.cos(a), 150 + 33 * Math.sin(a)]); }
    line(INK, 5, [190, 150], [176, 132]); line(INK, 3.5, [190, 150], [190, 122]);
    box(INK, 60, 280, 110, 9); box(INK, 60, 252, 110, 7);
    for (const x of [70, 158]) box(INK, x, 252, 6, 76);
    person(INK, 112, 330, 84);
    box(ink(0, 1, 0.7), 140, 262, 18, 19);
    box(INK, 0, 326, W, 14);
    box(ink(0.75, 0.5, 0.2), 0, 340, W, 80);
    for (let x = 0; x < W; x += 40) shape(INK, [x, 378], [x + 22, 378], [x + 12, 400], [x - 12, 400]);
    line(ink(0, 0.1, 0.35), 4, [0, 376], [W, 376]); line(ink(0, 0.1, 0.35), 6, [0, 404], [W, 404]);
  }},

  mist: {size: [1200, 240], paint() {
    box(shade(0, 0, 0, 240, [0, 0.3, 0.25, 0.2], [1, 0, 0.1, 0.3]), 0, 0, W, H);
    disc(ink(0, 0.5, 0.9), 930, 120, 54);
    ridge(ink(0.3, 0.2, 0.15), 130, 40, 170, 3);
    ridge(ink(0.5, 0.3, 0.2), 175, 30, 120, 29);
    ridge(ink(0.85, 0.45, 0.2), 215, 20, 90, 13);
  }},
});
