// loader.js: what happens to runs of a component before its script is there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const TEXT = readFileSync("vaedemo/app/components/common/loader.js", "utf-8");

// The loader, with `arrives` in place of the import.
function loaderOf(arrives) {
  const text = TEXT.replace("import(`${base}ADDRESS`)", "arrives").replace("export default", "return");
  const document = { querySelector: () => ({ src: "http://127.0.0.1/static/js/index.js" }) };
  return new Function("document", "arrives", text)(document, arrives);
}

function recorded() {
  const drawn = [];
  const left = [];
  const script = { default: ({ data }) => (drawn.push(data), () => left.push(data)) };
  const element = { written: [], append: (words) => element.written.push(words) };
  return { drawn, left, script, element };
}

test("of each element the last run before the script is drawn, then each run", async () => {
  const { drawn, script, element } = recorded();
  const run = loaderOf(Promise.resolve(script));
  const another = { append: assert.fail };
  for (const data of [1, 2]) run({ parentElement: element, data });
  run({ parentElement: another, data: "a" });
  assert.deepEqual(drawn, []);
  await new Promise(setImmediate);
  assert.deepEqual(drawn, [2, "a"]);
  run({ parentElement: element, data: 3 });
  assert.deepEqual(drawn, [2, "a", 3]);
});

test("a component that is gone before its script is there is not drawn, one drawn later is left", async () => {
  const { drawn, left, script, element } = recorded();
  const run = loaderOf(Promise.resolve(script));
  const another = {};
  run({ parentElement: element, data: 1 })();
  const leave = run({ parentElement: another, data: 2 });
  await new Promise(setImmediate);
  assert.deepEqual(drawn, [2]);
  leave();
  assert.deepEqual(left, [2]);
});

test("a script that does not come is said once", async () => {
  const { element } = recorded();
  const run = loaderOf(Promise.reject(new Error("404")));
  for (const data of [1, 2]) run({ parentElement: element, data });
  await new Promise(setImmediate);
  assert.equal(element.written.length, 1);
});

test("there is no top-level await, which Safari does not wait for", () => {
  assert.doesNotMatch(TEXT.replaceAll(/\/\/.*/g, ""), /await/);
});
