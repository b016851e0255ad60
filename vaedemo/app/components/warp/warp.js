// Two linked panes: points and lines on the left, their images on the right, moved by a slider through frames.
// The data are bytes: a little-endian length (4 bytes), that many bytes of JSON, then float32, as the module packs them.
// canvas.js, axes.js, life.js, draw.js and touch.js are put before this file.

const STEP = 0.05; // of a pane's half width: how far an arrow key moves or grows the brush
const GLIDE = 900; // milliseconds of the way to a new position of the page's
const SETTLED_AFTER = 300; // milliseconds without a change until the page is told

export default function (component) {
  const warp = lifeOf(component, ".warp", create);
  if (!warp) return undefined;
  const { data, setTriggerValue } = component;
  warp.tell = (state) => setTriggerValue("settled", state);
  // A rerun of the page sends the same bytes again: then only the theme may be new.
  if (!same(warp.data, data)) receive(warp, data);
  else if (JSON.stringify(lookOf(warp.root, warp.header.colours)) !== warp.look) paint(warp);
  warp.data = data;
  return warp.leave;
}

function create(root) {
  const warp = { root, sides: [], position: 0, shows: "both", brush: null, told: [], known: "", playing: 0 };
  for (const name of ["play", "slide", "status", "inside", "clear"]) warp[name] = root.querySelector(`.${name}`);
  warp.slider = warp.slide.querySelector("input");
  warp.toggles = [...root.querySelectorAll("[data-shows]")];
  root.querySelectorAll(".pane").forEach((pane, side) => {
    const canvas = pane.querySelector("canvas");
    warp.sides.push({ caption: pane.querySelector("figcaption"), canvas });
    canvas.onpointerdown = (event) => beginBrush(warp, side, event);
    canvas.onkeydown = (event) => steerBrush(warp, side, event);
  });
  warp.slider.oninput = () => {
    pause(warp);
    moveTo(warp, Number(warp.slider.value));
    settle(warp);
  };
  warp.play.onclick = () => (warp.playing ? pause(warp) : play(warp));
  warp.clear.onclick = () => setBrush(warp, null);
  for (const toggle of warp.toggles) toggle.onclick = () => show(warp, toggle.dataset.shows);
  const end = repaintFor(
    warp.sides.map(({ canvas }) => canvas),
    () => paint(warp),
  );
  warp.release = () => {
    pause(warp);
    clearTimeout(warp.timer);
    end();
  };
  return warp;
}

function receive(warp, data) {
  const [header, body] = opened(data);
  const numbers = new Float32Array(body.slice().buffer);
  const before = warp.header && warp.position;
  let at = 0;
  const take = (pairs) => numbers.subarray(2 * at, 2 * (at += pairs));
  const vertices = header.lengths.reduce((sum, each) => sum + each, 0);
  warp.header = header;
  warp.left = take(header.count);
  warp.frames = Array.from({ length: header.frames }, () => take(header.count));
  warp.leftLines = vertices ? take(vertices) : null;
  warp.lines = Object.fromEntries(header.line_frames.map((frame) => [frame, take(vertices)]));
  warp.bins = Uint8Array.from(header.bins);
  header.descriptions.forEach((words, side) => warp.sides[side].canvas.setAttribute("aria-label", words));
  warp.root.classList.toggle("still", header.frames < 2);
  warp.slide.querySelector(".name").textContent = header.slider;
  Object.assign(warp.slider, { min: 0, max: header.frames - 1, step: header.step });
  warp.slide.style.setProperty("--widest", `${Math.max(4, ...(header.labels ?? []).map((text) => text.length))}ch`);
  const isNew = adopt(warp, header.state);
  warp.position = Math.min(warp.position, header.frames - 1);
  choose(warp);
  if (isNew && before !== undefined && warp.position > before) glide(warp, before, warp.position);
  else moveTo(warp, warp.position);
}

// The page's state counts when the page changed it, not when it only repeats what this component told it. Returns
// whether it counted.
function adopt(warp, state) {
  const text = JSON.stringify(state);
  const echo = warp.told.indexOf(text);
  const isNew = echo < 0 && text !== warp.known;
  if (echo >= 0) warp.told.splice(0, echo + 1);
  else if (isNew) {
    pause(warp);
    warp.position = state.position;
    warp.shows = state.shows;
    warp.brush = readBrush(state.brush);
  }
  warp.known = text;
  for (const toggle of warp.toggles) markToggle(warp, toggle);
  return isNew;
}

