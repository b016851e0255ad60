// A drawing becomes a digit: its box, its centre of mass, its levels and its text.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const { greysOf, isLight, swapped } = load(["draw/digit.js", "draw/photo.js"], ["greysOf", "isLight", "swapped"]);
const { digitOf, levelsOf, textOf } = load(["draw/digit.js"], ["digitOf", "levelsOf", "textOf"]);
const ONE = [[0.5, 0.1], [0.5, 0.9]];
const SEVEN = [[0.05, 0.02], [0.6, 0.02], [0.3, 0.98]];
const CORNER = [[0.02, 0.02], [0.1, 0.02]];
// A knot at one end of a long line: its centre of mass is near the knot.
const KNOT = [...Array.from({ length: 90 }, (_, step) => [0.1 * Math.cos(step) + 0.15, 0.1 * Math.sin(step) + 0.15]), [0.95, 0.95]];
const DRAWINGS = { one: [ONE], seven: [SEVEN], corner: [CORNER], dot: [[[0.9, 0.9]]], two: [ONE, SEVEN], knot: [KNOT] };

const rowsOf = (levels) => Array.from({ length: 28 }, (_, row) => levels.slice(28 * row, 28 * row + 28));
const sums = (levels) => {
  const rows = rowsOf(levels);
  return [rows[0].map((_, column) => rows.reduce((sum, row) => sum + row[column], 0)), rows.map((row) => row.reduce((a, b) => a + b))];
};
const box = (levels) => sums(levels).map((along) => along.findLastIndex(Boolean) - along.findIndex(Boolean) + 1);
const middle = (levels) => sums(levels).map((along) => along.reduce((sum, each, at) => sum + at * each, 0) / along.reduce((a, b) => a + b));

for (const [name, strokes] of Object.entries(DRAWINGS)) {
  test(`${name}: a box of at most 20, the middle at 14, levels from 0 to 7`, () => {
    const levels = digitOf(strokes, null);
    assert.equal(levels.length, 784);
    assert.ok(levels.every((level) => Number.isInteger(level) && level >= 0 && level <= 7));
    assert.ok(Math.max(...box(levels)) <= 20);
    // No pixel of the knot's line leaves the picture, so its middle cannot come nearer.
    const least = name === "knot" ? 3 : 0.5;
    for (const each of middle(levels)) assert.ok(Math.abs(each - 14) <= least, `${each}`);
    assert.deepEqual(levelsOf(textOf(levels)), levels);
  });
}

test("a drawing fills the box wherever and however large it is drawn; a dot stays a dot", () => {
  for (const strokes of [[ONE], [SEVEN], [ONE.map(([x, y]) => [0.4 * x, 0.4 * y])]]) {
    assert.ok([19, 20].includes(Math.max(...box(digitOf(strokes, null)))));
  }
  assert.ok(Math.max(...box(digitOf([[[0.9, 0.9]]], null))) <= 4);
});

test("a straight line is as wide as the pen, and its ends are round", () => {
  const levels = rowsOf(digitOf([ONE], null));
  // The pen's radius is 1.4 and its edge fades over one pixel: at 0, 1 and 2 pixels from the middle line 1, 0.9 and 0.
  assert.deepEqual(levels[14].slice(11, 18), [0, 0, 6, 7, 6, 0, 0]);
  const along = levels.map((row) => row[14]);
  assert.deepEqual([along.findIndex(Boolean), along.findLastIndex(Boolean)], [5, 23]); // symmetric about pixel 14
});

test("a digit of a link stays as it is, and more strokes move it by whole pixels", () => {
  const base = digitOf([ONE], null);
  assert.deepEqual(digitOf([], base), base);
  const added = digitOf([[[0.5, 0.5], [0.7, 0.5]]], base);
  const [before, after] = [rowsOf(base), rowsOf(added)];
  const moved = [0, 1, 2, 3].find((shift) => after[6].slice(0, 28 - shift).join() === before[6].slice(shift).join());
  assert.ok(moved > 0, "the bar on the right moves the line to the left");
  for (const each of middle(added)) assert.ok(Math.abs(each - 14) <= 0.5);
});

test("a digit of a link shrinks where a stroke would leave the box", () => {
  const added = digitOf([[[0.02, 0.02], [0.98, 0.98]]], digitOf([ONE], null));
  assert.ok(Math.max(...box(added)) <= 20);
  for (const each of middle(added)) assert.ok(Math.abs(each - 14) <= 0.5);
});

test("text: two levels in a character of base64url, and nothing for an empty field", () => {
  assert.equal(textOf(digitOf([], null)), "");
  for (const empty of ["", "A".repeat(392)]) assert.equal(levelsOf(empty), null);
  // 0, 7, 7, 0 are the six bits 000111 and 111000: H and 4.
  assert.equal(textOf([0, 7, 7, 0, ...new Array(780).fill(0)]), `H4${"A".repeat(390)}`);
});

test("a picture's greys are its luma in 8 levels, and a light border makes it ink on paper", () => {
  const pixels = Uint8ClampedArray.from([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255]);
  assert.deepEqual(greysOf(pixels), [7, 0, 2, 4]);
  const ink = Array.from({ length: 784 }, (_, index) => (index === 400 ? 0 : 6));
  assert.ok(isLight(ink));
  assert.ok(!isLight(swapped(ink)));
  assert.equal(swapped(ink)[400], 7);
});
