// The order of steps and stops, and what a press of Next or Back does at each of them.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const { pressed, hrefOf, questionAt } = load(["stepper/route.js"], ["pressed", "hrefOf", "questionAt"]);

const LESSON = {
  lesson: "kl",
  address: "kl",
  steps: [
    { name: "answer", title: "Answer", asks: false },
    { name: "width", title: "Width", asks: true },
    { name: "explore", title: "Explore", asks: false },
  ],
  stops: [],
  present: false,
  following: { href: "loss", title: "The loss" },
};
const WALK = {
  ...LESSON,
  present: true,
  stops: [
    [18, "home", "./", "", false],
    [19, "kl", "kl", "answer", true],
    [19, "kl", "kl", "width", true],
    [20, "loss", "loss", "answer", false],
  ],
};
const nobody = () => false;
const everybody = () => true;

test("in a lesson Next goes from step to step, reveals an open question first, and ends in the next lesson", () => {
  assert.deepEqual(pressed(LESSON, { step: "answer" }, 1, nobody), { place: { step: "width" }, href: "kl?step=width" });
  assert.deepEqual(pressed(LESSON, { step: "width" }, 1, nobody), { reveal: "kl/width" });
  assert.equal(pressed(LESSON, { step: "width" }, 1, everybody).href, "kl?step=explore");
  assert.deepEqual(pressed(LESSON, { step: "explore" }, 1, nobody), { href: "loss" });
  assert.equal(pressed({ ...LESSON, following: null }, { step: "explore" }, 1, nobody), null);
});

test("Back goes one step back, past an open question too, and not before the first", () => {
  assert.equal(pressed(LESSON, { step: "width" }, -1, nobody).href, "kl?step=answer");
  assert.equal(pressed(LESSON, { step: "answer" }, -1, nobody), null);
});

test("the walk goes over its stops with as many presses as there are stops and questions", () => {
  let place = { walk: 1 };
  const known = new Set();
  const visited = [];
  for (let press = 0; press < 5; press++) {
    const action = pressed(WALK, place, 1, (question) => known.has(question));
    if (action.reveal) known.add(action.reveal);
    else place = action.place;
    visited.push(action.reveal ?? action.href);
  }
  assert.deepEqual(visited, [
    "kl?step=answer&present=1&walk=2",
    "kl/answer",
    "kl?step=width&present=1&walk=3",
    "kl/width",
    "loss?step=answer&present=1&walk=4",
  ]);
  assert.equal(pressed(WALK, place, 1, everybody), null);
  assert.equal(pressed(WALK, { walk: 2 }, -1, nobody).href, "./?present=1&walk=1");
});

test("a first step asks in the walk alone", () => {
  assert.equal(questionAt(WALK, { walk: 2 }), "kl/answer");
  assert.equal(questionAt(WALK, { step: "answer" }), "");
  assert.equal(hrefOf(WALK, { step: "answer" }), "kl?step=answer&present=1");
});
