// The latent plane and its decoder: state, frames, the decoded picture, the words. The data are bytes: a
// little-endian length (4 bytes), that many bytes of JSON, then float32, as the module packs them.
// canvas.js, axes.js, life.js and the other scripts of this folder are put before this file. The decoder is fetched by the address in the header.

export default function (component) {
  const explorer = lifeOf(component, ".explorer", create);
  if (!explorer) return undefined;
  explorer.tell = (place) => component.setTriggerValue("settled", place);
  receive(explorer, component.data);
  return explorer.leave;
}

function create(root) {
  const explorer = { root, place: [0, 0], settled: [0, 0], told: [], known: "", words: "", frames: 0, drawn: "" };
  for (const name of ["plane", "under", "over", "legend", "title", "picture", "backdrop", "image", "readout", "hint", "spoken"]) {
    explorer[name] = root.querySelector(`.${name}`);
  }
  explorer.repaint = () => explorer.header && request(explorer, true);
  const end = repaintFor([root], explorer.repaint);
  explorer.release = () => {
    clearTimeout(explorer.timer);
    cancelAnimationFrame(explorer.requested);
    end();
  };
  listen(explorer);
  return explorer;
}

function receive(explorer, data) {
  const [header, body] = opened(data);
  const numbers = new Float32Array(body.slice().buffer);
  let at = 0;
  const take = (count) => numbers.subarray(at, (at += count));
  explorer.header = header;
  explorer.means = take(2 * header.count);
  explorer.offPlane = take(header.count);
  explorer.deviations = take(2 * header.rows.length);
  explorer.points = take(2 * header.data);
  explorer.field = take(header.field ** 2);
  explorer.root.classList.toggle("covered", !header.decoder);
  explorer.root.style.setProperty("--size", `${header.size}rem`);
  explorer.plane.setAttribute("aria-label", header.label);
  explorer.hint.textContent = matchMedia("(hover: hover)").matches
    ? "Move the pointer over the plane; where it rests, z stays. Arrow keys work too."
    : "Drag a finger over the plane.";
  // The page's place counts when the page changed it, not when it only repeats what this component told it.
  const text = JSON.stringify(header.place);
  const echo = explorer.told.indexOf(text);
  if (echo >= 0) explorer.told.splice(0, echo + 1);
  else if (text !== explorer.known) {
    clearTimeout(explorer.timer);
    explorer.place = explorer.settled = header.place;
  }
  explorer.known = text;
  writeLegend(explorer);
  fetchDecoder(explorer);
  request(explorer, true);
}

async function fetchDecoder(explorer) {
  const { decoder: address } = explorer.header;
  if (address === explorer.asked) return;
  explorer.asked = address;
  explorer.decoder = null;
  explorer.mosaic = null;
  if (!address) return; // nothing is decoded while a question is open
  try {
    const [header, values] = opened(await fetched(address));
    if (address !== explorer.asked) return; // another decoder was asked for meanwhile
    explorer.decoder = makeDecoder({ header, values: values.slice().buffer });
  } catch (error) {
    explorer.asked = null;
    explorer.hint.textContent = `The decoder could not be loaded (${error.message}). Reload the page.`;
  }
  request(explorer, true);
}

// At most one frame is drawn for each of the screen's, whatever came in between.
function request(explorer, everything = false) {
  explorer.stale ||= everything;
  explorer.requested ??= requestAnimationFrame(() => {
    explorer.requested = null;
    if (explorer.stale) {
      drawUnder(explorer);
      layOut(explorer);
    }
    explorer.stale = false;
    drawFrame(explorer);
    explorer.root.dataset.frames = ++explorer.frames;
  });
}

function codeAt(explorer, place) {
  const z = Float64Array.from(explorer.header.base);
  explorer.header.axes.forEach((axis, index) => (z[axis] = place[index]));
  return z;
}

function drawFrame(explorer) {
  const nearest = nearestMean(explorer);
  const z = codeAt(explorer, explorer.place);
  drawOver(explorer, nearest);
  write(explorer, z, nearest);
  if (!explorer.decoder) return;
  // What is on show, for whoever wants to read it: the code and the mean that it decodes to.
  explorer.root.shown = { place: explorer.place, mean: explorer.decoder.decode(z, explorer.place) };
  if (explorer.decoder.shape.length === 3) paintImage(explorer);
  else paintPoint(explorer);
}

function nearestMean({ header, means, offPlane, place }) {
  let [index, least] = [0, Infinity];
  for (let each = 0; each < header.count; each++) {
    const [x, y] = [means[2 * each] - place[0], means[2 * each + 1] - place[1]];
    const square = x * x + y * y + offPlane[each];
    if (square < least) [index, least] = [each, square];
  }
  return { index, distance: Math.sqrt(least) };
}

