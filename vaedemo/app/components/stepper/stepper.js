// The steps of a lesson as links, the presses that go through them, and a presenter's keys.
// visit.js, life.js, member.js and route.js are put before this file.

// Several presses may come before the page has answered the first: the places that they asked for and that have not been
// drawn yet, and the questions that they revealed. They outlive the component, because a walk goes from page to page,
// and between two pages there is none.
let asked = [];
let ours = false; // whether the change of the address is by a press here
let current = null; // the stepper on the page, or the last one
const revealed = new Set();
const sent = new Set(); // the revealed questions that the server has been told of

const WIDGETS = "input, textarea, select, [contenteditable], [role=slider], [role=application], [role=radio]";
const FOCUSABLE = `${WIDGETS}, button, a, summary, [tabindex]:not([tabindex="-1"])`;

addEventListener("popstate", () => {
  if (!ours) asked = [];
});
document.addEventListener("keydown", onKey);

// The lecturer's own second device comes by a link that is good once. Out of the address with it, before all else.
let ticket = /^#lead=([\w-]{22})$/.exec(location.hash)?.[1] ?? "";
if (ticket) history.replaceState(history.state, "", location.pathname + location.search);

export default function (component) {
  const life = lifeOf(component, ".stepper", create);
  if (!life) return undefined;
  const [data] = component.data;
  const here = { ...(data.walk ? { walk: data.walk } : { step: data.here }), ...(data.shown && { shown: data.shown }) };
  const isElsewhere = !data.walk && current && current.data.lesson !== data.lesson; // by the menu
  asked = isElsewhere ? [] : stillAsked(asked, current?.here, here);
  Object.assign(life, { data, here, send: component.setTriggerValue });
  current = life;
  for (const question of data.answered) for (const each of [revealed, sent]) each.delete(question);
  tellReveal(life);
  draw(life);
  introduce(life);
  return life.leave;
}

// Tell the session which room this tab is in, where it does not know: after an invitation, a reload or a restart.
async function introduce(life) {
  const { invited, room } = life.data;
  if (invited && ticket) {
    const used = ticket;
    ticket = "";
    const { secret } = await askRooms(`/${invited}/lead`, { ticket: used }).catch(() => ({}));
    if (secret) remember({ code: invited, secret });
  }
  if (invited && membership()?.code !== invited) remember({ code: invited, secret: "" });
  const told = introduction(membership());
  const agrees = JSON.stringify([told.code, told.voter, told.leads]) === JSON.stringify(room);
  if (told.code && (invited || !agrees)) life.send("room", told); // an invitation leaves the address by this too
}

// Open a room that this tab leads.
async function openRoom(life) {
  const opening = life.root.querySelector(".open-room");
  opening.disabled = true;
  try {
    const { code, secret } = await askRooms("");
    remember({ code, secret });
    life.send("room", introduction(membership()));
  } catch (error) {
    opening.title = error.message;
    life.root.querySelector(".place").textContent = error.message;
    life.root.querySelector(".place").hidden = false;
  }
  opening.disabled = false;
}

function create(root) {
  const find = (name) => root.querySelector(name);
  const life = { root, list: find("ol"), notes: root.parentNode.querySelector(".notes"), release() {} };
  find(".back").onclick = () => press(life, -1);
  find(".next").onclick = () => press(life, 1);
  find(".reset").onclick = () => life.send("reset", true);
  find(".full").onclick = toggleFull;
  find(".leave").onclick = leaveStage;
  find(".notes-shown").onclick = () => toggleNotes(life);
  find(".open-room").onclick = () => openRoom(life);
  life.list.onclick = (event) => follow(life, event);
  return life;
}

// The place where the presses so far lead.
function goalOf(life) {
  return asked.at(-1) ?? life.here;
}

// Whether presses lead to another place than the one that is drawn.
function isOnWay(life) {
  return !isSame(goalOf(life), life.here);
}

