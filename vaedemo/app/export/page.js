// An exported page: it shows one step at a time, and gives each component of the step its data. fetched.js, the
// components by their kind and, on a page with sliders, its `follow` are put before this file.

const steps = JSON.parse(document.getElementById("steps").textContent);
const sections = [...document.querySelectorAll("[data-step]")];
const exhibit = document.querySelector(".exhibit");
let shownNow = []; // of the step: each component with its root and its data
let isLeft = () => {}; // called when another step comes

// The step of the address, or the first.
const stepNow = () => steps.find(({ name }) => `#${name}` === location.hash) ?? steps[0];

async function show(step) {
  let current = true;
  isLeft();
  isLeft = () => (current = false);
  for (const section of sections) section.hidden = section.dataset.step !== step.name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${step.name}`) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const ready = await Promise.all(
    step.shown.map(async ({ kind, file, message }) => ({ kind, data: file ? await fetched(file) : message })),
  );
  if (!current) return; // the reader went on meanwhile
  for (const { leave } of shownNow) leave?.();
  exhibit.replaceChildren();
  shownNow = ready.map(mounted);
  exhibit.dataset.step = step.name; // for whoever waits for it
}

// A component in a shadow root of its own, as Streamlit gives it one.
function mounted({ kind, data }) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.append(document.getElementById(kind).content.cloneNode(true));
  exhibit.append(host);
  return { kind, root, data, leave: run(kind, root, data) };
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
function write(numbers) {
  const section = sections.find((each) => !each.hidden);
  for (const [name, text] of Object.entries(numbers)) {
    section.querySelector(`[data-number="${name}"]`).textContent = text;
  }
}

// Sliders: the page's own script turns their values into data and into the numbers of the words.
function moved(section) {
  const inputs = [...section.querySelectorAll("input[type=range]")];
  const values = Object.fromEntries(inputs.map((input) => [input.name, input.valueAsNumber]));
  for (const input of inputs) mark(input);
  const { messages, numbers } = follow(values, stepNow().shown.map(({ message }) => message));
  shownNow.forEach(({ kind, root }, place) => run(kind, root, messages[place]));
  write(numbers);
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
    mark(input);
  }
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
