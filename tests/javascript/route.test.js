// The order of steps and stops, and what a press of Next or Back does at each of them.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const NAMES = ["pressed", "hrefOf", "questionAt", "placesOf", "startOf", "stillAsked"];
const { pressed, hrefOf, questionAt, placesOf, startOf, stillAsked } = load(["stepper/route.js"], NAMES);

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

const LINES = {
  ...LESSON,
  steps: [
    { name: "answer", title: "Answer", asks: false, parts: null },
    { name: "lines", title: "Lines", asks: true, parts: ["line", 4, 2] },
    { name: "explore", title: "Explore", asks: false, parts: null },
  ],
};
const LINES_WALKED = {
  ...WALK,
  stops: [
    [18, "home", "./", "", false, null],
    [19, "kl", "kl", "lines", true, ["line", 4, 2]],
    [20, "loss", "loss", "answer", false, null],
  ],
};

// The places and reveals of presses one after the other.
function visits(data, place, by, presses, known = new Set()) {
  return Array.from({ length: presses }, () => {
    const action = pressed(data, place, by, (question) => known.has(question));
    if (action.reveal) known.add(action.reveal);
    else place = action.place;
    return action.reveal ?? action.href;
  });
}

test("parts come one by one, with the question at its part, and Back takes them away again", () => {
  const links = ["kl?step=lines", "kl?step=lines&line=2", "kl?step=lines&line=3", "kl?step=lines&line=4"];
  const forward = [...links.slice(0, 2), "kl/lines", ...links.slice(2), "kl?step=explore"];
  assert.deepEqual(visits(LINES, { step: "answer" }, 1, 6), forward);
  const back = [...links.reverse(), "kl?step=answer"];
  assert.deepEqual(visits(LINES, { step: "explore" }, -1, 5), back);
});

test("in the walk every part is a press, and no stop", () => {
  const parts = [1, 2, 3, 4].map((shown) => ({ walk: 2, shown }));
  assert.deepEqual(placesOf(LINES_WALKED, { walk: 1 }), [{ walk: 1 }, ...parts, { walk: 3 }]);
  assert.deepEqual(visits(LINES_WALKED, { walk: 1 }, 1, 3), [
    "kl?step=lines&present=1&walk=2",
    "kl?step=lines&line=2&present=1&walk=2",
    "kl/lines",
  ]);
  assert.equal(pressed(LINES_WALKED, { walk: 2, shown: 4 }, 1, everybody).place.walk, 3);
});

test("a question waits for its part, and a link to a step leads to its first part", () => {
  assert.equal(questionAt(LINES, { step: "lines", shown: 1 }), "");
  assert.equal(questionAt(LINES, { step: "lines", shown: 3 }), "kl/lines");
  assert.deepEqual(startOf(LINES, "lines"), { step: "lines", shown: 1 });
  assert.deepEqual(startOf(LINES, "answer"), { step: "answer" });
});

test("a first step asks in the walk alone", () => {
  assert.equal(questionAt(WALK, { walk: 2 }), "kl/answer");
  assert.equal(questionAt(WALK, { step: "answer" }), "");
  assert.equal(hrefOf(WALK, { step: "answer" }), "kl?step=answer&present=1");
});

test("an old drawing of a place that was asked for again does not end the way there", () => {
  const [a, b, c] = ["a", "b", "c"].map((step) => ({ step }));
  // Asked from a: b, a, b, a. Each is drawn.
  let asked = [b, a, b, a];
  for (const [before, here, left] of [[a, b, [a, b, a]], [b, a, [b, a]], [a, b, [a]], [b, a, []]]) {
    asked = stillAsked(asked, before, here);
    assert.deepEqual(asked, left);
  }
  // Asked from a: b, c, b, c. One drawing answers them all, and what is left over leads to the place that is drawn.
  asked = stillAsked([b, c, b, c], a, c);
  assert.deepEqual(asked, [b, c]);
  assert.deepEqual(stillAsked(asked, c, a), [], "moved by something else than a press");
  assert.deepEqual(stillAsked([b, c], a, a), [b, c], "drawn again before the first answer");
});
