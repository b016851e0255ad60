// An exported page: it shows one step at a time, and gives each component of the step its data. fetched.js, the
// components by their kind and, on a page with sliders, its `follow` are put before this file.

const steps = JSON.parse(document.getElementById("steps").textContent);
const sections = [...document.querySelectorAll("[data-step]")];
const exhibit = document.querySelector(".exhibit");
const numbers = [...document.querySelectorAll("[data-number]")].map((element) => [element, element.textContent]);
const answers = new Map(); // by step: the option that was chosen
let shownNow = []; // of the step: each component with its root
let isLeft = () => {}; // called when another step comes

// The step of the address, or the first.
const stepNow = () => steps.find(({ name }) => `#${name}` === location.hash) ?? steps[0];

// Show a step; `goesOn`: with the same components where they are of the same kind, so that they show the way.
async function show(step, goesOn = false) {
  let current = true;
  isLeft();
  isLeft = () => (current = false);
  for (const section of sections) section.hidden = section.dataset.step !== step.name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${step.name}`) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  for (const each of steps) {
    const isKnown = !each.start || answers.has(each.name);
    document.querySelector(`nav a[href="#${each.name}"]`)?.classList.toggle("known", isKnown);
  }
  if (!goesOn) reset();
  const isOpen = Boolean(step.start) && !answers.has(step.name);
  if (step.start) ask(sections.find((section) => !section.hidden), isOpen, answers.get(step.name));
  const ready = await Promise.all(
    (isOpen ? step.start : step.shown).map(async ({ kind, file, message }) => ({ kind, data: file ? await fetched(file) : message })),
  );
  if (!current) return; // the reader went on meanwhile
  const kept = shownNow.map((each, place) => (goesOn && each.kind === ready[place]?.kind ? each : null));
  shownNow.forEach((each, place) => kept[place] ?? remove(each));
  shownNow = ready.map(({ kind, data }, place) => {
    if (!kept[place]) return mounted(kind, data);
    run(kind, kept[place].root, data);
    return kept[place];
  });
  exhibit.dataset.step = step.name; // for whoever waits for it
}

// A step begins with its own view: so do its sliders and the numbers in its words.
function reset() {
  for (const [element, text] of numbers) element.textContent = text;
  for (const input of document.querySelectorAll("input[type=range]")) {
    input.value = input.defaultValue;
    mark(input);
  }
}

function remove({ root, leave }) {
  leave?.();
  root.host.remove();
}

// While a question is open, its words and the verdicts are hidden; later the verdict on the choice is shown.
function ask(section, isOpen, choice) {
  section.querySelector(".question").hidden = !isOpen;
  section.querySelector(".told").hidden = isOpen;
  for (const verdict of section.querySelectorAll(".verdict")) verdict.hidden = verdict.dataset.choice !== choice;
}

// A component in a shadow root of its own, as Streamlit gives it one.
function mounted(kind, data) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.append(document.getElementById(kind).content.cloneNode(true));
  exhibit.append(host);
  return { kind, root, leave: run(kind, root, data) };
}

// What a component reports in the app to the server is heard here by the words alone.
function run(kind, root, data) {
  return components[kind]({ data, parentElement: root, setTriggerValue: (_, values) => hear(values) });
}

function hear(values) {
  const texts = stepNow().reported.map((name, place) => [name, values[place].toFixed(2).replace("-", "−")]);
  write(Object.fromEntries(texts));
}

// Other numbers in the words of the step.
function write(texts) {
  const section = sections.find((each) => !each.hidden);
  for (const [name, text] of Object.entries(texts)) {
    section.querySelector(`[data-number="${name}"]`).textContent = text;
  }
}

// Sliders: the page's own script turns their values into data and into the numbers of the words.
function moved(section) {
  const inputs = [...section.querySelectorAll("input[type=range]")];
  const values = Object.fromEntries(inputs.map((input) => [input.name, input.valueAsNumber]));
  for (const input of inputs) mark(input);
  const { messages, texts } = follow(values, stepNow().shown.map(({ message }) => message));
  shownNow.forEach(({ kind, root }, place) => run(kind, root, messages[place]));
  write(texts);
}

// The words beside a slider, and the filled share of its track.
function mark(input) {
  const { min, max, step, valueAsNumber: value } = input;
  const digits = (step.split(".")[1] ?? "").length;
  input.parentElement.querySelector("output").textContent = value.toFixed(digits).replace("-", "−");
  input.style.setProperty("--done", `${(100 * (value - min)) / (max - min)}%`);
}

for (const section of sections) {
  for (const input of section.querySelectorAll("input[type=range]")) {
    input.oninput = () => moved(section);
  }
  for (const button of section.querySelectorAll("button[data-choice]")) {
    button.onclick = () => {
      answers.set(section.dataset.step, button.dataset.choice);
      show(stepNow(), true);
      section.querySelector(".verdict:not([hidden])").focus({ preventScroll: true }); // so that it is read out
    };
  }
  const again = section.querySelector(".again");
  if (again) again.onclick = () => answers.delete(section.dataset.step) && show(stepNow());
}
// In a frame whose document has no address of its own (srcdoc) a link to a fragment would leave it.
for (const link of document.querySelectorAll("a")) {
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.hash = link.hash;
  };
}
addEventListener("hashchange", () => show(stepNow()));
show(stepNow());
