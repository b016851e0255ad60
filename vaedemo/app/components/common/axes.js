// The axes of every plot: ticks, scales from data to CSS pixels and back, grid and labels. canvas.js is put before it.
//
// An axis is { range: [low, high], title }. It may have `ticks`, a list of [value, text]; `bare`, which leaves out the
// grid lines; and `map`, one of MAPS. A pair of axes is { x, y }. With `equal` one unit is as long on both axes, and
// the roomier axis shows more. With `plane` the box is a square and the titles stand in the rows of the ticks.

const MAPS = {
  linear: { to: (value) => value, back: (value) => value },
  log: { to: Math.log10, back: (value) => 10 ** value },
  log1p: { to: Math.log1p, back: Math.expm1 }, // for steps, which begin at 0
};
const GRID = { line: 0.22, origin: 0.5 }; // opacities

// A round step that cuts a span into about this many parts.
function niceStep(span, parts) {
  const rough = span / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.9999);
}

// Ticks [value, text] between two ends, about `parts` of them.
function ticksBetween(low, high, parts) {
  const step = niceStep(high - low, parts);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; index++) {
    ticks.push([index * step, written(index * step, digits)]);
  }
  return ticks;
}

// A number with so many decimals and a true minus sign; from 100,000 on with a power of ten, as 2·10¹¹.
function written(value, digits) {
  if (Math.abs(value) < 1e5) return value.toFixed(digits).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
  const [head, power] = value.toExponential(1).replace(".0e", "e").replace("-", "−").split("e+");
  return `${head}·10${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
}

// Ticks at 0, 1, 10, 100, … up to `high`, for an axis with the map "log1p".
function powersOfTen(high) {
  const ticks = [[0, "0"]];
  for (let value = 1; value <= high; value *= 10) ticks.push([value, value < 1000 ? `${value}` : `${value / 1000}k`]);
  return ticks;
}

// The scale of a pair of axes in a box of CSS pixels: `x` and `y` take data to pixels, `back` takes pixels to data.
function scaleOf(axes, box) {
  const ends = { x: [...axes.x.range], y: [...axes.y.range] };
  const { left, top } = box;
  const room = [box.right - left, box.bottom - top];
  const [width, height] = axes.plane ? Array(2).fill(Math.min(...room)) : room;
  const [right, bottom] = [left + width, top + height];
  if (axes.equal) {
    const unit = Math.min(width / (ends.x[1] - ends.x[0]), height / (ends.y[1] - ends.y[0]));
    for (const [axis, length] of [["x", width], ["y", height]]) {
      const middle = (ends[axis][0] + ends[axis][1]) / 2;
      ends[axis] = [middle - length / unit / 2, middle + length / unit / 2];
    }
  }
  const [across, up] = [MAPS[axes.x.map ?? "linear"], MAPS[axes.y.map ?? "linear"]];
  const [low, high] = ends.x.map(across.to);
  const [least, most] = ends.y.map(up.to);
  return {
    box: { left, right, top, bottom },
    ends,
    x: (value) => left + ((across.to(value) - low) / (high - low)) * width,
    y: (value) => bottom - ((up.to(value) - least) / (most - least)) * height,
    back: (x, y) => [
      across.back(low + ((x - left) / width) * (high - low)),
      up.back(least + ((bottom - y) / height) * (most - least)),
    ],
    perPixel: [(ends.x[1] - ends.x[0]) / width, (ends.y[1] - ends.y[0]) / height],
  };
}

// The pointer's place on a canvas in data.
function placeOn(canvas, scale, event) {
  const frame = canvas.getBoundingClientRect();
  return scale.back(event.clientX - frame.left, event.clientY - frame.top);
}

// Draw grid, ticks and titles on a canvas of this size; returns the scale of what lies inside.
function drawAxes(context, axes, width, height, look) {
  const { small } = look;
  context.font = `${small}px ${look.font}`;
  const parts = Math.max(height > 110 ? 4 : 3, Math.min(6, Math.floor(height / (4 * small))));
  const ticksOf = (axis, range, count) => axis.ticks ?? ticksBetween(...range, count);
  const wide = (text) => context.measureText(text).width;
  const labels = ticksOf(axes.y, axes.y.range, parts);
  const titleRow = axes.x.title && !axes.plane;
  const widest = Math.max(0, ...labels.map(([, text]) => wide(text)), axes.plane ? wide(axes.y.title) : 0);
  const scale = scaleOf(axes, {
    left: widest ? Math.ceil(widest) + 0.7 * small : 2,
    right: width - 2,
    top: (axes.y.title && !axes.plane ? 1.9 : 0.7) * small,
    bottom: height - (titleRow ? 3.2 : 1.7) * small,
  });
  const { box, ends } = scale;
  context.lineWidth = 1;
  context.strokeStyle = look.neutral;
  context.fillStyle = look.faint;
  drawUp(context, axes, scale, axes.y.ticks ?? ticksBetween(...ends.y, parts), look);
  // A plane has the same grid on both axes.
  const count = axes.plane ? parts : Math.max(2, Math.min(6, Math.floor((box.right - box.left) / (5 * small))));
  drawAcross(context, axes, scale, ticksOf(axes.x, ends.x, count), width, look);
  context.fillStyle = look.text;
  context.textBaseline = "top";
  context.textAlign = axes.plane ? "right" : "center";
  if (axes.plane) {
    context.fillText(axes.x.title, box.right, box.bottom + 0.45 * small);
    context.fillText(axes.y.title, box.left - 0.45 * small, box.top);
  } else {
    if (axes.x.title) context.fillText(axes.x.title, (box.left + box.right) / 2, box.bottom + 1.9 * small);
    context.textAlign = "left";
    if (axes.y.title) context.fillText(axes.y.title, 0, 0);
  }
  return scale;
}

function drawUp(context, axes, { box, y }, ticks, { small }) {
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const [value, text] of ticks) {
    const at = Math.round(y(value)) + 0.5;
    if (at < box.top - 1 || at > box.bottom + 1) continue;
    if (!axes.y.bare) gridLine(context, axes.plane && value === 0, box.left, at, box.right, at);
    if (!axes.plane || at > box.top + 1.5 * small) context.fillText(text, box.left - 0.45 * small, at);
  }
}

function drawAcross(context, axes, { box, x }, ticks, width, { small }) {
  context.textBaseline = "top";
  context.textAlign = "center";
  const end = axes.plane ? box.right - context.measureText(axes.x.title).width - 0.6 * small : width;
  let free = -Infinity;
  for (const [value, text] of ticks) {
    const at = Math.round(x(value)) + 0.5;
    if (at < box.left - 1 || at > box.right + 1) continue;
    if (!axes.x.bare) gridLine(context, axes.plane && value === 0, at, box.top, at, box.bottom);
    const half = context.measureText(text).width / 2;
    const centre = axes.plane ? at : Math.min(Math.max(at, half), width - half);
    if (centre - half < free || centre + half > end) continue;
    context.fillText(text, centre, box.bottom + 0.45 * small);
    free = centre + half + 0.6 * small;
  }
}

function gridLine(context, isOrigin, x0, y0, x1, y1) {
  context.globalAlpha = isOrigin ? GRID.origin : GRID.line;
  strokeLine(context, x0, y0, x1, y1);
  context.globalAlpha = 1;
}

function strokeLine(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

// From here to `context.restore()` only what lies in the box is drawn; `margin` CSS pixels above and below it too.
function clipTo(context, box, margin = 0) {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top - margin, box.right - box.left, box.bottom - box.top + 2 * margin);
  context.clip();
}
