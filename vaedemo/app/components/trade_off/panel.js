// One panel of the trade-off: a slider along β, the codes on the plane, pictures or a cloud of points. It shows one
// model; a place is its number. canvas.js and axes.js are put before this file.

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
  const letter = make("span", "name", head);
  const panel = { root, name, letter: single ? null : letter, beta: make("span", "beta", head), line: make("span", "line", head) };
  panel.slider = make("input", "slide", root);
  Object.assign(panel.slider, { type: "range", min: 0, step: 1 });
  panel.slider.setAttribute("aria-label", single ? "β" : `β of panel ${name}`);
  panel.plane = make("canvas", "plane", root);
  panel.plane.setAttribute("role", "img");
  panel.rest = make("div", "rest", root);
  return panel;
}

function drawPlane(panel, board, place, before, look) {
  const { header } = board;
  const { context, width, height } = prepared(panel.plane);
  if (!width) return;
  const axes = planeOf(header.reaches[place], "z₁", "z₂");
  // The row below the plane names the circle; the ticks beside it hold for both axes.
  axes.x.ticks = ticksBetween(...axes.x.range, 4).map(([value]) => [value, ""]);
  const scale = drawAxes(context, axes, width, height, look);
  nameCircle(context, header, scale, look);
  clipTo(context, scale.box);
  if (before !== place) drawCodes(context, board, before, scale, () => header.colours.neutral, 0.35);
  const classes = header.colours.classes;
  drawCodes(context, board, place, scale, (index) => classes[header.labels[index] % classes.length], header.opacity);
  context.globalAlpha = 1;
  context.strokeStyle = header.colours.prior;
  for (const radius of header.circles) {
    context.lineWidth = radius === header.circles.at(-1) ? 2 : 1;
    context.beginPath();
    context.arc(scale.x(0), scale.y(0), radius / scale.perPixel[0], 0, 2 * Math.PI);
    context.stroke();
  }
  context.fillStyle = look.text;
  context.font = `700 ${look.small}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [x, y, text] of header.classes[place] ?? []) haloed(context, text, scale.x(x), scale.y(y), look);
  context.restore();
}

function nameCircle(context, header, scale, look) {
  const radius = 0.36 * look.small;
  const middle = scale.box.bottom + 0.95 * look.small;
  context.lineWidth = 2;
  context.strokeStyle = header.colours.prior;
  context.beginPath();
  context.arc(radius + 4, middle, radius, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = look.text;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(header.circled, 2 * radius + 9, middle);
}

function drawCodes(context, { header, codes }, place, scale, inkOf, alpha) {
  context.globalAlpha = alpha;
  for (let index = 0; index < header.codes; index++) {
    const at = 2 * (place * header.codes + index);
    context.fillStyle = inkOf(index);
    context.fillRect(scale.x(codes[at]) - CODE, scale.y(codes[at + 1]) - CODE, 2 * CODE, 2 * CODE);
  }
}

function planeOf(reach, across, up) {
  const range = [-reach, reach];
  return { x: { range, title: across }, y: { range, title: up }, plane: true };
}

function buildRest(panel, header) {
  const strips = header.rows.map((row) => [row.title, "strip"]);
  if (header.data) strips.push(["random z, decoded", "plane cloud"]);
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
    const across = Math.min(count, row.across);
    Object.assign(panel.strips[index], { width: across * width, height: Math.ceil(count / across) * height });
  });
}

// Pictures at their own size; the browser enlarges them without smoothing.
function drawStrip(canvas, row, place) {
  const [owners, count, height, width] = row.shape;
  const picture = new ImageData(canvas.width, canvas.height);
  const size = height * width;
  const across = canvas.width / width;
  for (let index = 0; index < count; index++) {
    const from = ((owners === 1 ? 0 : place) * count + index) * size;
    const corner = Math.floor(index / across) * height * canvas.width + (index % across) * width;
    for (let pixel = 0; pixel < size; pixel++) {
      const at = 4 * (corner + Math.floor(pixel / width) * canvas.width + (pixel % width));
      picture.data.fill(row.pixels[from + pixel], at, at + 3);
      picture.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

function drawCloud(canvas, board, place, look) {
  const { header, cloud, data } = board;
  const { context, width, height } = prepared(canvas);
  if (!width) return;
  const reach = 1.15 * data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = drawAxes(context, planeOf(reach, "x₁", "x₂"), width, height, look);
  const dot = (x, y) => context.fillRect(scale.x(x) - POINT, scale.y(y) - POINT, 2 * POINT, 2 * POINT);
  clipTo(context, scale.box);
  context.globalAlpha = 0.35;
  context.fillStyle = header.colours.data;
  for (let index = 0; index < header.data; index++) dot(data[2 * index], data[2 * index + 1]);
  context.globalAlpha = 0.8;
  context.fillStyle = header.colours.reconstruction;
  for (let index = 0; index < header.cloud; index++) {
    const at = 2 * (place * header.cloud + index);
    dot(cloud[at], cloud[at + 1]);
  }
  context.restore();
}
