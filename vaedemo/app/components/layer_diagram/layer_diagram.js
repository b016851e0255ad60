// A network as its layers from left to right (or, where it is narrow, from top to bottom): each a picture with one
// square a number, all squares of one size, and between two layers the weights that lead from one to the next.
// The data are bytes: a little-endian length (4 bytes), that many bytes of JSON, then each picture's RGBA bytes.

const NARROW = 34; // widths below this many times the type size are drawn from top to bottom
const LARGEST_CELL = 7; // CSS pixels

export default function (component) {
  const diagram = lifeOf(component, ".diagram", create);
  if (!diagram) return undefined;
  receive(diagram, component.data);
  draw(diagram);
  return diagram.leave;
}

function create(root) {
  const diagram = { root, canvas: root.querySelector("canvas"), width: 0 };
  diagram.release = repaintFor([root], () => draw(diagram));
  return diagram;
}

function receive(diagram, data) {
  const [{ label, layers, neutral }, pictures] = opened(data);
  let from = 0;
  diagram.layers = layers.map((layer) => {
    const size = 4 * layer.width * layer.height;
    const image = new ImageData(new Uint8ClampedArray(pictures.slice(from, from + size)), layer.width, layer.height);
    from += size;
    const picture = new OffscreenCanvas(layer.width, layer.height);
    picture.getContext("2d").putImageData(image, 0, 0);
    return { ...layer, picture };
  });
  diagram.neutral = neutral;
  diagram.root.setAttribute("aria-label", label);
}

function draw(diagram) {
  const { root, canvas, layers, neutral } = diagram;
  if (!root.clientWidth || !layers) return;
  diagram.width = root.clientWidth;
  const look = lookOf(root, { neutral });
  const across = root.clientWidth >= NARROW * look.small;
  const plan = across ? planAcross(layers, root.clientWidth, look) : planDown(layers, root.clientWidth, look);
  canvas.style.height = `${plan.height}px`;
  const { context } = prepared(canvas);
  context.imageSmoothingEnabled = false;
  if (across) for (let index = 1; index < layers.length; index++) funnel(context, plan, layers, index, look);
  layers.forEach((layer, index) => {
    const { left, top, cell } = plan.places[index];
    context.drawImage(layer.picture, left, top, layer.width * cell, layer.height * cell);
    words(context, layer, plan.places[index], plan, across, look);
  });
}

// The side of a number's square: whole pixels where they have room.
function cellFor(room, cells) {
  const cell = Math.min(LARGEST_CELL, room / cells);
  return cell >= 2 ? Math.floor(cell) : Math.max(cell, 0.5);
}

function planAcross(layers, width, look) {
  const columns = layers.reduce((sum, layer) => sum + layer.width, 0);
  const steps = layers.length - 1;
  const cell = cellFor(width - steps * look.small * 5.2, columns);
  const gap = Math.min((width - columns * cell) / steps, look.small * 13);
  const tallest = Math.max(...layers.map((layer) => layer.height)) * cell;
  const top = 2;
  let left = Math.max(0, (width - columns * cell - steps * gap) / 2);
  const places = layers.map((layer) => {
    const place = { left: Math.round(left), top: Math.round(top + (tallest - layer.height * cell) / 2), cell };
    left += layer.width * cell + gap;
    return place;
  });
  return { places, cell, below: top + tallest, height: top + tallest + look.small * 5, width };
}

function planDown(layers, width, look) {
  const widest = Math.max(...layers.map((layer) => layer.width));
  const cell = cellFor(0.42 * width, widest);
  let top = 0;
  const places = layers.map((layer) => {
    const place = { left: 0, top, cell };
    top += Math.max(layer.height * cell, look.small * 5.4) + look.small;
    return place;
  });
  return { places, cell, height: top, textLeft: widest * cell + look.small, width };
}

// What leads from one layer to the next: as wide at its ends as they are, and how many weights it has.
function funnel(context, plan, layers, index, look) {
  const [before, after] = [plan.places[index - 1], plan.places[index]];
  const right = before.left + layers[index - 1].width * plan.cell + 3;
  context.globalAlpha = 0.16;
  context.fillStyle = look.neutral;
  context.beginPath();
  context.moveTo(right, before.top);
  context.lineTo(after.left - 3, after.top);
  context.lineTo(after.left - 3, after.top + layers[index].height * plan.cell);
  context.lineTo(right, before.top + layers[index - 1].height * plan.cell);
  context.closePath();
  context.fill();
  context.globalAlpha = 1;
  context.font = `${look.small}px ${look.font}`;
  context.fillStyle = look.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const middle = before.top + (layers[index - 1].height * plan.cell) / 2;
  context.fillText(layers[index].parameters, (right + after.left) / 2, middle);
}

function words(context, layer, place, plan, across, look) {
  const lines = [[layer.title, "600", look.text], ...layer.lines.map((text) => [text, "400", look.faint])];
  if (!across && layer.parameters) lines.push([`${layer.parameters} parameters`, "400", look.faint]);
  context.textBaseline = "top";
  context.textAlign = across ? "center" : "left";
  const middle = place.left + (layer.width * place.cell) / 2;
  lines.forEach(([text, weight, ink], row) => {
    context.font = `${weight} ${look.small}px ${look.font}`;
    context.fillStyle = ink;
    const half = context.measureText(text).width / 2;
    const x = across ? Math.min(Math.max(middle, half), plan.width - half) : plan.textLeft;
    const y = across ? plan.below + look.small * (0.6 + 1.35 * row) : place.top + 1.35 * look.small * row;
    context.fillText(text, x, y);
  });
}