function settle(warp) {
  clearTimeout(warp.timer);
  if (!warp.header.report) return;
  warp.timer = setTimeout(() => {
    const state = { position: rounded(warp.position), shows: warp.shows, brush: writeBrush(warp.brush) };
    const text = JSON.stringify(state);
    if (text === (warp.told.at(-1) ?? warp.known)) return;
    warp.told.push(text);
    warp.tell(state);
  }, SETTLED_AFTER);
}

const rounded = (value) => Math.round(value * 1000) / 1000;

function writeBrush(brush) {
  if (!brush) return "";
  const corners = [brush.x0, brush.y0, brush.x1, brush.y1, brush.position].map(rounded);
  return [brush.side ? "right" : "left", ...corners].join(",");
}

function readBrush(text) {
  if (!text) return null;
  const [side, ...rest] = text.split(",");
  const [x0, y0, x1, y1, position] = rest.map(Number);
  return { side: side === "right" ? 1 : 0, x0, y0, x1, y1, position };
}

// What lies on the right at a position between two frames: each pair is mixed in proportion.
function between(warp, frames, position) {
  const first = Math.min(Math.floor(position), warp.header.frames - 1);
  const share = position - first;
  const [a, b] = [frames[first], frames[first + 1]];
  if (!share || !a) return a;
  return b ? a.map((value, index) => (1 - share) * value + share * b[index]) : undefined;
}

function moveTo(warp, position) {
  warp.position = position;
  const { frames, labels, titles } = warp.header;
  const atEnd = Number(position >= frames - 1);
  titles.forEach((both, side) => (warp.sides[side].caption.textContent = both[atEnd]));
  const text = labels ? labels[Math.round(position)] : position.toFixed(2);
  warp.slider.value = position;
  warp.slide.style.setProperty("--done", `${(100 * position) / Math.max(1, frames - 1)}%`);
  warp.slider.setAttribute("aria-valuetext", text);
  warp.slide.querySelector("output").textContent = text;
  warp.now = between(warp, warp.frames, position);
  paint(warp);
}

function paint(warp) {
  const { header } = warp;
  if (!header) return;
  const look = lookOf(warp.root, header.colours);
  warp.look = JSON.stringify(look);
  const first = Math.min(Math.floor(warp.position), header.frames - 1);
  const share = warp.position - first;
  const extent = header.extents[1][first] * (1 - share) + (header.extents[1][first + 1] ?? 0) * share;
  const drawn = [
    { positions: warp.left, lines: warp.leftLines, extent: header.extents[0] },
    { positions: warp.now, lines: between(warp, warp.lines, warp.position), mesh: header.mesh, extent },
  ];
  drawn.forEach((pane, side) => {
    const { canvas } = warp.sides[side];
    const grid = warp.shows !== "points";
    canvas.extent = pane.extent;
    const { brush } = warp;
    const visible = brush && brush.side === side && (!side || Math.abs(brush.position - warp.position) < 0.0015);
    drawPane(
      canvas,
      {
        ...pane,
        lines: grid ? pane.lines : null,
        mesh: grid ? pane.mesh : 0,
        lengths: header.lengths,
        points: warp.shows !== "grid",
        bins: warp.bins,
        chosen: warp.chosen,
        axes: header.axes[side],
        circle: header.circles[side],
        brush: visible ? brush : null,
      },
      look,
    );
  });
  say(warp);
}

function say(warp) {
  const { header, chosen } = warp;
  const count = header.count.toLocaleString("en");
  let words = header.hint;
  if (chosen) {
    const selected = chosen.reduce((sum, each) => sum + each, 0);
    const share = ((100 * selected) / header.count).toFixed(1);
    words = `${selected.toLocaleString("en")} of ${count} points chosen: ${share} %.`;
  }
  const radius = header.circles[1];
  let inside = "";
  if (radius) {
    let found = 0;
    for (let index = 0; index < header.count; index++) {
      if (Math.hypot(warp.now[2 * index], warp.now[2 * index + 1]) < radius) found++;
    }
    inside = `Right, inside the dashed circle (ρ = ‖x‖ < ${radius}): ${found} of ${count} drawn.`;
  }
  if (warp.status.textContent !== words) warp.status.textContent = words;
  if (warp.inside.textContent !== inside) warp.inside.textContent = inside;
  warp.root.classList.toggle("brushed", Boolean(chosen));
}
