// Drawing the two pictures of a film: codes on the latent plane, and what fixed codes decode to.
// canvas.js and axes.js are put before this file.

const GAP = 3; // CSS pixels between two images
const RADIUS = 2.7; // CSS pixels, of a marker

// The codes of one moment; `places` are (M, 2) in turn, `alone` the one class to see, or −1 for all. Returns the scale.
function drawCodes(canvas, codes, places, extent, alone, look) {
  const { context, width, height } = prepared(canvas);
  if (!width) return null;
  const range = [-extent, extent];
  const up = { range, title: codes.axes[1], ticks: codes.lines ? [] : undefined }; // of one axis alone there is no height
  const scale = drawAxes(context, { x: { range, title: codes.axes[0] }, y: up, plane: true }, width, height, look);
  const { x, y } = scale;
  clipTo(context, scale.box);
  drawPrior(context, codes, scale, look);
  for (const [index, one] of codes.classes.entries()) {
    context.globalAlpha = alone < 0 || alone === index ? codes.opacity : 0.1;
    context.fillStyle = one.colour;
    context.beginPath();
    for (let at = 0; at < codes.labels.length; at++) {
      if (codes.labels[at] !== index) continue;
      const [a, b] = [x(places[2 * at]), y(places[2 * at + 1])];
      for (let corner = 0; corner < one.corners.length; corner += 2) {
        const [p, q] = [a + RADIUS * one.corners[corner], b - RADIUS * one.corners[corner + 1]];
        if (corner) context.lineTo(p, q);
        else context.moveTo(p, q);
      }
      context.closePath();
    }
    context.fill();
  }
  context.globalAlpha = 1;
  writeShares(context, codes, scale, look);
  context.restore();
  return scale;
}

function drawPrior(context, codes, { x, y, box }, look) {
  context.strokeStyle = look.prior;
  context.lineWidth = 1.5;
  context.setLineDash([2, 3]);
  for (const [, radius] of codes.radii) {
    if (codes.lines) for (const at of [-radius, radius]) strokeLine(context, x(at), box.top, x(at), box.bottom);
    else {
      context.beginPath();
      context.arc(x(0), y(0), x(radius) - x(0), 0, 2 * Math.PI);
      context.stroke();
    }
  }
  context.setLineDash([]);
}

// The share of the prior that each contour holds, over the points, with a rim of the page's colour.
function writeShares(context, codes, { x, y, box }, look) {
  context.font = `600 ${look.small}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = look.prior;
  for (const [share, radius] of codes.radii) {
    if (x(radius) - x(0) < 24) continue;
    const place = codes.lines ? [x(radius) + 1.2 * look.small, box.top + 1.2 * look.small] : [x(0), y(radius) - 1];
    haloed(context, share, ...place, look);
  }
}

// Decoded points among the data: joined along the grid's rows and columns, or as dots where there is no grid.
function drawPlane(canvas, plane, data, places, look) {
  const { context, width, height } = prepared(canvas);
  if (!width) return;
  const [across, up] = plane.window;
  const axes = { x: { range: across, title: "x₁" }, y: { range: up, title: "x₂" }, plane: true };
  const scale = drawAxes(context, axes, width, height, look);
  clipTo(context, scale.box);
  drawDots(context, data, scale, 1.6, look.data, 0.45);
  if (plane.mesh) drawMesh(context, plane.mesh, places, scale, look);
  else drawDots(context, places, scale, 3, look.decoded, 0.9);
  context.restore();
}

// The decoded grid, joined along its rows and columns.
function drawMesh(context, side, places, { x, y }, look) {
  context.strokeStyle = look.prior;
  context.lineWidth = 1.25;
  context.beginPath();
  for (const [along, across] of [[1, side], [side, 1]]) {
    for (let row = 0; row < side; row++) {
      for (let index = 0; index < side; index++) {
        const at = 2 * (row * across + index * along);
        if (index) context.lineTo(x(places[at]), y(places[at + 1]));
        else context.moveTo(x(places[at]), y(places[at + 1]));
      }
    }
  }
  context.stroke();
}

function drawDots(context, places, { x, y }, radius, colour, alpha) {
  context.fillStyle = colour;
  context.globalAlpha = alpha;
  context.beginPath();
  for (let at = 0; at < places.length; at += 2) {
    const [a, b] = [x(places[at]), y(places[at + 1])];
    context.moveTo(a + radius, b);
    context.arc(a, b, radius, 0, 2 * Math.PI);
  }
  context.fill();
  context.globalAlpha = 1;
}

// The images of one frame in rows: whole device pixels for each of theirs, so that all are squares of one size.
function drawSheet(canvas, sheet, strip) {
  const density = window.devicePixelRatio || 1;
  const { count, columns, width, height } = sheet;
  const rows = Math.ceil(count / columns);
  const room = Math.floor(canvas.parentElement.clientWidth * density);
  // Gaps give way before images do: first the largest factor with the thinnest gaps, then gaps as wide as there is room.
  const thin = columns - 1;
  const factor = Math.floor((room - thin) / (columns * width));
  const left = Math.floor((room - factor * columns * width) / Math.max(1, thin));
  const gap = factor >= 1 ? Math.max(1, Math.min(Math.round(GAP * density), left)) : 1;
  const available = room - thin * gap;
  if (available <= 0) return;
  // Too narrow even for one device pixel each: shrink, in proportion, rather than run over the edge.
  const cell = factor >= 1 ? [factor * width, factor * height] : [Math.max(1, Math.floor(available / columns))];
  if (factor < 1) cell.push(Math.max(1, Math.round((cell[0] * height) / width)));
  const size = [columns * (cell[0] + gap) - gap, rows * (cell[1] + gap) - gap];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
    [canvas.style.width, canvas.style.height] = size.map((pixels) => `${pixels / density}px`);
    canvas.style.aspectRatio = "auto";
  }
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, ...size);
  context.imageSmoothingEnabled = factor < 1;
  for (let index = 0; index < count; index++) {
    const place = [(index % columns) * (cell[0] + gap), Math.floor(index / columns) * (cell[1] + gap)];
    context.drawImage(strip, 0, index * height, width, height, ...place, ...cell);
  }
}
