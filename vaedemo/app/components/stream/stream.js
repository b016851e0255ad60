// Points that flow along their paths over a plot, from the first place to the last: played, paused or slid by hand.
// canvas.js, axes.js, life.js and the sketch's draw.js and plot.js are put before this file.

const TRAIL = 1; // steps behind a point that its trail reaches
const FIRST = 1; // the steps shown at first: each point with the trail of its first step

export default function (component) {
  const stream = lifeOf(component, ".stream", create);
  if (!stream) return undefined;
  receive(stream, component.data[0]);
  return stream.leave;
}

function create(root) {
  const find = (name) => root.querySelector(name);
  const stream = { root, canvas: find("canvas"), legend: find(".legend"), play: find(".play"), at: FIRST, running: 0 };
  [stream.slider, stream.output] = [find("input"), find("output")];
  stream.play.onclick = () => (stream.running ? pause(stream) : play(stream));
  stream.slider.oninput = () => {
    pause(stream);
    moveTo(stream, Number(stream.slider.value));
  };
  const end = repaintFor([stream.canvas], () => paint(stream));
  stream.release = () => {
    pause(stream);
    end();
  };
  return stream;
}

function receive(stream, text) {
  const data = unpacked(text);
  data.paths = data.paths.map(floats);
  stream.spec = data;
  stream.canvas.setAttribute("aria-label", data.label);
  stream.canvas.style.height = `${data.height / 16}rem`;
  stream.slider.max = data.paths.length - 1;
  stream.slider.setAttribute("aria-label", data.slider);
  const entries = JSON.stringify(data.layers.map(({ name, color }) => [name, color]));
  if (entries !== stream.entries) {
    stream.entries = entries;
    stream.legend.replaceChildren(...legendEntries([...data.layers, { name: data.name, kind: "dots", color: data.color }]));
  }
  moveTo(stream, Math.min(stream.at, data.paths.length - 1));
}

function play(stream) {
  if (stream.at >= stream.spec.paths.length - 1) moveTo(stream, 0);
  stream.play.textContent = "Pause";
  let before = performance.now();
  const turn = (now) => {
    const last = stream.spec.paths.length - 1;
    const next = stream.at + Math.max(0, now - before) / stream.spec.milliseconds; // a frame may be dated back
    before = now;
    moveTo(stream, Math.min(next, last));
    if (stream.at < last) stream.running = requestAnimationFrame(turn);
    else pause(stream);
  };
  stream.running = requestAnimationFrame(turn);
}

function pause(stream) {
  cancelAnimationFrame(stream.running);
  stream.running = 0;
  stream.play.textContent = "Play";
}

function moveTo(stream, at) {
  stream.at = at;
  const last = stream.spec.paths.length - 1;
  stream.slider.value = at;
  stream.slider.style.setProperty("--done", `${(100 * at) / Math.max(1, last)}%`);
  stream.output.textContent = `k = ${at.toFixed(1)}`;
  stream.slider.setAttribute("aria-valuetext", stream.output.textContent);
  paint(stream);
}

// Where point `index` is after `at` steps; between two steps it moves straight.
function placeOf(paths, index, at) {
  const first = Math.min(Math.floor(at), paths.length - 1);
  const share = at - first;
  const next = paths[Math.min(first + 1, paths.length - 1)];
  return [0, 1].map((axis) => (1 - share) * paths[first][2 * index + axis] + share * next[2 * index + axis]);
}

function paint(stream) {
  const { canvas, spec } = stream;
  if (!spec || !canvas.clientWidth || !canvas.clientHeight) return;
  const { context, width, height } = prepared(canvas);
  const look = lookOf(stream.root, { neutral: spec.neutral });
  const scale = drawPlot(context, spec, width, height, look);
  const on = ([x, y]) => [scale.x(x), scale.y(y)];
  clipTo(context, scale.box);
  context.strokeStyle = context.fillStyle = spec.color;
  context.lineWidth = 1.25;
  context.globalAlpha = 0.45;
  const count = spec.paths[0].length / 2;
  const start = Math.max(0, stream.at - TRAIL);
  context.beginPath();
  for (let index = 0; index < count; index++) {
    context.moveTo(...on(placeOf(spec.paths, index, start)));
    for (let step = Math.ceil(start); step < stream.at; step++) context.lineTo(...on(placeOf(spec.paths, index, step)));
    context.lineTo(...on(placeOf(spec.paths, index, stream.at)));
  }
  context.stroke();
  context.globalAlpha = 1;
  context.beginPath();
  for (let index = 0; index < count; index++) {
    const [x, y] = on(placeOf(spec.paths, index, stream.at));
    context.moveTo(x + 3, y);
    context.arc(x, y, 3, 0, 2 * Math.PI);
  }
  context.fill();
  context.restore();
}
