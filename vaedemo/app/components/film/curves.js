// Drawing the loss curves of a film over its training steps, and what the other panes' drawing shares.

const TICK = 11; // CSS pixels

const short = (number) => (number >= 1000 ? `${number / 1000}k` : String(number));

// Step 0 has no logarithm; log(1 + step) has room for it.
const logStep = (step) => Math.log1p(step);

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

// One term of the loss; returns what scrubbing needs to turn a place into a step.
function drawCurve(canvas, curve, film, step, measured, look) {
  const { context, width, height } = prepared(canvas);
  if (!width) return null;
  const values = [...curve.train, ...curve.test].filter((value) => value !== null);
  let [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const room = Math.max(0.08 * (high - low), 1e-3 * Math.abs(high), 1e-6);
  [low, high] = [low - room, high + room];
  context.font = `${TICK}px ${look.font}`;
  const up = values.length ? ticksBetween(low, high, height > 110 ? 4 : 3) : [];
  const left = Math.ceil(Math.max(16, ...up.map(([, text]) => context.measureText(text).width))) + 7;
  const box = { left, right: width - 8, top: 5, bottom: height - 18 };
  const last = logStep(Math.max(film.steps.at(-1), film.epochs.at(-1) ?? 0, 1));
  const x = (at) => box.left + (logStep(at) / last) * (box.right - box.left);
  const y = (value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
  context.lineWidth = 1;
  context.strokeStyle = look.neutral;
  context.fillStyle = look.faint;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const [value, text] of up) {
    context.globalAlpha = 0.25;
    line(context, box.left, Math.round(y(value)) + 0.5, box.right, Math.round(y(value)) + 0.5);
    context.globalAlpha = 1;
    context.fillText(text, box.left - 6, y(value));
  }
  drawStepTicks(context, film, x, box, last);
  drawUnmeasured(context, film, x, box, look);
  for (const [part, dash, thick] of [["train", [4, 3], 1.5], ["test", [], 2.25]]) {
    traceCurve(context, film.epochs, curve[part], x, y, curve.colour, dash, thick);
  }
  context.strokeStyle = look.text;
  context.lineWidth = 1.5;
  line(context, x(step), box.top, x(step), box.bottom);
  const value = measured < 0 ? null : curve.test[measured];
  if (value !== null) {
    context.fillStyle = curve.colour;
    context.strokeStyle = look.background;
    context.beginPath();
    context.arc(x(film.epochs[measured]), y(value), 5, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  return (place) => Math.expm1((Math.min(Math.max(place - box.left, 0) / (box.right - box.left), 1)) * last);
}

function drawStepTicks(context, film, x, box, last) {
  const steps = [0, 1, 10, 100, 1000, 10000, 100000, 1000000].filter((step) => logStep(step) <= last);
  context.textAlign = "center";
  let free = -Infinity;
  for (const step of steps) {
    context.globalAlpha = 0.25;
    line(context, Math.round(x(step)) + 0.5, box.top, Math.round(x(step)) + 0.5, box.bottom);
    context.globalAlpha = 1;
    const half = context.measureText(short(step)).width / 2;
    const at = Math.min(x(step), box.right - half + 6);
    if (at - half > free) {
      context.fillText(short(step), at, box.bottom + 10);
      free = at + half + 5;
    }
  }
}

// Losses are measured once an epoch: before the first there is nothing to draw, and the pane says so.
function drawUnmeasured(context, film, x, box, look) {
  const end = film.epochs.length ? x(film.epochs[0]) : box.right;
  const words = film.epochs.length ? ["before the", "first epoch’s end"] : ["no epoch", "was finished"];
  const widest = Math.max(...words.map((word) => context.measureText(word).width));
  if (end - box.left < widest + 14) return;
  context.fillStyle = look.faint;
  context.textAlign = "center";
  const [middle, centre] = [(box.left + end) / 2, (box.top + box.bottom) / 2];
  context.fillStyle = look.background;
  context.fillRect(middle - widest / 2 - 4, centre - TICK - 4, widest + 8, 2 * TICK + 8);
  context.fillStyle = look.faint;
  words.forEach((word, index) => context.fillText(word, middle, centre + (index - 0.5) * (TICK + 3)));
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
