// Two training films, moved by one bar. canvas.js, axes.js, life.js and the film's pictures.js, reel.js and hands.js are
// put before this file.

export default function (component) {
  const pair = lifeOf(component, ".film", create);
  if (!pair) return undefined;
  const [message] = component.data;
  pair.tell = (frame) => component.setTriggerValue("settled", frame);
  pair.report = message.report;
  pair.names = message.names;
  pair.drawn.textContent = message.decoded.replaceAll("N(0, I)", "N(0,\u00a0I)"); // on one line
  receive(pair, message, unpack);
  return pair.leave;
}

function create(root) {
  const pair = { root, reels: [], ...barIn(root) };
  pair.drawn = root.querySelector(".drawn");
  pair.figures = [...root.querySelectorAll("figure")];
  [pair.codes, pair.decoded] = [".codes", ".decoded"].map((name) => [...root.querySelectorAll(`${name} canvas`)]);
  root.setAttribute("aria-label", "Two training films. Space plays, the arrow keys go frame by frame.");
  connect(pair, pair.figures);
  return pair;
}

function unpack(pair, data) {
  pair.reels = data.map((each) => ({ ...reelOf(each), still: pair.still, position: 0, strips: [] }));
  pair.header = pair.reels[1].header; // the longer film's steps are the bar's
  fitBar(pair);
}

// Where in a film a step lies: between two frames, in proportion on the films' logarithmic axis.
function positionAt(steps, step) {
  const after = steps.findIndex((each) => each >= step);
  if (after < 0) return steps.length - 1;
  if (after === 0) return 0;
  const [low, high, here] = [steps[after - 1], steps[after], step].map(Math.log1p);
  return after - 1 + (here - low) / (high - low);
}

// At rest a film shows a frame that was computed: its last one up to this step.
function placeIn(reel, step, rests) {
  const position = positionAt(reel.header.steps, step);
  return rests ? Math.floor(position + 1e-9) : position;
}

function paint(pair) {
  if (!pair.header) return;
  const look = lookOf(pair.root, pair.header.colours);
  const steps = pair.header.steps.map(Math.log1p);
  const step = Math.expm1(between({ ...pair, still: { matches: false } }, steps));
  const [, radius] = pair.reels[1].header.codes.radii.at(-1);
  pair.reels.forEach((reel, index) => {
    reel.position = placeIn(reel, step, !pair.playing);
    const { codes, sheet } = reel.header;
    const places = between(reel, reel.means);
    const extent = between(reel, codes.extents);
    const scale = drawCodes(pair.codes[index], { ...codes, radii: [] }, places, extent, -1, look);
    if (scale) {
      drawCircle(pair.codes[index], radius, scale, look);
      nameClasses(pair.codes[index], codes, places, scale, look);
    }
    const frame = Math.round(reel.position);
    drawSheet(pair.decoded[index], sheet, (reel.strips[frame] ??= stripOf(sheet, reel.pixels[frame])));
    describe(pair, index, frame);
  });
  for (const figure of pair.figures) figure.dataset.frame = Math.round(pair.position);
}

// The prior's largest contour, above the codes, which would hide a small one; named at its right upper side.
function drawCircle(canvas, radius, { x, y }, look) {
  const context = canvas.getContext("2d");
  const size = x(radius) - x(0);
  context.strokeStyle = look.prior;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x(0), y(0), size, 0, 2 * Math.PI);
  context.stroke();
  context.font = `600 ${look.small}px ${look.font}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillStyle = look.prior;
  haloed(context, "N(0, I)", x(0) + 0.6 * size, y(0) - 0.8 * size, look);
}

// Each class's name at the middle of its codes; where two would cover each other, the later one is left out. Where all
// would, as all codes are one dot, there is no name.
function nameClasses(canvas, codes, places, { x, y, box }, look) {
  const context = canvas.getContext("2d");
  context.font = `700 ${1.15 * look.small}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = look.text;
  const written = [];
  codes.classes.forEach(({ name }, index) => {
    const own = codes.labels.flatMap((label, at) => (label === index ? [[places[2 * at], places[2 * at + 1]]] : []));
    const [a, b] = [0, 1].map((axis) => middle(own.map((each) => each[axis])));
    const [left, top] = [x(a), y(b)];
    const outside = left < box.left || left > box.right || top < box.top || top > box.bottom;
    const covered = written.some(([p, q]) => Math.hypot(p - left, q - top) < 1.2 * look.small);
    if (outside || covered || !own.length) return;
    written.push([left, top, name]);
  });
  if (written.length > 1) for (const [left, top, name] of written) haloed(context, name, left, top, look);
}

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

function describe(pair, index, frame) {
  const done = pair.reels[index].header.steps[frame].toLocaleString("en");
  const when = `after ${done} training steps`;
  const name = pair.names[index];
  pair.figures[index].querySelector("figcaption").textContent = `${name}, ${done} steps`;
  pair.codes[index].setAttribute("aria-label", `${name}: codes of test images, by class, ${when}`);
  pair.decoded[index].setAttribute("aria-label", `${name}: ${pair.drawn.textContent}, ${when}`);
}
