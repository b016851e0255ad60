// Drawing one pane: a plane with its axes, lines, points, a dashed circle and a brushed rectangle.

const HUES = 24; // colours around the circle of angles; each is one fill

// Equal lightness and chroma all the way round: no angle shouts, and each reads on white and on near-black.
function hue(bin) {
  return `oklch(0.67 0.15 ${(360 * bin) / HUES + 15})`;
}

function drawPane(canvas, pane, look) {
  const { context, width, height } = prepared(canvas);
  if (!width) return;
  const range = [-pane.extent, pane.extent];
  const axes = { x: { range, title: pane.axes[0] }, y: { range, title: pane.axes[1] }, plane: true };
  const scale = (canvas.scale = drawAxes(context, axes, width, height, look));
  clipTo(context, scale.box);
  if (pane.circle) drawCircle(context, scale, pane.circle, look);
  if (pane.lines || pane.mesh) drawLines(context, scale, pane, look);
  if (pane.points) drawPoints(context, scale, pane, look);
  if (pane.brush) drawBrush(context, scale, pane.brush, look);
  context.restore();
}

function drawCircle(context, scale, radius, look) {
  context.strokeStyle = look.text;
  context.globalAlpha = 0.6;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.arc(scale.x(0), scale.y(0), radius / scale.perPixel[0], 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawLines(context, scale, pane, look) {
  context.strokeStyle = look.line;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  if (pane.lines) {
    let start = 0;
    for (const length of pane.lengths) {
      traceStraight(context, scale, pane.lines, start, length);
      start += length;
    }
  } else {
    for (let index = 0; index < pane.mesh; index++) {
      traceSmooth(context, scale, pane.positions, index * pane.mesh, 1, pane.mesh);
      traceSmooth(context, scale, pane.positions, index, pane.mesh, pane.mesh);
    }
  }
  context.globalAlpha = pane.chosen ? 0.5 : 0.85;
  context.stroke();
  context.globalAlpha = 1;
}

// A line whose vertices lie densely; it is torn where a vertex is NaN.
function traceStraight(context, scale, vertices, start, length) {
  let pen = false;
  for (let index = start; index < start + length; index++) {
    const [x, y] = [vertices[2 * index], vertices[2 * index + 1]];
    if (Number.isNaN(x)) pen = false;
    else if (pen) context.lineTo(scale.x(x), scale.y(y));
    else {
      context.moveTo(scale.x(x), scale.y(y));
      pen = true;
    }
  }
}

// A curve through few points, one row or column of the mesh (Catmull–Rom as Bézier pieces).
function traceSmooth(context, scale, points, start, stride, count) {
  const at = (index) => {
    const row = start + stride * Math.min(Math.max(index, 0), count - 1);
    return [scale.x(points[2 * row]), scale.y(points[2 * row + 1])];
  };
  context.moveTo(...at(0));
  for (let index = 0; index < count - 1; index++) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    context.bezierCurveTo(
      from[0] + (to[0] - before[0]) / 6,
      from[1] + (to[1] - before[1]) / 6,
      to[0] - (after[0] - from[0]) / 6,
      to[1] - (after[1] - from[1]) / 6,
      ...to,
    );
  }
}

function drawPoints(context, scale, pane, look) {
  const { positions, bins, chosen } = pane;
  const count = bins.length;
  const radius = count > 400 ? 2.3 : 3.6;
  // Those not chosen first, faint, so that the chosen lie on top.
  for (const pass of chosen ? [0, 1] : [1]) {
    context.globalAlpha = chosen && !pass ? 0.14 : 0.9;
    for (let bin = 0; bin < HUES; bin++) {
      context.fillStyle = hue(bin);
      context.beginPath();
      for (let index = 0; index < count; index++) {
        if (bins[index] !== bin || (chosen && chosen[index] !== pass)) continue;
        const [x, y] = [scale.x(positions[2 * index]), scale.y(positions[2 * index + 1])];
        const r = chosen && pass ? radius + 0.9 : radius;
        context.moveTo(x + r, y);
        context.arc(x, y, r, 0, 2 * Math.PI);
      }
      context.fill();
      if (chosen && pass) {
        context.strokeStyle = look.text;
        context.lineWidth = 0.75;
        context.stroke();
      }
    }
  }
  context.globalAlpha = 1;
}

function drawBrush(context, scale, brush, look) {
  const [left, right] = [scale.x(brush.x0), scale.x(brush.x1)];
  const [top, bottom] = [scale.y(brush.y1), scale.y(brush.y0)];
  context.fillStyle = look.accent;
  context.globalAlpha = 0.1;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 1;
  context.strokeStyle = look.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left, top, right - left, bottom - top);
}
