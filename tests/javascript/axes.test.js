// Ticks and scales: against values worked out by hand, and a scale against its own way back.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const { niceStep, ticksBetween, written, powersOfTen, scaleOf, drawAxes } = load(
  ["common/canvas.js", "common/axes.js"],
  ["niceStep", "ticksBetween", "written", "powersOfTen", "scaleOf", "drawAxes"],
);
const BOX = { left: 10, right: 210, top: 5, bottom: 105 };
const close = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found} is not ${expected}`);

test("a step is 1, 2 or 5 times a power of ten, and cuts a span into no more parts than asked for", () => {
  assert.equal(niceStep(10, 5), 2);
  assert.equal(niceStep(1, 4), 0.5);
  assert.equal(niceStep(0.03, 3), 0.01);
  for (const span of [0.0007, 0.3, 1, 6.2, 99, 12345]) {
    for (const parts of [2, 3, 4, 6]) assert.ok(span / niceStep(span, parts) <= parts * 1.001);
  }
});

test("ticks are round, have a true minus sign and no negative zero", () => {
  const texts = (...ends) => ticksBetween(...ends).map(([, text]) => text);
  assert.deepEqual(texts(-1, 1, 4), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
  assert.deepEqual(texts(-4.2, 4.2, 5), ["−4", "−2", "0", "2", "4"]);
  assert.deepEqual(texts(-0.01, 0.01, 2), ["−0.01", "0.00", "0.01"]);
  assert.deepEqual(texts(0, 1000, 2), ["0", "500", "1000"]);
  assert.deepEqual(texts(-3e5, 3e5, 3), ["−2·10⁵", "0", "2·10⁵"]);
});

test("a number has its decimals or, where it is large, a power of ten", () => {
  assert.deepEqual([0.265, -12.3, -0.001, 99999].map((value) => written(value, 2)), ["0.27", "−12.30", "0.00", "99999.00"]);
  assert.deepEqual([6.814e11, -1.23e5, 1e10].map((value) => written(value, 2)), ["6.8·10¹¹", "−1.2·10⁵", "1·10¹⁰"]);
});

test("ticks of steps are the powers of ten up to the last step", () => {
  assert.deepEqual(powersOfTen(1400), [[0, "0"], [1, "1"], [10, "10"], [100, "100"], [1000, "1k"]]);
  assert.deepEqual(powersOfTen(1), [[0, "0"], [1, "1"]]);
});

const AXES = {
  linear: { x: { range: [-2, 3] }, y: { range: [0, 4] } },
  log: { x: { range: [0.01, 10], map: "log" }, y: { range: [-1, 1] } },
  log1p: { x: { range: [0, 4000], map: "log1p" }, y: { range: [90, 200] } },
  equal: { x: { range: [-2, 2] }, y: { range: [-2, 2] }, equal: true },
  plane: { x: { range: [-3, 3] }, y: { range: [-3, 3] }, plane: true },
};

for (const [name, axes] of Object.entries(AXES)) {
  test(`a scale (${name}) meets the box at its ends and finds its way back`, () => {
    const scale = scaleOf(axes, BOX);
    const { box, ends } = scale;
    close(scale.x(ends.x[0]), box.left);
    close(scale.x(ends.x[1]), box.right);
    close(scale.y(ends.y[0]), box.bottom);
    close(scale.y(ends.y[1]), box.top);
    for (const [x, y] of [[0.5, 0.5], [1, 2], [2.5, 0.25]]) {
      const [u, v] = scale.back(scale.x(x), scale.y(y));
      close(u, x);
      close(v, y);
    }
  });
}

test("with equal axes a unit is as long on both, and the roomier axis shows more", () => {
  const { ends, perPixel } = scaleOf(AXES.equal, BOX);
  close(perPixel[0], perPixel[1]);
  assert.deepEqual(ends, { x: [-4, 4], y: [-2, 2] });
});

test("a plane's box is a square at the upper left", () => {
  assert.deepEqual(scaleOf(AXES.plane, BOX).box, { left: 10, right: 110, top: 5, bottom: 105 });
});

// A context that writes down what is drawn; a letter is six pixels wide.
function recorder() {
  const texts = [];
  const nothing = () => {};
  const context = { beginPath: nothing, moveTo: nothing, lineTo: nothing, stroke: nothing, texts };
  context.measureText = (text) => ({ width: 6 * text.length });
  context.fillText = (text, x, y) => texts.push({ text, x, y, align: context.textAlign, baseline: context.textBaseline });
  return context;
}
const LOOK = { small: 12, font: "sans", neutral: "grey", faint: "grey", text: "black" };

test("labels stand beside the box, within the canvas, and none over another", () => {
  for (const [width, height] of [[90, 80], [200, 200], [600, 360]]) {
    for (const [kind, axes] of Object.entries(AXES)) {
      const context = recorder();
      const titled = { ...axes, x: { ...axes.x, title: "z₁" }, y: { ...axes.y, title: "z₂" } };
      if (kind === "log") titled.x.ticks = [[0.1, "0.1"], [1, "1"]];
      const { box } = drawAxes(context, titled, width, height, LOOK);
      const below = context.texts.filter(({ y, baseline }) => baseline === "top" && y > box.bottom && y < box.bottom + LOOK.small);
      const spans = below.map(({ text, x, align }) => {
        const wide = 6 * text.length;
        return align === "right" ? [x - wide, x] : [x - wide / 2, x + wide / 2];
      });
      spans.sort(([a], [b]) => a - b);
      spans.forEach(([start, end], index) => {
        assert.ok(start >= -1 && end <= width + 1, `${kind}: a label leaves the canvas of ${width}`);
        if (index) assert.ok(start >= spans[index - 1][1], `${kind}: labels overlap on a canvas of ${width}`);
      });
      assert.ok(context.texts.some(({ text }) => text === "z₁"));
    }
  }
});
