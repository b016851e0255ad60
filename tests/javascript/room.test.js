// Where a tab of a room goes, what it tells, and the address under which others find the app.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./scripts.js";

const { asAddress } = load(["room/door.js"], ["asAddress"]);
const app = new URL("http://localhost:8501/vae/");

test("an address of this machine takes the app's port and path", () => {
  assert.equal(asAddress("192.168.1.20", app), "http://192.168.1.20:8501/vae/");
  assert.equal(asAddress("192.168.1.20:80", app), "http://192.168.1.20/vae/");
  assert.equal(asAddress("https://vae.example.org", app), "https://vae.example.org/vae/");
  assert.equal(asAddress("hall.local", app), "http://hall.local:8501/vae/");
});

test("an address that only this machine knows is none", () => {
  for (const given of ["localhost", "127.0.0.1", "127.9.9.9:8501", "[::1]", "0.0.0.0", "app.localhost", "a b", "http://"]) {
    assert.equal(asAddress(given, app), "", given);
  }
});

const KL = { lesson: "kl", step: "answer", query: "" };
const WIDTH = { lesson: "kl", step: "width", query: "step=width" };
const LOSS = { lesson: "loss", step: "answer", query: "" };

// A tab with its room: where it went, and what it told. `lead`: whether it has the secret.
function tab(t, lead = false) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const went = [];
  const told = [];
  const room = { told: null };
  const member = { code: "ABCD", secret: lead ? "s" : "", follows: true };
  const kept = new Map();
  Object.assign(globalThis, {
    sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) },
    room,
    tellAll: () => {},
    leads: () => lead,
    membership: () => member,
    remember: (changed) => Object.assign(member, changed),
    visitLink: (href) => went.push(href),
    order: (action, place) => told.push([action, place.lesson, place.step, place.question]),
  });
  const names = ["drawnAt", "follow", "isThere", "setFollows"];
  const { drawnAt, follow, isThere, setFollows } = load(["room/places.js"], names);
  const at = (place, question = "") => ({ ...place, question, present: lead, home: "home" });
  return {
    kept, went, told, member, isThere: (place) => isThere(at(place)), setFollows,
    draw: (place, question) => { drawnAt(at(place, question)); follow(at(place, question)); },
    hear: (where, seenFrom, question) => { room.told = { where, ballot: null }; follow(at(seenFrom, question)); },
    wait: (milliseconds) => t.mock.timers.tick(milliseconds),
  };
}

test("a student goes to the lecturer's step, and stays where a hand moved something", (t) => {
  const student = tab(t);
  student.draw(LOSS);
  student.hear(KL, LOSS);
  student.wait(600);
  assert.deepEqual(student.went, ["kl?"]);
  student.draw(KL);
  assert.ok(student.isThere(KL));
  student.draw({ ...KL, query: "e=2" });
  assert.equal(student.member.follows, false);
  student.hear(WIDTH, { ...KL, query: "e=2" });
  student.wait(20_000);
  assert.equal(student.went.length, 1);
});

test("a page that does not come is asked for again, and then no more", (t) => {
  const student = tab(t);
  student.draw(LOSS);
  student.hear(KL, LOSS);
  for (let tries = 0; tries < 20; tries += 1) student.wait(4_000);
  assert.equal(student.went.length, 3);
});

test("who is on the way when the lecturer goes on goes there", (t) => {
  const student = tab(t);
  student.draw(LOSS);
  student.hear(KL, LOSS);
  student.wait(600);
  student.hear(WIDTH, LOSS);
  student.wait(600);
  assert.deepEqual(student.went, ["kl?", "kl?step=width"]);
  student.draw(KL); // the first page comes late
  assert.ok(!student.isThere(KL));
  student.draw(WIDTH);
  assert.ok(student.isThere(WIDTH));
});

test("the lecturer's first screen tells where it is; a second one goes there first", (t) => {
  const first = tab(t, true);
  first.draw(KL, "open");
  first.hear(null, KL, "open");
  first.wait(400);
  assert.deepEqual(first.told, [["move", "kl", "answer", "open"]]);

  t.mock.timers.reset();
  const phone = tab(t, true);
  phone.draw(LOSS);
  phone.hear(KL, LOSS);
  phone.wait(400);
  assert.deepEqual([phone.told, phone.went], [[], ["kl?present=1"]]);
  phone.draw(KL);
  phone.draw(WIDTH, "open"); // a hand on the phone goes on
  phone.wait(400);
  assert.deepEqual(phone.told.at(-1), ["move", "kl", "width", "open"]);
});

test("a page that the lecturer opens in the tab is a move; the same one, after a reload, is none", (t) => {
  const opened = tab(t, true);
  opened.kept.set("vaedemo.place", JSON.stringify(["kl", "answer", ""]));
  opened.draw(LOSS);
  opened.hear(KL, LOSS);
  opened.wait(400);
  assert.deepEqual([opened.told, opened.went], [[["move", "loss", "answer", ""]], []]);

  t.mock.timers.reset();
  const reloaded = tab(t, true);
  reloaded.kept.set("vaedemo.place", JSON.stringify(["loss", "answer", ""]));
  reloaded.draw(LOSS);
  reloaded.hear(KL, LOSS);
  reloaded.wait(400);
  assert.deepEqual([reloaded.told, reloaded.went], [[], ["kl?present=1"]]);
});
