// life.js: which runs of a component share what it remembers, and which of their leaves ends it.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const { lifeOf } = load(["common/life.js"], ["lifeOf"]);

// An element of a component, with how often its life was made and released.
function element() {
  const root = {};
  const counted = { made: 0, released: 0 };
  const parentElement = { querySelector: () => root };
  const run = () => {
    const life = lifeOf({ data: [], parentElement }, ".any", () => {
      counted.made += 1;
      return { root, release: () => (counted.released += 1) };
    });
    return life.leave;
  };
  return { run, counted };
}

test("runs of an element share a life, and the last one's leave ends it once", () => {
  const { run, counted } = element();
  run();
  const leave = run();
  assert.deepEqual(counted, { made: 1, released: 0 });
  leave();
  leave();
  assert.deepEqual(counted, { made: 1, released: 1 });
  run();
  assert.deepEqual(counted, { made: 2, released: 1 });
});

test("a leave that comes after the next run does not end it", () => {
  const { run, counted } = element();
  const late = run();
  const leave = run();
  late();
  assert.deepEqual(counted, { made: 1, released: 0 });
  leave();
  assert.deepEqual(counted, { made: 1, released: 1 });
});

test("a leave of a life that has ended does not end the next one", () => {
  const { run, counted } = element();
  const leave = run();
  leave();
  run();
  leave();
  assert.deepEqual(counted, { made: 2, released: 1 });
});
