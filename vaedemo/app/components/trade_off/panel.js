// One panel of the trade-off: a slider along β, the codes on the plane, strips of pictures or a cloud of points.
// canvas.js and axes.js are put before this file.

const CODE = 1.6; // CSS pixels: half the side of a code's mark
const POINT = 1.3;

function buildPanel(name, single) {
  const make = (tag, kind, parent) => {
    const element = document.createElement(tag);
    element.className = kind;
    parent.append(element);
    return element;
  };
  const root = document.createElement("div");
  root.className = "panel";
  const head = make("div", "head", root);
  if (!single) make("span", "name", head).textContent = name;
  const panel = { root, name, beta: make("span", "beta", head) };
  panel.slider = make("input", "slide", root);
  Object.assign(panel.slider, { type: "range", min: 0, step: 0.01 });
  panel.slider.setAttribute("aria-label", single ? "β" : `β of panel ${name}`);
  panel.line = make("div", "line", root);
  panel.plane = make("canvas", "plane", root);
  panel.plane.setAttribute("role", "img");
  panel.rest = make("div", "rest", root);
  return panel;
}

// A place between two models: the numbers of both and the share of the upper one.
function mixOf(place, count) {
  const low = Math.min(Math.floor(place), count - 1);
  const high = Math.min(low + 1, count - 1);
  return [low, high, place - low];
}

function betaText(betas, place) {
  const [low, high, share] = mixOf(place, betas.length);
  if (share < 0.005) return `β = ${betas[low]}`;
  return share > 0.995 ? `β = ${betas[high]}` : `between β = ${betas[low]} and ${betas[high]}`;
}

function drawPlane(panel, board, place, look) {
  const { header, means } = board;
  const { context, width, height } = prepared(panel.plane);
  if (!width) return;
  const [low, high, share] = mixOf(place, header.betas.length);
  const reach = (1 - share) * header.reaches[low] + share * header.reaches[high];
  const scale = drawAxes(context, planeOf(reach, "z₁", "z₂"), width, height, look);
  clipTo(context, scale.box);
  context.strokeStyle = header.colours.prior;
  for (const radius of [1, 2, 3]) {
    context.globalAlpha = 1 - 0.22 * radius;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(scale.x(0), scale.y(0), radius / scale.perPixel[0], 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 0.75;
  const from = low * header.codes * 2;
  const to = high * header.codes * 2;
  header.labels.forEach((label, index) => {
    const at = (offset) => (1 - share) * means[from + 2 * index + offset] + share * means[to + 2 * index + offset];
    context.fillStyle = header.colours.classes[label % header.colours.classes.length];
    context.fillRect(scale.x(at(0)) - CODE, scale.y(at(1)) - CODE, 2 * CODE, 2 * CODE);
  });
  context.restore();
}

function planeOf(reach, across, up) {
  const range = [-reach, reach];
  return { x: { range, title: across }, y: { range, title: up }, plane: true };
}

function buildRest(panel, header) {
  const strips = header.rows.map((row) => [row.title, "strip"]);
  if (header.cloud) strips.push(["decoded z ~ N(0, I), over the data", "plane cloud"]);
  panel.strips = strips.map(([title, kind]) => {
    const words = document.createElement("div");
    words.className = "what";
    words.textContent = title;
    const canvas = document.createElement("canvas");
    canvas.className = kind;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    panel.rest.append(words, canvas);
    return canvas;
  });
  header.rows.forEach((row, index) => {
    const [, count, height, width] = row.shape;
    const across = Math.min(count, 8);
    Object.assign(panel.strips[index], { width: across * width, height: Math.ceil(count / across) * height });
  });
}

// Pictures at their own size; the browser enlarges them without smoothing. Between two models they are mixed.
function drawStrip(canvas, row, place, models) {
  const [owners, count, height, width] = row.shape;
  const [low, high, share] = owners === 1 ? [0, 0, 0] : mixOf(place, models);
  const picture = new ImageData(canvas.width, canvas.height);
  const size = height * width;
  const across = canvas.width / width;
  for (let index = 0; index < count; index++) {
    const [from, to] = [(low * count + index) * size, (high * count + index) * size];
    const corner = Math.floor(index / across) * height * canvas.width + (index % across) * width;
    for (let pixel = 0; pixel < size; pixel++) {
      const grey = (1 - share) * row.pixels[from + pixel] + share * row.pixels[to + pixel];
      const at = 4 * (corner + Math.floor(pixel / width) * canvas.width + (pixel % width));
      picture.data[at] = picture.data[at + 1] = picture.data[at + 2] = grey;
      picture.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

function drawCloud(canvas, board, place, look) {
  const { header, cloud, data } = board;
  const { context, width, height } = prepared(canvas);
  if (!width) return;
  const [low, high, share] = mixOf(place, header.betas.length);
  const reach = 1.15 * data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = drawAxes(context, planeOf(reach, "x₁", "x₂"), width, height, look);
  const dot = (x, y) => context.fillRect(scale.x(x) - POINT, scale.y(y) - POINT, 2 * POINT, 2 * POINT);
  clipTo(context, scale.box);
  context.globalAlpha = 0.35;
  context.fillStyle = header.colours.data;
  for (let index = 0; index < header.data; index++) dot(data[2 * index], data[2 * index + 1]);
  context.globalAlpha = 0.8;
  context.fillStyle = header.colours.reconstruction;
  const [from, to] = [low * header.cloud * 2, high * header.cloud * 2];
  for (let index = 0; index < header.cloud; index++) {
    const at = (offset) => (1 - share) * cloud[from + 2 * index + offset] + share * cloud[to + 2 * index + offset];
    dot(at(0), at(1));
  }
  context.restore();
}
