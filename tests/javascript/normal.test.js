// The axis of equal shares of N(0, 1): against known quantiles, and against its own way back.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const { normalShare, normalQuantile, tileMiddle } = load(
  ["common/canvas.js", "common/axes.js", "explorer/normal.js"],
  ["normalShare", "normalQuantile", "tileMiddle"],
);
const near = (found, expected, by) => assert.ok(Math.abs(found - expected) < by, `${found} is not ${expected}`);

test("shares and quantiles are those of the normal distribution, on both sides", () => {
  for (const [z, share] of [[0, 0.5], [1, 0.8413447461], [-1.959963985, 0.025], [3, 0.9986501020]]) {
    near(normalShare(z), share, 1e-7);
    near(normalQuantile(share), z, 1e-4);
  }
  for (let z = -4; z <= 4; z += 0.25) near(normalQuantile(normalShare(z)), z, 1e-6);
});

test("tiles are equally wide on the screen, and the middle one lies at 0", () => {
  const even = { extent: 4, map: "linear", tiles: 5 };
  near(tileMiddle(even, 0), -3.2, 1e-9);
  near(tileMiddle(even, 3), 1.6, 1e-9);
  const shares = { extent: 4, map: "normal", tiles: 5 };
  near(tileMiddle(shares, 2), 0, 1e-6);
  near(tileMiddle(shares, 4), 1.2814, 1e-3); // the quantile of 0.9
});
