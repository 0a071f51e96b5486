// The village observatory.
'use strict';

Object.assign(scenes, {
  observatory: {size: [1200, 675], paint() {
    box(shade(0, 0, 0, 560, [0, 1, 0.3, 0], [0.5, 0.9, 0.5, 0.05], [0.8, 0.55, 0.75, 0.2], [1, 0.05, 0.7, 0.6]), 0, 0, W, H);
    random = seeded(77);
    // The Milky Way, as a band of finer and finer sand.
    g.save(); g.translate(420, 230); g.rotate(-0.5);
    for (const [h, d] of [[120, 0.82], [82, 0.66], [46, 0.46]]) disc(ink(d, 0.32 * d, 0.12), 0, 0, 620, h);
    for (let i = 0; i < 260; ++i) disc(BLANK, between(-560, 560), (random() + random() + random() - 1.5) * 90, between(0.8, 2));
    g.restore();
    stars(150, 0, 430, 2.4);
    for (const [x, y] of [[160, 110], [1060, 96], [700, 70], [930, 210], [80, 330]]) {
      shape(BLANK, [x - 11, y], [x - 2, y - 2], [x, y - 11], [x + 2, y - 2], [x + 11, y], [x + 2, y + 2], [x, y + 11], [x - 2, y + 2]);
    }
    ridge(ink(0.75, 0.8, 0.15), 505, 50, 200, 41);
    const hill = ridge(INK, 570, 34, 330, 5);
    // Walls, dome, its open slit, and the telescope in it.
    box(INK, 706, 400, 240, 180);
    box(ink(0.3, 0.55, 0.4), 720, 424, 212, 130);
    box(ink(0, 0.2, 1), 800, 470, 50, 90); box(INK, 823, 470, 4, 90);
    for (const x of [744, 880]) box(ink(0, 0.2, 1), x, 456, 32, 38);
    g.beginPath(); g.arc(826, 404, 134, Math.PI, 0); g.fillStyle = INK; g.fill();
    g.beginPath(); g.arc(826, 404, 122, Math.PI, 0); g.fillStyle = shade(704, 0, 948, 0, [0, 0.05, 0.05, 0.12], [0.55, 0.3, 0.2, 0.15], [1, 0.8, 0.4, 0.1]); g.fill();
    for (let i = -3; i <= 3; ++i) curve(ink(0.8, 0.5, 0.2), 2, 826 + i * 38, 404, 826 + i * 36, 330, 826 + i * 9, 284);
    shape(INK, [770, 404], [742, 318], [782, 290], [826, 404]);
    shape(ink(0, 0.2, 0.95), [780, 404], [756, 324], [776, 306], [814, 404]);
    line(INK, 22, [806, 392], [734, 282]);
    line(ink(0.15, 0.1, 0.2), 10, [800, 384], [738, 288]);
    line(INK, 28, [738, 289], [729, 275]);
    box(INK, 690, 400, 272, 12);
    // The tractor it cost, and the one who looks.
    const t = 470, ground = 576;
    box(INK, t, ground - 72, 92, 34); box(INK, t - 50, ground - 112, 62, 62);
    box(ink(0.2, 0.6, 0.6), t - 42, ground - 104, 30, 28);
    line(INK, 5, [t + 70, ground - 70], [t + 70, ground - 106]);
    disc(INK, t - 22, ground - 34, 42); disc(ink(0, 0.9, 0.7), t - 22, ground - 34, 20); disc(INK, t - 22, ground - 34, 8);
    disc(INK, t + 74, ground - 20, 26); disc(ink(0, 0.9, 0.7), t + 74, ground - 20, 11);
    box(ink(0, 1, 0.7), t + 14, ground - 66, 74, 14);
    person(INK, 606, 548, 92); person(INK, 640, 550, 58);
    line(INK, 8, [610, 488], [642, 462]);
  }},

  telescope: {size: [360, 420], transparent: true, paint() {
    for (const x of [-92, 6, 96]) line(INK, 12, [180, 236], [180 + x, 404]);
    line(INK, 5, [118, 352], [244, 352]);
    disc(INK, 180, 232, 25); disc(ink(0, 0.8, 0.8), 180, 232, 12);
    g.save(); g.translate(180, 206); g.rotate(-0.72);
    box(INK, -130, -37, 270, 74);
    box(shade(0, -31, 0, 31, [0, 0.1, 0.1, 0.25], [0.35, 0, 0, 0.1], [1, 0.75, 0.5, 0.2]), -124, -31, 258, 62);
    box(INK, 124, -46, 34, 92); box(INK, -160, -20, 36, 40); box(INK, -176, -14, 20, 28);
    box(ink(0, 0.95, 0.75), 60, -31, 16, 62); box(ink(0, 0.95, 0.75), -96, -31, 16, 62);
    box(INK, -70, -64, 120, 18); box(INK, -50, -50, 8, 16); box(INK, 20, -50, 8, 16);
    g.restore();
  }},

  mirror: {size: [720, 480], paint() {
    box(ink(0.85, 0.75, 0.3), 0, 0, W, H);
    disc(ink(0.4, 0.85, 0.55), 330, 230, 330, 250);
    disc(ink(0, 0.5, 0.9), 330, 250, 250, 190);
    disc(ink(0, 0.15, 0.85), 330, 280, 170, 120);
    for (let i = 0; i < 4; ++i) { box(INK, 500 + i * 46, 70 + (i % 2) * 16, 30, 90 - (i % 2) * 16); box(ink(0, 0.6, 0.7), 500 + i * 46, 96, 30, 18); }
    box(INK, 484, 160, 210, 9);
    line(INK, 6, [330, 0], [330, 66]); shape(INK, [300, 66], [360, 66], [410, 128], [250, 128]); disc(BLANK, 330, 132, 30, 15);
    box(INK, 0, 370, W, 110); box(ink(0.5, 0.85, 0.5), 0, 370, W, 12);
    disc(INK, 330, 344, 152, 50); disc(ink(0.45, 0.1, 0.1), 330, 336, 144, 44); disc(ink(0.1, 0, 0.1), 330, 332, 130, 37);
    shape(ink(0, 0, 0), [250, 312], [318, 298], [290, 362], [226, 350]);
    for (let i = 0; i < 5; ++i) curve(ink(0.5, 0.15, 0.2), 2, 392 - i * 14, 306, 430 - i * 14, 334, 380 - i * 14, 358);
    shape(INK, [560, 480], [548, 300], [590, 246], [650, 250], [700, 320], [716, 480]);
    disc(INK, 614, 208, 40); shape(INK, [566, 206], [578, 166], [650, 166], [662, 210]);
    line(INK, 34, [590, 290], [500, 330], [428, 318]); disc(INK, 412, 318, 20, 14);
    line(INK, 30, [560, 340], [470, 372], [392, 340]); disc(INK, 384, 334, 20, 13);
  }},

  moon: {size: [120, 120], paint(frame) {
    box(ink(1, 0.6, 0), 0, 0, W, H);
    random = seeded(4);
    stars(14, 0, H, 1.6);
    const phase = frame / 12 * 2 * Math.PI, half = Math.cos(phase);
    disc(ink(0.94, 0.5, 0), 60, 60, 44);
    g.beginPath();
    const waxing = phase < Math.PI;
    g.arc(60, 60, 44, -Math.PI / 2, Math.PI / 2, !waxing);
    g.ellipse(60, 60, Math.abs(44 * half), 44, 0, Math.PI / 2, -Math.PI / 2, waxing ? half > 0 : half < 0);
    g.fillStyle = ink(0, 0.1, 0.6);
    g.fill();
  }},

  dome: {size: [96, 96], transparent: true, paint() {
    disc(ink(0.9, 0.6, 0), 48, 48, 46);
    g.beginPath(); g.arc(48, 54, 27, Math.PI, 0); g.fillStyle = ink(0, 0.05, 0.3); g.fill();
    box(ink(0, 0.8, 0.8), 21, 58, 54, 16);
    shape(ink(0.9, 0.6, 0), [36, 54], [30, 36], [40, 28], [50, 54]);
    for (const [x, y] of [[20, 28], [70, 20], [78, 40], [34, 14]]) disc(BLANK, x, y, 2);
  }},
});
