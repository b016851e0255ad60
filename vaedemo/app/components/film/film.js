// A training film: three panes that one slider moves together. The film itself is fetched by its address: a
// little-endian length (4 bytes), that many bytes of JSON, float32 pairs, pixels, as the module packs them. canvas.js,
// axes.js, life.js and the other three files of the film are put before this one.

export default function (component) {
  const film = lifeOf(component, ".film", create);
  if (!film) return undefined;
  const [message] = component.data;
  film.tell = (frame) => component.setTriggerValue("settled", frame);
  film.report = message.report;
  receive(film, message);
  return film.leave;
}

function create(root) {
  const film = { root, plots: [], position: 0, alone: -1, playing: 0, slowly: false, header: null, strips: [] };
  for (const name of ["play", "slow", "back", "forward", "slide", "legend", "hint"]) {
    film[name] = root.querySelector(`.${name}`);
  }
  film.slider = film.slide.querySelector("input");
  film.output = film.slide.querySelector("output");
  film.panes = [...root.querySelectorAll(".pane")];
  [film.codes, film.decoded] = [".codes", ".decoded"].map((name) => root.querySelector(`${name} canvas`));
  film.slider.oninput = () => goTo(film, Number(film.slider.value));
  film.play.onclick = () => (film.playing ? pause(film) : play(film));
  film.slow.onclick = () => slowDown(film);
  film.back.onclick = () => goTo(film, Math.round(film.position) - 1);
  film.forward.onclick = () => goTo(film, Math.round(film.position) + 1);
  root.onkeydown = (event) => steer(film, event);
  film.still = matchMedia("(prefers-reduced-motion: reduce)");
  const end = repaintFor(film.panes, () => paint(film));
  film.release = () => {
    cancelAnimationFrame(film.playing);
    clearTimeout(film.timer);
    end();
  };
  return film;
}

async function receive(film, { film: address, start }) {
  // The same film again: the reader's place in it counts, unless the page asks for another.
  const same = film.asked === address && film.start === start;
  const known = film.asked === address;
  Object.assign(film, { asked: address, start });
  try {
    if (!known) film.fetching = fetched(address).then((data) => film.asked === address && unpack(film, data));
    await film.fetching;
  } catch (error) {
    film.asked = null;
    film.hint.textContent = `The film could not be loaded (${error.message}). Reload the page.`;
    return;
  }
  if (film.asked !== address || film.start !== start) return; // another film or frame was asked for meanwhile
  if (same) paint(film);
  else {
    pause(film);
    film.told = start;
    moveTo(film, start);
  }
}

function unpack(film, data) {
  const [header, body] = opened(data);
  film.header = header;
  const numbers = new Float32Array(body.slice(0, 4 * header.floats).buffer);
  const frames = header.steps.length;
  let at = 0;
  const take = (pairs) => numbers.subarray(2 * at, 2 * (at += pairs));
  film.means = Array.from({ length: frames }, () => take(header.codes.labels.length));
  if (header.plane) {
    film.points = Array.from({ length: frames }, () => take(header.plane.count));
    film.points.data = take(header.plane.data);
  } else {
    const { count, channels, height, width } = header.sheet;
    const size = count * channels * height * width;
    const pixels = body.subarray(4 * header.floats);
    film.pixels = Array.from({ length: frames }, (_, frame) => pixels.subarray(frame * size, (frame + 1) * size));
  }
  film.strips = [];
  film.alone = -1;
  Object.assign(film.slider, { min: 0, max: frames - 1 });
  const words = header.steps.map((_, frame) => wordsFor(film, frame).length);
  film.slide.style.setProperty("--widest", `${Math.max(...words) - 2}ch`);
  film.root.classList.toggle("still", frames < 2);
  write(film);
}

