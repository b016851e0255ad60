// Drawing one plot on a canvas: axes with few thin lines, then the layers in their order, each by its kind.

function ticksOf(axis, parts) {
  return axis.ticks ?? ticksBetween(...axis.range, parts);
}

// Data coordinates to CSS pixels and back; where one unit must look alike on both axes, the roomier axis shows more.
function scaleOf(spec, box) {
  const ends = { x: [...spec.x.range], y: [...spec.y.range] };
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (spec.equal) {
    const unit = Math.min(width / (ends.x[1] - ends.x[0]), height / (ends.y[1] - ends.y[0]));
    for (const [axis, length] of [["x", width], ["y", height]]) {
      const middle = (ends[axis][0] + ends[axis][1]) / 2;
      ends[axis] = [middle - length / unit / 2, middle + length / unit / 2];
    }
  }
  const through = { x: spec.x.log ? Math.log10 : (value) => value, y: (value) => value };
  const [low, high] = ends.x.map(through.x);
  return {
    box,
    ends,
    x: (value) => box.left + ((through.x(value) - low) / (high - low)) * width,
    y: (value) => box.bottom - ((value - ends.y[0]) / (ends.y[1] - ends.y[0])) * height,
    perPixel: [(ends.x[1] - ends.x[0]) / width, (ends.y[1] - ends.y[0]) / height],
  };
}

function drawAxes(context, spec, width, height, look) {
  context.font = `${look.small}px ${look.font}`;
  const parts = Math.max(2, Math.min(6, Math.floor(height / (4 * look.small))));
  const box = { left: 2, right: width - 2, top: look.small * 1.9, bottom: height - look.small * 3.2 };
  const yTicks = ticksOf(spec.y, parts);
  const widest = Math.max(0, ...yTicks.map(([, text]) => context.measureText(text).width));
  if (yTicks.length) box.left = Math.ceil(widest) + look.small * 0.7;
  if (!spec.y.title) box.top = look.small * 0.7;
  let scale = scaleOf(spec, box);
  const axes = { x: { ...spec.x, range: scale.ends.x }, y: { ...spec.y, range: scale.ends.y } };
  const across = spec.x.log ? spec.x.ticks : ticksOf(axes.x, Math.max(2, Math.min(6, Math.floor(width / (5 * look.small)))));
  context.lineWidth = 1;
  context.strokeStyle = look.neutral;
  context.fillStyle = look.faint;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.globalAlpha = 1;
  for (const [value, text] of ticksOf(axes.y, parts)) {
    const at = Math.round(scale.y(value)) + 0.5;
    if (at < box.top - 1 || at > box.bottom + 1) continue;
    if (!spec.y.bare) thin(context, box.left, at, box.right, at);
    context.fillText(text, box.left - look.small * 0.45, at);
  }
  context.textBaseline = "top";
  let free = -Infinity;
  for (const [value, text] of across) {
    const at = Math.round(scale.x(value)) + 0.5;
    if (at < box.left - 1 || at > box.right + 1) continue;
    if (!spec.x.bare) thin(context, at, box.top, at, box.bottom);
    const half = context.measureText(text).width / 2;
    const centre = Math.min(Math.max(at, half), width - half);
    if (centre - half < free) continue;
    context.textAlign = "center";
    context.fillText(text, centre, box.bottom + look.small * 0.45);
    free = centre + half + look.small * 0.6;
  }
  context.fillStyle = look.text;
  context.textAlign = "center";
  context.fillText(spec.x.title, (box.left + box.right) / 2, box.bottom + look.small * 1.9);
  context.textAlign = "left";
  context.textBaseline = "top";
  if (spec.y.title) context.fillText(spec.y.title, 0, 0);
  return scale;
}

function thin(context, x0, y0, x1, y1) {
  context.globalAlpha = 0.22;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
  context.globalAlpha = 1;
}

function inkOf(layer, look) {
  return layer.color === "text" ? look.text : layer.color;
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
    context.fillStyle = inkOf(layer, look);
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
    const [red, green, blue] = [1, 3, 5].map((start) => parseInt(layer.color.slice(start, start + 2), 16));
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
    context.drawImage(small, left, top, right - left, bottom - top);
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
