// What is written and drawn over the plane: circles of the prior, borders between regions, names, a path, a field.
// canvas.js, axes.js and marks.js are put before this file.

const PRIOR_RADII = [1, 2, 3];
const CIRCLE_PARTS = 72;
const NAMED_AT = Math.PI / 6;

// A closed curve around a place, with these half axes; on uneven axes it is bent.
function traceRound(context, scale, [x, y], [across, up]) {
  context.beginPath();
  for (let part = 0; part < CIRCLE_PARTS; part++) {
    const angle = (part / CIRCLE_PARTS) * FULL;
    context.lineTo(scale.x(x + across * Math.cos(angle)), scale.y(y + up * Math.sin(angle)));
  }
  context.closePath();
}

function drawPrior(context, scale, look) {
  context.strokeStyle = look.prior;
  context.lineWidth = 2;
  context.setLineDash([2, 4]);
  for (const radius of PRIOR_RADII) {
    traceRound(context, scale, [0, 0], [radius, radius]);
    context.stroke();
  }
  context.setLineDash([]);
}

// Each circle is named to the upper right, off both axes.
function namePrior(context, scale, look) {
  const [across, up] = [Math.cos(NAMED_AT), Math.sin(NAMED_AT)];
  for (const radius of PRIOR_RADII) writeOver(context, `${radius} sd`, scale.x(radius * across), scale.y(radius * up), look);
}

// Words with a halo, so that nothing strikes them through.
function writeOver(context, text, x, y, look) {
  context.font = `${look.small}px ${look.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = look.text;
  haloed(context, text, x, y, look);
}

// Names of regions or clusters, each on a plate of the page's colour that lies wholly in the plane.
function drawNames(context, { header }, scale, look) {
  const { box } = scale;
  for (const [x, y, text] of header.labels) {
    const size = 1.15 * look.small;
    context.font = `700 ${size}px ${look.font}`;
    const [wide, high] = [Math.max(context.measureText(text).width + 0.5 * size, 1.35 * size), 1.35 * size];
    const left = Math.min(Math.max(scale.x(x) - wide / 2, box.left + 1), box.right - wide - 1);
    const top = Math.min(Math.max(scale.y(y) - high / 2, box.top + 1), box.bottom - high - 1);
    context.beginPath();
    context.roundRect(left, top, wide, high, high / 2);
    context.fillStyle = look.background;
    context.fill();
    context.strokeStyle = look.text;
    context.lineWidth = 1.5;
    context.stroke();
    context.fillStyle = look.text;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, left + wide / 2, top + high / 2 + 0.05 * size);
  }
}

// A line wherever two neighbouring tiles show different classes; `regions` has the classes row by row from the top.
function drawBorders(context, { header }, { box }, look) {
  const { tiles, regions } = header;
  const [wide, high] = [(box.right - box.left) / tiles, (box.bottom - box.top) / tiles];
  const at = (row, column) => regions[row * tiles + column];
  context.beginPath();
  for (let row = 0; row < tiles; row++) {
    for (let column = 0; column < tiles; column++) {
      const [left, top] = [box.left + column * wide, box.top + row * high];
      if (column && at(row, column) !== at(row, column - 1)) {
        context.moveTo(left, top);
        context.lineTo(left, top + high);
      }
      if (row && at(row, column) !== at(row - 1, column)) {
        context.moveTo(left, top);
        context.lineTo(left + wide, top);
      }
    }
  }
  for (const [colour, thick] of [["#000", 5], [look.decoded, 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.stroke();
  }
}

// A straight path of z, with the places whose images stand in the strip.
function drawPath(context, { header }, scale, look) {
  const [places, radius] = [header.path, 0.32 * look.small];
  for (const [colour, thick] of [[look.background, 6], [look.text, 3]]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    places.forEach(([x, y]) => context.lineTo(scale.x(x), scale.y(y)));
    context.stroke();
  }
  for (const [x, y] of places) {
    traceMarker(context, "circle", scale.x(x), scale.y(y), radius);
    context.fillStyle = look.decoded;
    context.fill();
    context.strokeStyle = look.background;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

// Shares from 0 to 1 at the nodes of an even grid, the lowest row first, as a fog of the decoder's colour.
function drawField(context, { header, field }, { box }, look) {
  const side = header.field;
  const picture = new ImageData(side, side);
  context.fillStyle = look.decoded;
  const ink = [1, 3, 5].map((start) => parseInt(context.fillStyle.slice(start, start + 2), 16));
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const to = 4 * ((side - 1 - row) * side + column);
      picture.data.set([...ink, 255 * field[row * side + column]], to);
    }
  }
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(picture, 0, 0);
  const half = [(box.right - box.left) / (side - 1) / 2, (box.bottom - box.top) / (side - 1) / 2];
  context.imageSmoothingEnabled = true;
  context.drawImage(small, box.left - half[0], box.top - half[1], box.right - box.left + 2 * half[0], box.bottom - box.top + 2 * half[1]);
}
