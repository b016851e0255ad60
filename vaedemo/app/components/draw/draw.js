// A field in which a digit is drawn; the page gets it as text, once for each finished stroke.
// canvas.js, life.js, digit.js, photo.js and pen.js are put before this file.

const KEYS =
  "Arrow keys move the pen, with Shift further; Space puts it down or lifts it; Backspace undoes, Delete clears.";
let remembered = { text: "" }; // the strokes of the field that was shown last, for when it is shown again
let messages = 0; // told so far: two messages are never alike, so that each is news to the server

export default function (component) {
  const { data, setStateValue } = component;
  const draw = lifeOf(component, ".draw", create);
  if (!draw) return undefined;
  draw.send = (text) => setStateValue("drawn", [++messages, text]);
  adopt(draw, data[0].text);
  paint(draw);
  return draw.leave;
}

function create(root) {
  const draw = { root, strokes: [], base: null, before: [], told: [], known: "" };
  for (const name of ["paper", "digit", "undo", "clear", "take", "swap", "file", "status"]) draw[name] = root.querySelector(`.${name}`);
  draw.pen = penOn(draw.paper, {
    placesLeft: () => MOST_PLACES - draw.strokes.reduce((sum, stroke) => sum + stroke.length, 0),
    changed: () => paint(draw),
    finished: (stroke) => change(draw, draw.base, [...draw.strokes, stroke]),
    undo: () => undo(draw),
    clear: () => clear(draw),
  });
  draw.undo.onclick = () => undo(draw);
  draw.clear.onclick = () => clear(draw);
  draw.swap.onclick = () => swap(draw);
  draw.take.onclick = () => draw.file.click();
  draw.file.onchange = () => take(draw, draw.file.files[0]);
  const end = repaintFor([draw.paper], () => paint(draw));
  draw.release = end;
  return draw;
}

// The page's drawing counts when the page changed it, not when it only repeats what this field told it.
function adopt(draw, text) {
  const echo = draw.told.indexOf(text);
  if (echo >= 0) draw.told.splice(0, echo + 1);
  else if (text !== draw.known) {
    const kept = text && text === remembered.text ? remembered : { base: levelsOf(text), strokes: [], before: [] };
    Object.assign(draw, { base: kept.base, strokes: kept.strokes, before: kept.before, told: [] });
  }
  draw.known = text;
}

function change(draw, base, strokes, before = [...draw.before, { base: draw.base, strokes: draw.strokes }]) {
  draw.refused = "";
  Object.assign(draw, { base, strokes, before });
  const text = textOf(digitOf(strokes, base));
  remembered = { text, base, strokes, before };
  draw.told.push(text);
  draw.send(text);
  paint(draw);
}

function undo(draw) {
  draw.pen.lift();
  const last = draw.before.at(-1);
  if (last) change(draw, last.base, last.strokes, draw.before.slice(0, -1));
}

function clear(draw) {
  draw.pen.lift();
  if (draw.strokes.length || draw.base) change(draw, null, []);
}

// A picture takes the place of what was drawn; strokes can be added.
async function take(draw, file) {
  draw.file.value = ""; // the same file can be chosen again
  if (!file) return;
  draw.pen.lift();
  draw.refused = "";
  try {
    change(draw, await levelsOfFile(file), []);
  } catch (problem) {
    draw.refused = problem.message;
    paint(draw);
  }
}

function swap(draw) {
  draw.pen.lift();
  change(draw, swapped(digitOf(draw.strokes, draw.base)), []);
}

function paint(draw) {
  const { base, strokes, pen, paper, root } = draw;
  const drawn = pen.stroke ? [...strokes, pen.stroke] : strokes;
  const { context, width } = prepared(paper);
  if (!width) return;
  const unit = width / SIDE;
  if (base) {
    context.imageSmoothingEnabled = false;
    context.drawImage(pictureOf(base), 0, 0, width, width);
  }
  Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: 2 * PEN * unit, strokeStyle: "#fff" });
  for (const stroke of drawn) {
    context.beginPath();
    // A line of no length has round ends alone: a dot.
    for (const [x, y] of [stroke[0], ...stroke]) context.lineTo(x * width, y * width);
    context.stroke();
  }
  if (pen.isKeyed) drawPen(context, pen, width);
  const levels = digitOf(drawn, base);
  const inked = levels.filter(Boolean).length;
  draw.digit.getContext("2d").drawImage(pictureOf(levels), 0, 0);
  root.classList.toggle("inked", inked > 0);
  draw.undo.disabled = !draw.before.length;
  draw.clear.disabled = draw.swap.disabled = !inked;
  say(draw, inked);
}

// Where the keys' pen stands: a ring, which is filled while the pen is down.
function drawPen(context, pen, width) {
  const [x, y] = pen.at.map((share) => share * width);
  context.beginPath();
  context.arc(x, y, (PEN * width) / SIDE, 0, 2 * Math.PI);
  context.lineWidth = 4;
  context.strokeStyle = "#000";
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
  context.stroke();
}

function say({ paper, digit, status, pen, refused }, inked) {
  const what = inked ? `${inked} of 784 pixels have ink` : "empty";
  paper.setAttribute("aria-label", `Field to draw a digit in: ${what}. ${KEYS}`);
  digit.setAttribute("aria-label", inked ? "Your digit x, 28 by 28 pixels" : "No digit yet");
  const [column, row] = pen.at.map((share) => Math.round(share / CELL + 0.5));
  const words = pen.isKeyed ? `Pen ${pen.stroke ? "down" : "up"} in column ${column}, row ${row} of ${SIDE}` : (refused ?? "");
  if (status.textContent !== words) status.textContent = words;
}

// A picture of 28 × 28 levels.
function pictureOf(levels) {
  const bytes = Uint8Array.from(levels, (level) => Math.round((255 * level) / (LEVELS - 1)));
  return stripOf({ count: 1, channels: 1, height: SIDE, width: SIDE }, bytes);
}