// The decoded image's canvas has the image's own pixels; the browser enlarges them, sharp and by a whole number.
function layOut(explorer) {
  const { decoder, image, backdrop, picture, header } = explorer;
  if (!decoder) return;
  const density = window.devicePixelRatio || 1;
  const isImage = decoder.shape.length === 3;
  const [height, width] = isImage ? decoder.shape.slice(1) : [1, 1];
  const room = picture.clientWidth;
  const factor = Math.max(1, Math.floor(Math.min(room, header.zoom * width) * density / width)) / density;
  const size = isImage ? [factor * width, factor * height] : [Math.min(room, 392), Math.min(room, 392)];
  explorer.title.textContent = isImage ? "Decoded: the mean of p(x|z)" : "Decoded: where z lands in the data";
  backdrop.hidden = isImage;
  for (const canvas of [image, backdrop]) {
    canvas.style.width = `${size[0]}px`;
    canvas.style.height = `${size[1]}px`;
  }
  if (isImage) [image.width, image.height] = [width, height];
  else drawBackdrop(explorer, size[0]);
}

function paintImage({ decoder, image, header }) {
  const [, height, width] = decoder.shape;
  const picture = new ImageData(width, height);
  fillPicture(picture, decoder.output, decoder.shape, 0, 0);
  image.getContext("2d").putImageData(picture, 0, 0);
  if (!image.hasAttribute("aria-label")) image.setAttribute("aria-label", `What the decoder makes of z: ${header.label}`);
}

function drawBackdrop(explorer, side) {
  const { context } = prepared(explorer.backdrop);
  const { points, look } = explorer;
  const extent = 1.12 * points.reduce((most, each) => Math.max(most, Math.abs(each)), 0.5);
  const range = [-extent, extent];
  const box = { left: 1, right: side - 1, top: 1, bottom: side - 1 };
  explorer.dataScale = scaleOf({ x: { range }, y: { range } }, box);
  context.strokeStyle = look.neutral;
  context.globalAlpha = 0.4;
  context.strokeRect(0.5, 0.5, side - 1, side - 1);
  context.globalAlpha = 0.55;
  context.fillStyle = look.data;
  for (let index = 0; index < points.length; index += 2) {
    traceMarker(context, "circle", explorer.dataScale.x(points[index]), explorer.dataScale.y(points[index + 1]), 2);
    context.fill();
  }
}

function paintPoint(explorer) {
  const { context } = prepared(explorer.image);
  const { decoder, dataScale, look } = explorer;
  traceMarker(context, "circle", dataScale.x(decoder.output[0]), dataScale.y(decoder.output[1]), 8);
  context.fillStyle = look.decoded;
  context.fill();
  context.strokeStyle = look.background;
  context.lineWidth = 2;
  context.stroke();
}

const number = (value, digits) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");

function write(explorer, z, nearest) {
  const { header, place } = explorer;
  const square = z.reduce((sum, each) => sum + each * each, 0);
  const lines = [["z", `(${place.map((each) => number(each, 2)).join(", ")})`], ["‖z‖", number(Math.sqrt(square), 2)]];
  if (header.prior) {
    lines.push(["log p(z)", `${number(-0.5 * (square + z.length * Math.log(2 * Math.PI)), 2)} nats`]);
  }
  const name = header.names[header.classes[nearest.index]];
  if (header.dots) lines.push(["Nearest", `${name}, at ${number(nearest.distance, 2)}`]);
  explorer.words = lines.map(([label, value]) => `${label}: ${value}`).join("; ");
  const cells = explorer.readout.querySelectorAll("dd");
  if (cells.length === lines.length) lines.forEach(([, value], index) => (cells[index].textContent = value));
  else {
    explorer.readout.replaceChildren(
      ...lines.flatMap(([label, value]) => {
        const pair = [document.createElement("dt"), document.createElement("dd")];
        [pair[0].textContent, pair[1].textContent] = [label, value];
        return pair;
      }),
    );
  }
}

function writeLegend(explorer) {
  const { header } = explorer;
  const look = lookOf(explorer.root, explorer.header.colours);
  const lines = [];
  if (header.rows.length) lines.push([`q(z|x) of ${header.rows.length} codes, 1 sd`, "posterior"]);
  const names = header.legend ? header.names : [];
  const text = JSON.stringify([names, lines]);
  if (text === explorer.written) return;
  explorer.written = text;
  const entry = (mark, name) => {
    const element = document.createElement("span");
    element.append(mark, name);
    return element;
  };
  explorer.legend.replaceChildren(
    ...names.map((name, index) => {
      const mark = document.createElement("canvas");
      drawMark(mark, look, index);
      return entry(mark, name);
    }),
    ...lines.map(([name, role]) => {
      const mark = document.createElement("i");
      mark.className = role;
      mark.style.setProperty("--ink", look[role]);
      return entry(mark, name);
    }),
  );
}
