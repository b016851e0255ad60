// Drawing the plane: what stays (tiles, axes, contours, codes, ellipses) on the lower canvas, the place on the upper.
// canvas.js, axes.js, normal.js and notes.js are put before this file.

function drawCodes(context, explorer, scale, look) {
  const { header, means } = explorer;
  const radius = header.mosaic ? 2.1 : header.count > 800 ? 2.6 : 3.2;
  context.globalAlpha = header.opacity;
  for (let index = 0; index < header.count; index++) {
    const which = header.classes[index];
    context.fillStyle = colourOf(look, which);
    traceMarker(context, markerOf(look, which), scale.x(means[2 * index]), scale.y(means[2 * index + 1]), radius);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawEllipses(context, explorer, scale, look) {
  context.strokeStyle = look.posterior;
  context.globalAlpha = 0.75;
  context.lineWidth = 1.25;
  explorer.header.rows.forEach((row, index) => {
    const centre = [explorer.means[2 * row], explorer.means[2 * row + 1]];
    traceRound(context, scale, centre, [explorer.deviations[2 * index], explorer.deviations[2 * index + 1]]);
    context.stroke();
  });
  context.globalAlpha = 1;
}

// Grey or coloured means (C, H, W) into the bytes of an ImageData, at a corner of it.
function fillPicture(picture, values, [channels, height, width], left, top) {
  const area = height * width;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const to = 4 * ((top + row) * picture.width + left + column);
      for (let colour = 0; colour < 3; colour++) {
        const value = values[(channels === 3 ? colour * area : 0) + row * width + column];
        picture.data[to + colour] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
      picture.data[to + 3] = 255;
    }
  }
}

// The plane covered with what the middle of each tile decodes to; made anew only for another decoder or plane.
function mosaicOf(explorer) {
  const { header, decoder } = explorer;
  const { tiles } = header;
  const text = JSON.stringify([header.decoder, header.base, header.axes, header.extent, header.map, tiles]);
  if (explorer.mosaic?.text === text) return explorer.mosaic.canvas;
  const [, height, width] = decoder.shape;
  const picture = new ImageData(tiles * width, tiles * height);
  for (let row = 0; row < tiles; row++) {
    for (let column = 0; column < tiles; column++) {
      const place = [tileMiddle(header, column), -tileMiddle(header, row)];
      fillPicture(picture, decoder.decode(codeAt(explorer, place), place), decoder.shape, column * width, row * height);
    }
  }
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  explorer.mosaic = { text, canvas };
  return canvas;
}

function drawUnder(explorer) {
  const { context, width, height } = prepared(explorer.under);
  if (!width) return;
  const { header } = explorer;
  const look = (explorer.look = lookOf(explorer.root, explorer.header.colours));
  const [range, { map }] = [[-header.extent, header.extent], header];
  const ticks = map === "normal" ? [-2, -1, 0, 1, 2].map((value) => [value, number(value, 0)]) : undefined;
  const [across, up] = header.axis_names.map((title) => ({ range, title, map, ticks }));
  const scale = (explorer.scale = drawAxes(context, { x: across, y: up, plane: true }, width, height, look));
  const { box } = scale;
  clipTo(context, box);
  const tiled = header.mosaic && explorer.decoder?.shape.length === 3;
  if (tiled) {
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(mosaicOf(explorer), box.left, box.top, box.right - box.left, box.bottom - box.top);
  }
  if (header.field) drawField(context, explorer, scale, look);
  if (header.dots) drawCodes(context, explorer, scale, look);
  if (tiled && header.regions) drawBorders(context, explorer, scale, look);
  const ringed = header.prior && map === "linear";
  if (ringed) drawPrior(context, scale, look);
  drawEllipses(context, explorer, scale, look);
  if (header.path) drawPath(context, explorer, scale, look);
  drawNames(context, explorer, scale, look);
  if (ringed) namePrior(context, scale, look);
  context.restore();
}

// Where z is, what lies nearest to it, and, while the pointer is elsewhere, where it was at rest.
function drawOver(explorer, nearest) {
  const { context, width } = prepared(explorer.over);
  const { scale, look, place, settled, means, header } = explorer;
  if (!width || !scale) return;
  const { box } = scale;
  const inside = (value) => Math.min(header.extent, Math.max(-header.extent, value));
  const [x, y] = [scale.x(inside(place[0])), scale.y(inside(place[1]))];
  const ring = (at, radius, colour, thick) => {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    context.arc(...at, radius, 0, FULL);
    context.stroke();
  };
  context.strokeStyle = look.text;
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  strokeLine(context, box.left, y, box.right, y);
  strokeLine(context, x, box.top, x, box.bottom);
  context.globalAlpha = 1;
  clipTo(context, box);
  if (header.dots) {
    const at = [scale.x(means[2 * nearest.index]), scale.y(means[2 * nearest.index + 1])];
    ring(at, 7, look.background, 4);
    ring(at, 7, look.text, 1.75);
  }
  context.restore();
  if (settled[0] !== place[0] || settled[1] !== place[1]) {
    ring([scale.x(inside(settled[0])), scale.y(inside(settled[1]))], 6, look.decoded, 1.5);
  }
  context.fillStyle = look.decoded;
  context.beginPath();
  context.arc(x, y, 6.5, 0, FULL);
  context.fill();
  ring([x, y], 6.5, look.background, 2);
}
