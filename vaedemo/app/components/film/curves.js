// Drawing the loss curves of a film over its training steps. canvas.js and axes.js are put before this file.

// One term of the loss; returns what scrubbing needs to turn a place into a step.
function drawCurve(canvas, curve, film, step, measured, look) {
  const { context, width, height } = prepared(canvas);
  if (!width) return null;
  const values = [...curve.train, ...curve.test].filter((value) => value !== null);
  let [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const room = Math.max(0.08 * (high - low), 1e-3 * Math.abs(high), 1e-6);
  [low, high] = [low - room, high + room];
  const last = Math.max(film.steps.at(-1), film.epochs.at(-1) ?? 0, film.last ?? 1);
  const axes = {
    x: { range: [0, last], map: "log1p", ticks: powersOfTen(last) },
    y: { range: [low, high], ticks: values.length ? undefined : [] },
  };
  const scale = drawAxes(context, axes, width, height, look);
  const { box, x, y } = scale;
  drawUnmeasured(context, film, x, box, look);
  drawChanges(context, film.changed ?? [], x, box, look);
  for (const [part, dash, thick] of [["train", [4, 3], 1.5], ["test", [], 2.25]]) {
    traceCurve(context, film.epochs, curve[part], x, y, curve.colour, dash, thick);
  }
  context.strokeStyle = look.text;
  context.lineWidth = 1.5;
  strokeLine(context, x(step), box.top, x(step), box.bottom);
  const value = measured < 0 ? null : curve.test[measured];
  if (value !== null) {
    context.fillStyle = curve.colour;
    context.strokeStyle = look.background;
    context.beginPath();
    context.arc(x(film.epochs[measured]), y(value), 5, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  return (event) => Math.min(Math.max(placeOn(canvas, scale, event)[0], 0), last);
}

// Losses are measured once an epoch: before the first there is nothing to draw, and the pane says so.
function drawUnmeasured(context, film, x, box, look) {
  const end = film.epochs.length ? x(film.epochs[0]) : box.right;
  const words = film.epochs.length ? ["before the", "first epoch’s end"] : ["no epoch", "has ended"];
  const widest = Math.max(...words.map((word) => context.measureText(word).width));
  if (end - box.left < widest + 14) return;
  context.fillStyle = look.faint;
  context.textAlign = "center";
  const [middle, centre] = [(box.left + end) / 2, (box.top + box.bottom) / 2];
  context.fillStyle = look.background;
  context.fillRect(middle - widest / 2 - 4, centre - look.small - 4, widest + 8, 2 * look.small + 8);
  context.fillStyle = look.faint;
  words.forEach((word, index) => context.fillText(word, middle, centre + (index - 0.5) * (look.small + 3)));
}

// Where a setting changed on the way, with its new value.
function drawChanges(context, changed, x, box, look) {
  for (const [step, words] of changed) {
    context.strokeStyle = look.faint;
    context.lineWidth = 1.5;
    context.setLineDash([2, 4]);
    strokeLine(context, x(step), box.top, x(step), box.bottom);
    context.setLineDash([]);
    const right = x(step) + context.measureText(words).width + 4 > box.right;
    context.textAlign = right ? "right" : "left";
    context.fillStyle = look.faint;
    context.fillText(words, x(step) + (right ? -4 : 4), box.bottom - look.small / 2 - 2);
  }
}

function traceCurve(context, steps, values, x, y, colour, dash, thick) {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.beginPath();
  let pen = false;
  values.forEach((value, index) => {
    if (value === null) pen = false;
    else if (pen) context.lineTo(x(steps[index]), y(value));
    else {
      context.moveTo(x(steps[index]), y(value));
      pen = true;
    }
  });
  context.stroke();
  context.setLineDash([]);
}
