// The body of an upload, what is refused before it is sent, and points from a pen.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const NAMES = ["partsOf", "refusalOf", "droppedFiles"];
const { partsOf, refusalOf, droppedFiles } = load(["upload/dropped.js", "upload/parcel.js"], NAMES);
const { sprinkled, tableOf } = load(["upload/sprinkle.js"], ["sprinkled", "tableOf"]);
const LIMITS = { most_bytes: 1_000_000, most_files: 3 };

test("a body is the header's length, the header, and the files one after another", async () => {
  const files = [new File(["abc"], "a.png"), new File(["defgh"], "ü.csv")];
  const body = new Uint8Array(await new Blob(partsOf(files)).arrayBuffer());
  const length = new DataView(body.buffer).getUint32(0, false);
  const header = JSON.parse(new TextDecoder().decode(body.slice(4, 4 + length)));
  assert.deepEqual(header, { files: [{ name: "a.png", size: 3 }, { name: "ü.csv", size: 5 }] });
  assert.equal(new TextDecoder().decode(body.slice(4 + length)), "abcdefgh");
});

test("a file of a folder is named with its path", () => {
  const [, text] = partsOf([Object.assign(new File(["a"], "1.png"), { webkitRelativePath: "pets/cats/1.png" })]);
  assert.equal(JSON.parse(new TextDecoder().decode(text)).files[0].name, "pets/cats/1.png");
});

// Entries as a browser gives them: two of a folder at a time, and none at its end.
const entry = (fullPath) => ({ fullPath, file: (done) => done(new File(["a"], fullPath.split("/").at(-1))) });
const folder = (...inside) => ({
  isDirectory: true,
  createReader: () => ({ readEntries: (done) => done(inside.splice(0, 2)) }),
});

test("a dropped folder is read to its end, and its files have their paths", async () => {
  const cats = folder(...["1", "2", "3"].map((name) => entry(`/pets/cats/${name}.png`)));
  const item = { webkitGetAsEntry: () => folder(cats, folder(), entry("/pets/a.png")) };
  const files = await droppedFiles({ items: [item, { webkitGetAsEntry: () => null }], files: [] }, 100);
  const [, text] = partsOf(files);
  const { files: named } = JSON.parse(new TextDecoder().decode(text));
  const names = ["pets/cats/1.png", "pets/cats/2.png", "pets/cats/3.png", "pets/a.png"];
  assert.deepEqual(named.map((each) => each.name), names);
});

test("of a dropped folder with too many files no more are read than show that", async () => {
  const many = folder(...Array.from({ length: 50 }, (_, number) => entry(`/many/${number}.png`)));
  const items = [many, many].map((each) => ({ webkitGetAsEntry: () => each }));
  const files = await droppedFiles({ items, files: [] }, LIMITS.most_files);
  assert.equal(files.length, 4);
  assert.match(refusalOf(files, LIMITS), /3 files/);
});

test("what cannot be read is told, and files alone are taken as they are", async () => {
  const broken = folder({ fullPath: "/a.png", file: (_, failed) => failed(new Error("gone")) });
  await assert.rejects(droppedFiles({ items: [{ webkitGetAsEntry: () => broken }], files: [] }, 3));
  const files = [new File(["a"], "a.png")];
  assert.deepEqual(await droppedFiles({ items: [{ webkitGetAsEntry: () => null }], files }, 3), files);
});

test("too many and too large files are refused before they are sent, others are not", () => {
  const file = (size) => ({ size });
  assert.equal(refusalOf([file(10)], LIMITS), "");
  assert.match(refusalOf([], LIMITS), /no file/);
  assert.match(refusalOf(Array(4).fill(file(1)), LIMITS), /3 files; these are more/);
  assert.match(refusalOf([file(2_500_000)], LIMITS), /1 MB in all; this is 2.5 MB/);
});

test("a pen leaves points along its way, more on a longer one", () => {
  const still = sprinkled([1, 1], [1, 1], () => 0);
  assert.deepEqual(still, [[1, 1]]);
  const along = sprinkled([0, 0], [0.6, 0], () => 0);
  assert.equal(along.length, 10);
  assert.ok(along.every(([x, y], index) => Math.abs(x - 0.06 * (index + 1)) < 1e-9 && y === 0));
});

test("points are spread about the pen as a normal distribution of standard deviation 0.12", () => {
  const points = Array.from({ length: 20_000 }, () => sprinkled([0, 0], [0, 0])[0]);
  for (const axis of [0, 1]) {
    const square = points.reduce((sum, point) => sum + point[axis] ** 2, 0) / points.length;
    assert.ok(Math.abs(Math.sqrt(square) - 0.12) < 0.005, `${square}`);
  }
});

test("points are lines of a table", () => {
  assert.equal(tableOf([[0.5, -1.25], [2, 3]]), "0.5000,-1.2500\n2.0000,3.0000\n");
});
