// The layers of a plot, each drawn by its kind. canvas.js and axes.js are put before this file.

function inkOf(layer, look) {
  return layer.color === "text" ? look.text : layer.color;
}

// A colour in any CSS form as [red, green, blue].
function channels(context, colour) {
  context.fillStyle = colour;
  const ink = context.fillStyle; // now as #rrggbb, or rgba(…) where it is translucent
  if (ink[0] !== "#") return ink.match(/[\d.]+/g).slice(0, 3).map(Number);
  return [1, 3, 5].map((start) => parseInt(ink.slice(start, start + 2), 16));
}

const dashes = { dashed: [7, 5], dotted: [2, 4], solid: [] };

function stroke(context, layer, look) {
  context.strokeStyle = inkOf(layer, look);
  context.lineWidth = layer.width ?? 2;
  context.setLineDash(dashes[layer.dash ?? "solid"]);
  context.lineJoin = "round";
  context.stroke();
  context.setLineDash([]);
}

// What is no number comes as null in a short list and as NaN in a long one.
function isGap(value) {
  return value === null || Number.isNaN(value);
}

const drawLayer = {
  line(context, layer, scale, look) {
    context.beginPath();
    let pen = false;
    layer.x.forEach((x, index) => {
      const y = layer.y[index];
      if (isGap(x) || isGap(y)) pen = false;
      else if (pen) context.lineTo(scale.x(x), scale.y(y));
      else {
        context.moveTo(scale.x(x), scale.y(y));
        pen = true;
      }
    });
    if (layer.fill) {
      const before = context.globalAlpha;
      context.globalAlpha = layer.fill;
      context.fillStyle = inkOf(layer, look);
      context.fill();
      context.globalAlpha = before;
    }
    stroke(context, layer, look);
  },
  band(context, layer, scale, look) {
    context.beginPath();
    layer.x.forEach((x, index) => context.lineTo(scale.x(x), scale.y(layer.high[index])));
    for (let index = layer.x.length - 1; index >= 0; index--) context.lineTo(scale.x(layer.x[index]), scale.y(layer.low[index]));
    context.closePath();
    context.fillStyle = inkOf(layer, look);
    context.fill();
  },
  dots(context, layer, scale, look) {
    context.fillStyle = inkOf(layer, look);
    context.strokeStyle = look.background;
    context.lineWidth = 1.5;
    layer.x.forEach((x, index) => {
      context.beginPath();
      context.arc(scale.x(x), scale.y(layer.y[index]), layer.r[index] ?? layer.r, 0, 2 * Math.PI);
      context.fill();
      if (layer.rim) context.stroke();
    });
  },
  spread(context, layer, scale, look) {
    context.beginPath();
    layer.x.forEach((x, index) => {
      context.moveTo(scale.x(x), scale.y(layer.low[index]));
      context.lineTo(scale.x(x), scale.y(layer.high[index]));
    });
    stroke(context, layer, look);
  },
  bar(context, layer, scale, look) {
    const [left, right] = layer.x.map((x) => Math.min(Math.max(scale.x(x), scale.box.left), scale.box.right));
    const [bottom, top] = layer.y.map(scale.y);
    context.fillStyle = inkOf(layer, look);
    context.fillRect(Math.min(left, right), top, Math.abs(right - left), bottom - top);
  },
  level(context, layer, scale, look) {
    context.beginPath();
    context.moveTo(scale.box.left, scale.y(layer.at));
    context.lineTo(scale.box.right, scale.y(layer.at));
    stroke(context, layer, look);
  },
  upright(context, layer, scale, look) {
    context.beginPath();
    context.moveTo(scale.x(layer.at), scale.box.top);
    context.lineTo(scale.x(layer.at), scale.box.bottom);
    stroke(context, layer, look);
  },
  words(context, layer, scale, look) {
    context.font = `${layer.bold ? "600 " : ""}${look.small}px ${look.font}`;
    const inks = [inkOf(layer, look), look.background, look.text].map((colour) => channels(context, colour));
    context.fillStyle = `rgb(${legible(...inks)})`;
    const size = context.measureText(layer.text).width;
    const room = 3;
    const start = scale.x(layer.x) + (layer.shift ?? 0) - size * { left: 0, center: 0.5, right: 1 }[layer.align ?? "left"];
    const at = Math.min(Math.max(start, scale.box.left + room), scale.box.right - room - size);
    context.textAlign = "left";
    context.textBaseline = layer.baseline ?? "middle";
    context.strokeStyle = look.background; // a halo, so that no line strikes the letters through
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeText(layer.text, at, scale.y(layer.y));
    context.fillText(layer.text, at, scale.y(layer.y));
  },
  heat(context, layer, scale, look) {
    const [rows, columns] = layer.shape;
    const values = Uint8Array.from(atob(layer.values), (letter) => letter.charCodeAt(0));
    const picture = new ImageData(columns, rows);
    const pixels = picture.data;
    const [red, green, blue] = channels(context, inkOf(layer, look));
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const to = 4 * ((rows - 1 - row) * columns + column); // canvases count rows from the top
        pixels[to] = red;
        pixels[to + 1] = green;
        pixels[to + 2] = blue;
        pixels[to + 3] = values[row * columns + column] * layer.strength;
      }
    }
    const small = new OffscreenCanvas(columns, rows);
    small.getContext("2d").putImageData(picture, 0, 0);
    const step = [(layer.x[1] - layer.x[0]) / (columns - 1), (layer.y[1] - layer.y[0]) / (rows - 1)];
    const [left, right] = [scale.x(layer.x[0] - step[0] / 2), scale.x(layer.x[1] + step[0] / 2)];
    const [bottom, top] = [scale.y(layer.y[0] - step[1] / 2), scale.y(layer.y[1] + step[1] / 2)];
    context.imageSmoothingEnabled = true;
    context.drawImage(inShape(small, right - left, bottom - top), left, top, right - left, bottom - top);
    for (const level of layer.levels) {
      context.beginPath();
      traceContour(context, values, rows, columns, level, (column, row) => [
        scale.x(layer.x[0] + column * step[0]),
        scale.y(layer.y[0] + row * step[1]),
      ]);
      stroke(context, { ...layer, width: 1.25 }, look);
    }
  },
};

// A small picture as it is, or redrawn in the shape of its place: the plot does not stretch it then, also not on
// paper.
function inShape(small, width, height) {
  if (Math.abs((width * small.height) / (height * small.width) - 1) < 0.01) return small;
  const drawn = new OffscreenCanvas(Math.ceil(2 * width), Math.ceil(2 * height));
  drawn.getContext("2d").drawImage(small, 0, 0, drawn.width, drawn.height);
  return drawn;
}

// The curve along which gridded values equal a level, cell by cell (marching squares, linear between nodes).
function traceContour(context, values, rows, columns, level, place) {
  const height = level + 0.5;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const first = values[at] > height;
      const [right, up] = [at + 1, at + columns];
      // Nearly all cells lie wholly on one side.
      if (first === values[right] > height && first === values[up] > height && first === values[up + 1] > height) continue;
      const heights = [values[at], values[right], values[up + 1], values[up]];
      const above = heights.map((value) => value > height);
      const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
      let pen = false;
      for (let side = 0; side < 4; side++) {
        const next = (side + 1) % 4;
        if (above[side] === above[next]) continue;
        const share = (height - heights[side]) / (heights[next] - heights[side]);
        const [from, to] = [corners[side], corners[next]];
        const cut = place(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]));
        if (pen) context.lineTo(...cut);
        else context.moveTo(...cut);
        pen = !pen;
      }
    }
  }
}