// All words that stay the same while the film plays.
function write(film) {
  const { header } = film;
  const what = header.plane ?? header.sheet;
  film.root.setAttribute("aria-label", "Training film. Space plays, the arrow keys go frame by frame.");
  film.panes[1].querySelector("figcaption").textContent = header.codes.title;
  film.panes[2].querySelector("figcaption").textContent = what.title;
  film.panes[2].classList.toggle("plane", Boolean(header.plane));
  film.decoded.removeAttribute("style");
  film.codes.setAttribute("aria-label", "Codes of test data, coloured by class, at the frame's step");
  film.decoded.setAttribute("aria-label", `${what.title}, at the frame's step`);
  film.hint.textContent =
    "Loss in " + header.unit + " over training steps, measured as each epoch ends: test solid, train dashed. " +
    "While it plays, points move in straight lines from frame to frame" + (header.plane ? "." : "; images are not blended.");
  film.plots = header.curves.map((curve) => plotFor(film, curve));
  film.panes[0].querySelector(".plots").replaceChildren(...film.plots.map((plot) => plot.element));
  film.legend.replaceChildren(...header.codes.classes.map((one, index) => entryFor(film, one, index)));
}

function plotFor(film, curve) {
  const element = document.createElement("div");
  element.className = "plot";
  const [head, name, value] = ["div", "span", "span"].map((tag) => document.createElement(tag));
  [head.className, value.className] = ["head", "value"];
  name.textContent = curve.name;
  head.append(name, value);
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${curve.name} over training steps, on a logarithmic axis`);
  element.append(head, canvas);
  const plot = { element, canvas, value, curve, stepAt: null };
  canvas.onpointerdown = (event) => scrub(film, plot, event);
  return plot;
}

function entryFor(film, one, index) {
  const entry = document.createElement("button");
  entry.type = "button";
  entry.setAttribute("aria-pressed", "false");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-1.4 -1.4 2.8 2.8");
  svg.setAttribute("aria-hidden", "true");
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  const flipped = one.corners.map((value, at) => (at % 2 ? -value : value));
  mark.setAttribute("points", flipped.join(" "));
  mark.setAttribute("fill", one.colour);
  svg.append(mark);
  entry.append(svg, one.name);
  entry.onclick = () => single(film, index);
  return entry;
}

// What lies between two frames, each number mixed in proportion.
function between(film, arrays) {
  const from = Math.floor(film.position);
  const share = film.position - from;
  if (!share || film.still.matches) return arrays[Math.round(film.position)];
  const [a, b] = [arrays[from], arrays[from + 1]];
  return typeof a === "number" ? a + share * (b - a) : a.map((value, at) => value + share * (b[at] - value));
}

// How many epochs were over at a frame, as an index into the curves; −1 before the first one's end.
const measuredAt = ({ header }, frame) => header.epochs.findLastIndex((each) => each <= header.steps[frame]);

function wordsFor(film, frame) {
  const { steps, first } = film.header;
  const measured = measuredAt(film, frame);
  const epoch = film.header.epochs[measured] === steps[frame] ? "end of epoch" : "epoch";
  const number = first + measured + (epoch === "epoch" ? 1 : 0);
  return `${steps[frame].toLocaleString("en")}${film.header.epochs.length ? ` · ${epoch} ${number}` : ""}`;
}

function moveTo(film, position) {
  film.position = position;
  const { steps } = film.header;
  const frame = Math.round(position);
  film.slider.value = frame;
  film.slider.setAttribute("aria-valuetext", `step ${wordsFor(film, frame)}`);
  film.slide.style.setProperty("--done", `${(100 * frame) / Math.max(1, steps.length - 1)}%`);
  film.output.textContent = wordsFor(film, frame);
  film.back.disabled = frame === 0;
  film.forward.disabled = frame === steps.length - 1;
  paint(film);
}

function paint(film) {
  const { header } = film;
  if (!header) return;
  const look = lookOf(film.root, header.colours);
  const frame = Math.round(film.position);
  const step = header.steps[frame];
  const measured = measuredAt(film, frame);
  const marked = film.playing ? Math.expm1(between(film, header.steps.map((each) => Math.log1p(each)))) : step;
  for (const plot of film.plots) {
    const value = measured < 0 ? null : plot.curve.test[measured];
    plot.value.textContent = value === null ? "" : value.toFixed(2);
    plot.stepAt = drawCurve(plot.canvas, plot.curve, header, marked, measured, look);
  }
  drawCodes(film.codes, header.codes, between(film, film.means), between(film, header.codes.extents), film.alone, look);
  if (header.plane) drawPlane(film.decoded, header.plane, film.points.data, between(film, film.points), look);
  else drawSheet(film.decoded, header.sheet, (film.strips[frame] ??= stripOf(header.sheet, film.pixels[frame])));
  for (const pane of film.panes) pane.dataset.frame = frame;
}
