// A plot on a canvas, redrawn in place in a millisecond; some layers can be taken hold of and moved.
// sketch_draw.js is put before this file.

const FINGER = 26; // CSS pixels around the handle within which a pointer takes hold of it
const TOLD_EVERY = 160; // milliseconds between two reports while something is being moved
const sketches = new WeakMap(); // what each mounted sketch remembers between two runs

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".sketch");
  if (!root || !data) return undefined;
  let sketch = sketches.get(parentElement);
  if (!sketch || sketch.root !== root) {
    if (sketch) release(sketch);
    sketch = create(root);
    sketches.set(parentElement, sketch);
  }
  sketch.tell = (place) => setTriggerValue("moved", place);
  sketch.spec = data;
  sketch.canvas.setAttribute("aria-label", data.label);
  sketch.canvas.style.height = `${data.height / 16}rem`;
  if (sketch.held?.now) follow(sketch);
  else sketch.shift = [0, 0];
  writeLegend(sketch);
  paint(sketch);
  return () => {
    release(sketch);
    sketches.delete(parentElement);
  };
}

function create(root) {
  const find = (name) => root.querySelector(name);
  const sketch = { root, canvas: find("canvas"), legend: find(".legend"), readout: find(".readout"), shift: [0, 0] };
  sketch.observer = new ResizeObserver(() => paint(sketch));
  sketch.observer.observe(sketch.canvas);
  sketch.dark = matchMedia("(prefers-color-scheme: dark)");
  sketch.repaint = () => requestAnimationFrame(() => paint(sketch));
  sketch.dark.addEventListener("change", sketch.repaint);
  const { canvas } = sketch;
  canvas.onpointerdown = (event) => takeHold(sketch, event);
  canvas.onpointermove = (event) => (sketch.held ? drag(sketch, event) : point(sketch, event));
  canvas.onpointerup = canvas.onpointercancel = () => letGo(sketch);
  // A finger on the handle moves it; anywhere else it scrolls the page.
  canvas.addEventListener("touchstart", (event) => near(sketch, event.touches[0]) && event.preventDefault(), {
    passive: false,
  });
  canvas.onpointerleave = () => sketch.readout.classList.remove("shown");
  return sketch;
}

function release(sketch) {
  sketch.observer.disconnect();
  sketch.dark.removeEventListener("change", sketch.repaint);
  clearTimeout(sketch.timer);
}

function lookOf(sketch) {
  const style = getComputedStyle(sketch.root);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    font: style.fontFamily,
    text: style.color,
    faint: `color-mix(in srgb, ${style.color} 72%, transparent)`,
    neutral: sketch.spec.neutral,
    background: style.getPropertyValue("--st-background-color"),
    small: 0.8125 * rem,
  };
}

function paint(sketch) {
  const { canvas, spec } = sketch;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!spec || !width || !height) return;
  const density = window.devicePixelRatio || 1;
  const pixels = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
  const context = canvas.getContext("2d");
  context.setTransform(pixels[0] / width, 0, 0, pixels[1] / height, 0, 0);
  context.clearRect(0, 0, width, height);
  const look = lookOf(sketch);
  const scale = (sketch.scale = drawAxes(context, spec, width, height, look));
  const { box } = scale;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top - 1, box.right - box.left, box.bottom - box.top + 2);
  context.clip();
  for (const layer of spec.layers) {
    context.globalAlpha = layer.alpha ?? 1;
    context.save();
    if (layer.moves) context.translate(sketch.shift[0], sketch.shift[1]);
    drawLayer[layer.kind](context, layer, scale, look);
    context.restore();
  }
  context.restore();
}

function writeLegend(sketch) {
  const named = sketch.spec.layers.filter((layer) => layer.name);
  const text = JSON.stringify(named.map(({ name, kind, color, dash, alpha }) => [name, kind, color, dash, alpha]));
  if (text === sketch.written) return;
  sketch.written = text;
  sketch.legend.replaceChildren(
    ...named.map((layer) => {
      const entry = document.createElement("span");
      entry.className = "entry";
      const mark = document.createElement("span");
      const shape = { dots: "dot", heat: "block", band: "block", bar: "block" }[layer.kind] ?? layer.dash ?? "";
      mark.className = `mark ${shape}`;
      mark.style.setProperty("--ink", layer.color === "text" ? "currentColor" : layer.color);
      mark.style.setProperty("--strength", layer.alpha ?? 1);
      entry.append(mark, layer.name);
      return entry;
    }),
  );
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
  if (event.button !== 0 || !near(sketch, event)) return;
  event.preventDefault();
  sketch.canvas.setPointerCapture(event.pointerId);
  sketch.canvas.style.cursor = "grabbing";
  const { scale, spec } = sketch;
  sketch.held = { from: [event.clientX, event.clientY], place: [...spec.handle], perPixel: [...scale.perPixel] };
}

function drag(sketch, event) {
  const { from, place, perPixel } = sketch.held;
  const moved = [event.clientX - from[0], event.clientY - from[1]];
  sketch.held.now = [place[0] + moved[0] * perPixel[0], place[1] - moved[1] * perPixel[1]];
  follow(sketch);
  paint(sketch);
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
