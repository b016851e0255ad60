// The pure parts of the other scripts: sizes of grids, places on paths, the decoder.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

globalThis.window = { devicePixelRatio: 1 };

test("a grid keeps its pictures whole: a whole number of pixels for each of theirs, never wider than the room", () => {
  const { gridSize } = load(["common/canvas.js"], ["gridSize"]);
  const grid = { count: 20, columns: 10, width: 28, height: 28, scale: 3 };
  const roomy = gridSize(grid, 1000, 3);
  assert.deepEqual([roomy.cellWidth, roomy.cellHeight, roomy.sharp, roomy.width], [84, 84, true, 867]);
  const narrow = gridSize(grid, 200, 3);
  assert.equal(narrow.sharp, false);
  for (const room of [100, 200, 300, 390, 900]) assert.ok(gridSize(grid, room, 3).width <= room);
});

test("words in a colour of the lecture can be read on both themes, and keep their colour where they can", () => {
  const { legible } = load(["common/canvas.js"], ["legible"]);
  const [white, black, night, snow] = [[255, 255, 255], [0, 0, 0], [15, 19, 25], [231, 234, 240]];
  assert.deepEqual(legible([128, 0, 0], white, black), [128, 0, 0]); // 10.9 to 1
  assert.deepEqual(legible([118, 118, 118], white, black), [118, 118, 118]); // 4.54, the palest grey that may stay
  assert.notDeepEqual(legible([120, 120, 120], white, black), [120, 120, 120]);
  const plum = [128, 80, 138]; // of the ELBO: 3.0 to 1 on the dark page
  const lighter = legible(plum, night, snow);
  assert.ok(lighter.every((value, index) => value > plum[index] && value < snow[index]));
  assert.deepEqual(legible(night, night, night), night); // no ink can be read: the text's own
});

test("bytes are the same or not", () => {
  const { same } = load(["common/canvas.js"], ["same"]);
  assert.equal(same(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
  assert.equal(same(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
  assert.equal(same(undefined, Uint8Array.of()), false);
});

test("a message is a length, JSON and the rest", () => {
  const { opened } = load(["common/canvas.js"], ["opened"]);
  const text = new TextEncoder().encode('{"a": "σ"}');
  const [header, rest] = opened(Uint8Array.of(text.length, 0, 0, 0, ...text, 7, 8));
  assert.deepEqual([header, [...rest]], [{ a: "σ" }, [7, 8]]);
});

test("a plane shows as much on both axes", () => {
  const { planeOf } = load(["trade_off/panel.js"], ["planeOf"]);
  assert.deepEqual(planeOf(3, "a", "b"), {
    x: { range: [-3, 3], title: "a" },
    y: { range: [-3, 3], title: "b" },
    plane: true,
  });
});

test("a point moves straight between two steps of its path", () => {
  const { placeOf } = load(["stream/stream.js"], ["placeOf"]);
  const paths = [Float32Array.of(0, 0, 1, 1), Float32Array.of(2, 4, 1, 3)];
  assert.deepEqual(placeOf(paths, 0, 0.5), [1, 2]);
  assert.deepEqual(placeOf(paths, 1, 1), [1, 3]);
});

test("a long list of numbers comes as 32-bit floats, a short one as it is", () => {
  const { floats } = load(["sketch/plot.js"], ["floats"]);
  const sent = Buffer.from(Float32Array.of(0.5, -2).buffer).toString("base64");
  assert.deepEqual([...floats({ f4: sent })], [0.5, -2]);
  assert.deepEqual(floats([1, null]), [1, null]);
});

test("a contour of a slope is the straight line at its level", () => {
  const { traceContour } = load(["sketch/draw.js"], ["traceContour"]);
  const cuts = [];
  const context = { moveTo: (x, y) => cuts.push([x, y]), lineTo: (x, y) => cuts.push([x, y]) };
  const values = Uint8Array.from({ length: 16 }, (_, index) => 10 * (index % 4)); // 0, 10, 20, 30 from left to right
  traceContour(context, values, 4, 4, 14.5, (x, y) => [x, y]);
  assert.equal(cuts.length, 6);
  for (const [x] of cuts) assert.equal(x, 1.5);
});
