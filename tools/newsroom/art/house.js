// The paper's own marks.
'use strict';

Object.assign(scenes, {
  mark: {size: [128, 128], transparent: true, paint() {
    disc(ink(0, 0.35, 1), 64, 54, 40);
    disc(ink(0, 0.95, 0.8), 64, 54, 25);
    shape(INK, [8, 74], [120, 74], [98, 104], [30, 104]);
    line(INK, 7, [64, 78], [64, 14]);
    shape(INK, [70, 20], [104, 64], [70, 64]);
    line(ink(0.9, 0.3, 0), 5, [14, 116], [40, 116]); line(ink(0.9, 0.3, 0), 5, [54, 116], [114, 116]);
  }},

  grain: {size: [40, 40], transparent: true, paint() {
    box(ink(0.35, 0.5, 0.1), 0, 0, W, H);
  }},
});
