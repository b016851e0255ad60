// A training film: three panes that one slider moves together. The film itself is fetched by its address: a
// little-endian length (4 bytes), that many bytes of JSON, float32 pairs, pixels, as the module packs them. canvas.js,
// axes.js, life.js and the other files of the film are put before this one.

export default function (component) {
  const film = lifeOf(component, ".film", create);
  if (!film) return undefined;
  const [message] = component.data;
  film.tell = (frame) => component.setTriggerValue("settled", frame);
  film.report = message.report;
  film.root.classList.toggle("low", message.low);
  receive(film, message, unpack);
  return film.leave;
}

function create(root) {
  const film = { root, plots: [], alone: -1, strips: [], ...barIn(root) };
  film.legend = root.querySelector(".legend");
  film.panes = [...root.querySelectorAll(".pane")];
  [film.codes, film.decoded] = [".codes", ".decoded"].map((name) => root.querySelector(`${name} canvas`));
  connect(film, film.panes);
  return film;
}

function unpack(film, [data]) {
  const before = film.header;
  Object.assign(film, reelOf(data));
  film.strips = [];
  fitBar(film);
  if (before && wordsIn(before) === wordsIn(film.header)) {
    // A later moment of the same training: the legend keeps its choice, and buttons stay under the finger.
    film.plots.forEach((plot, index) => (plot.curve = film.header.curves[index]));
  } else {
    film.alone = -1;
    write(film);
  }
}

// What the words of a film are made of.
const wordsIn = ({ unit, codes, plane, sheet, curves, steps }) =>
  JSON.stringify([
    [unit, codes.title, codes.classes, (plane ?? sheet).title, Boolean(plane), steps.length > 1],
    curves.map(({ name, colour }) => [name, colour]),
  ]);

// All words that stay the same while the film plays.
function write(film) {
  const { header } = film;
  const what = header.plane ?? header.sheet;
  const moves = header.steps.length > 1;
  const keys = moves ? "Training film. Space plays, the arrow keys go frame by frame." : "One moment of a training.";
  film.root.setAttribute("aria-label", keys);
  film.panes[1].querySelector("figcaption").textContent = header.codes.title;
  film.panes[2].querySelector("figcaption").textContent = what.title;
  film.panes[2].classList.toggle("plane", Boolean(header.plane));
  film.decoded.removeAttribute("style");
  film.codes.setAttribute("aria-label", "Codes of test data, coloured by class, at the frame's step");
  film.decoded.setAttribute("aria-label", `${what.title}, at the frame's step`);
  film.hint.textContent =
    "Loss in " + header.unit + " over training steps, measured as each epoch ends: test solid, train dashed." +
    (moves ? " While it plays, points move in straight lines from frame to frame" : "") +
    (moves ? (header.plane ? "." : "; images are not blended.") : "");
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
    plot.value.textContent = value === null ? "" : written(value, 2);
    plot.stepAt = drawCurve(plot.canvas, plot.curve, header, marked, measured, look);
  }
  drawCodes(film.codes, header.codes, between(film, film.means), between(film, header.codes.extents), film.alone, look);
  if (header.plane) drawPlane(film.decoded, header.plane, film.points.data, between(film, film.points), look);
  else drawSheet(film.decoded, header.sheet, (film.strips[frame] ??= stripOf(header.sheet, film.pixels[frame])));
  for (const pane of film.panes) pane.dataset.frame = frame;
}
