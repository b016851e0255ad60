// A plot on a canvas, redrawn in place in a millisecond; layers that have a handle can be dragged.
// canvas.js, axes.js, life.js, draw.js and plot.js are put before this file.

const FINGER = 26; // CSS pixels around the handle within which a pointer takes hold of it
const TOLD_EVERY = 160; // milliseconds between two reports while something is being moved

export default function (component) {
  const sketch = lifeOf(component, ".sketch", create);
  if (!sketch) return undefined;
  const [text] = component.data;
  sketch.tell = (place) => component.setTriggerValue("moved", place);
  if (text !== sketch.text) {
    sketch.text = text;
    take(sketch, unpacked(text));
  }
  if (sketch.held?.now) follow(sketch);
  else sketch.shift = [0, 0];
  paint(sketch);
  return sketch.leave;
}

// Only what has changed is written, so that the browser need not lay the page out anew.
function take(sketch, spec) {
  const { canvas, spec: before } = sketch;
  if (spec.label !== before?.label) canvas.setAttribute("aria-label", spec.label);
  if (spec.height !== before?.height) canvas.style.height = `${spec.height / 16}rem`;
  sketch.spec = spec;
  writeLegend(sketch);
}

function create(root) {
  const find = (name) => root.querySelector(name);
  const sketch = { root, canvas: find("canvas"), legend: find(".legend"), readout: find(".readout"), shift: [0, 0] };
  const { canvas } = sketch;
  // It is called with the first size too. In between the size is known: to measure it would lay out the page.
  const end = repaintFor([canvas], () => {
    sketch.size = [canvas.clientWidth, canvas.clientHeight];
    paint(sketch);
  });
  sketch.release = () => {
    end();
    clearTimeout(sketch.timer);
  };
  canvas.onpointerdown = (event) => takeHold(sketch, event);
  canvas.onpointermove = (event) => (sketch.held ? drag(sketch, event) : point(sketch, event));
  canvas.onpointerup = () => letGo(sketch);
  canvas.onpointercancel = () => {
    if (sketch.spec.aim && sketch.held) sketch.held.now = undefined; // the finger scrolls the page
    letGo(sketch);
  };
  // A finger on the handle moves it; anywhere else it scrolls the page.
  canvas.addEventListener("touchstart", (event) => near(sketch, event.touches[0]) && event.preventDefault(), {
    passive: false,
  });
  canvas.onpointerleave = () => sketch.readout.classList.remove("shown");
  return sketch;
}

function paint(sketch) {
  const { canvas, spec, size } = sketch;
  if (!spec || !size?.every(Boolean)) return;
  const { context, width, height } = prepared(canvas, size);
  const look = lookOf(sketch.root, { neutral: spec.neutral });
  sketch.scale = drawPlot(context, spec, width, height, look, sketch.shift);
}

function writeLegend(sketch) {
  const named = sketch.spec.layers.filter((layer) => layer.name);
  const text = JSON.stringify(named.map(({ name, kind, color, dash, alpha }) => [name, kind, color, dash, alpha]));
  if (text === sketch.written) return;
  sketch.written = text;
  sketch.legend.replaceChildren(...legendEntries(named));
}

// The words for whatever lies nearest to the pointer, left to right.
function point(sketch, event) {
  const { spec, scale, canvas, readout } = sketch;
  canvas.style.cursor = near(sketch, event) ? "grab" : "";
  if (!spec.readout.length) return;
  const at = event.clientX - canvas.getBoundingClientRect().left;
  const distance = ([x]) => Math.abs(scale.x(x) - at);
  const [, words] = spec.readout.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  readout.textContent = words;
  readout.classList.add("shown");
}

function near(sketch, event) {
  const { canvas, spec, scale } = sketch;
  if (!spec.handle || !scale) return false;
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  return Math.hypot(x - scale.x(spec.handle[0]), y - scale.y(spec.handle[1])) <= FINGER;
}

function takeHold(sketch, event) {
  if (event.button !== 0 || !(near(sketch, event) || sketch.spec.aim)) return;
  event.preventDefault();
  sketch.canvas.setPointerCapture(event.pointerId);
  sketch.canvas.style.cursor = "grabbing";
  const { scale, spec } = sketch;
  const aimed = spec.aim && !near(sketch, event);
  const place = aimed ? placeOn(sketch.canvas, scale, event) : [...spec.handle];
  sketch.held = { from: [event.clientX, event.clientY], place, perPixel: [...scale.perPixel], now: aimed ? place : undefined };
  if (!aimed) return;
  follow(sketch);
  paint(sketch);
}

function drag(sketch, event) {
  const { from, place, perPixel } = sketch.held;
  const moved = [event.clientX - from[0], event.clientY - from[1]];
  sketch.held.now = [place[0] + moved[0] * perPixel[0], place[1] - moved[1] * perPixel[1]];
  follow(sketch);
  paint(sketch);
  if (sketch.spec.aim) return; // a place that is aimed at is told once, at the end
  sketch.timer ??= setTimeout(() => {
    sketch.timer = undefined;
    if (sketch.held) sketch.tell(sketch.held.now);
  }, TOLD_EVERY);
}

// The page may have answered with layers that were moved already: what is left of the way is drawn here.
function follow(sketch) {
  const { scale, spec, held } = sketch;
  sketch.shift = [scale.x(held.now[0]) - scale.x(spec.handle[0]), scale.y(held.now[1]) - scale.y(spec.handle[1])];
}

function letGo(sketch) {
  const { held } = sketch;
  if (!held) return;
  sketch.held = null;
  clearTimeout(sketch.timer);
  sketch.timer = undefined;
  sketch.canvas.style.cursor = "";
  if (held.now) sketch.tell(held.now);
}