// Reveal the question of this place if a press has asked for it, once.
function tellReveal(life) {
  const question = isOnWay(life) ? "" : questionAt(life.data, life.here);
  if (!revealed.has(question) || sent.has(question)) return;
  sent.add(question);
  life.send("reveal", question);
}

function draw({ root, list, notes, data, here }) {
  const built = JSON.stringify([data.steps, data.present, data.lesson]);
  if (list.dataset.built !== built) {
    list.dataset.built = built;
    list.replaceChildren(...data.steps.map((step, index) => entryOf(data, step, index)));
  }
  for (const link of list.querySelectorAll("a")) {
    if (link.dataset.step === data.here) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const show = (name, shown) => (root.querySelector(name).hidden = !shown);
  show(".back", pressed(data, here, -1, () => true));
  show(".next", pressed(data, here, 1, () => true));
  show(".reset", data.touched);
  show(".notes-shown", data.keys && data.notes);
  show(".full", data.keys && document.fullscreenEnabled);
  const begins = data.walk ? data.walk === 1 : data.here === data.steps[0].name; // later there is no place for it
  show(".open-room", data.keys && !data.room && begins);
  show(".leave", data.present);
  show(".place", data.walk);
  const waits = pressed(data, here, 1, isKnown(data))?.reveal;
  const next = root.querySelector(".next .words");
  next.textContent = waits ? "Show me" : nextWords(data, here);
  root.querySelector(".place").textContent = data.walk
    ? `Slide ${data.stops[data.walk - 1][0]} · ${data.walk} of ${data.stops.length}`
    : "";
  notes.textContent = data.notes;
  if (!data.notes) notes.hidden = true;
}

function nextWords(data, here) {
  return !here.walk && here.step === data.steps.at(-1).name && data.following ? data.following.title : "Next";
}

function entryOf(data, step, index) {
  const link = document.createElement("a");
  link.href = hrefOf(data, { step: step.name });
  link.dataset.step = step.name;
  link.title = step.title;
  const last = index === data.steps.length - 1;
  link.textContent = last ? step.title : index + 1;
  if (!last) link.setAttribute("aria-label", `Step ${index + 1}: ${step.title}`);
  const entry = document.createElement("li");
  entry.append(link);
  return entry;
}

const isKnown = (data) => (question) => data.answered.includes(question) || revealed.has(question);

function press(life, by) {
  const action = pressed(life.data, goalOf(life), by, isKnown(life.data));
  if (!action) return;
  if (action.reveal) {
    revealed.add(action.reveal);
    tellReveal(life);
  } else go(action.href, action.place ?? null);
}

function go(href, place) {
  asked = place ? [...asked, place] : [];
  ours = true;
  visitLink(href);
  ours = false;
}

function follow({ data }, event) {
  const link = event.target.closest?.("a");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.href, startOf(data, link.dataset.step));
}

// Keys act on the stage and in the walk only, and never on a field or a widget that has the focus.
function onKey(event) {
  const life = current;
  if (!life?.data.keys || !(life.root.isConnected || isOnWay(life))) return; // on the way between two pages there is none
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (focused?.matches(WIDGETS)) return;
  const free = !focused?.matches(FOCUSABLE);
  const action = {
    PageDown: () => press(life, 1),
    PageUp: () => press(life, -1),
    ...(free && {
      ArrowRight: () => press(life, 1),
      ArrowLeft: () => press(life, -1),
      Home: () => life.send("reset", true),
      n: () => toggleNotes(life),
      f: toggleFull,
    }),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function toggleNotes({ notes, root, data }) {
  if (!data.notes) return;
  notes.hidden = !notes.hidden;
  root.querySelector(".notes-shown").setAttribute("aria-expanded", String(!notes.hidden));
}

// The same view in the app, outside the walk.
function leaveStage() {
  const target = new URL(location.href);
  for (const name of ["present", "walk"]) target.searchParams.delete(name);
  visitLink(target.href);
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}
