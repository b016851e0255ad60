// A drawing becomes a digit as MNIST's are: its longer side fills 20 pixels, its centre of mass lies at pixel (14, 14)
// of 28 × 28, and it has 8 grey levels. A stroke is a list of [x, y], each a share of the field's side. `base` is a
// digit that came as text: 784 levels, or null. Places are in pixels; pixel number i has its centre at i.

const SIDE = 28;
const CENTRE = 14; // where MNIST has the centre of mass
const BOX = 20;
const LEVELS = 8;
const PEN = 1.4; // the pen's radius
const EDGE = 0.5; // how far beyond it the ink fades to nothing
const REACH = PEN + EDGE - 1 / (2 * (LEVELS - 1)); // of the ink that is not rounded to level 0
const LARGEST = 3; // how much a small drawing is magnified: a dot stays a dot
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // base64url

// The levels of strokes over a base: 784 numbers from 0 to 7, row by row.
function digitOf(strokes, base) {
  if (!strokes.length) return base ? [...base] : new Array(SIDE * SIDE).fill(0);
  const lines = strokes.map((stroke) => stroke.map((place) => place.map((share) => SIDE * share - 0.5)));
  const bounds = { line: boundsOf(lines.flat()), base: base && boundsOf(placesOf(base)) };
  const scale = scaleOf(bounds);
  const ends = endsOf(bounds, scale);
  // A base that keeps its size moves by whole pixels, so that it is not blurred.
  const isWhole = Boolean(base) && scale === 1;
  const moved = (shift) => shift.map((each, axis) => within(each, ends[axis], isWhole));
  let shift = moved(ends.map(([low, high]) => CENTRE - (low + high) / 2));
  let levels = render(lines, base, scale, shift);
  for (let round = 0; round < 2; round++) {
    const middle = centreOf(levels);
    shift = moved(shift.map((each, axis) => each + CENTRE - middle[axis]));
    levels = render(lines, base, scale, shift);
  }
  return levels;
}

// No ink leaves the picture, even where that keeps the centre of mass off the middle.
function within(shift, [low, high], isWhole) {
  const [least, most] = [-0.999 - low, SIDE - 0.001 - high];
  if (!isWhole) return Math.max(Math.min(shift, most), least);
  return Math.max(Math.min(Math.round(shift), Math.floor(most)), Math.ceil(least));
}

// The factor from the field to the picture. Strokes alone fill the box; over a base the drawing only ever shrinks.
function scaleOf(bounds) {
  const longest = Math.max(...bounds.line.map(([low, high]) => high - low));
  if (!bounds.base) return Math.min(LARGEST, (BOX - 0.01 - 2 * REACH) / (longest || 1));
  const fits = (scale) => endsOf(bounds, scale).every(([low, high]) => high - low < BOX);
  let scale = 1;
  while (!fits(scale)) scale -= 0.01; // at 0.4 the whole field fits
  return scale;
}

// The lowest and the highest place with ink on each axis, before the shift.
function endsOf({ line, base }, scale) {
  const spread = scale === 1 ? 0 : scale; // a base that changes its size is mixed from neighbours
  return [0, 1].map((axis) => {
    const [low, high] = line[axis].map((end, side) => scale * end + (side ? REACH : -REACH));
    if (!base) return [low, high];
    return [Math.min(low, scale * base[axis][0] - spread), Math.max(high, scale * base[axis][1] + spread)];
  });
}

// The lowest and the highest of these places, on each axis.
function boundsOf(places) {
  return [0, 1].map((axis) => {
    const found = places.map((place) => place[axis]);
    return [found.reduce((a, b) => Math.min(a, b)), found.reduce((a, b) => Math.max(a, b))];
  });
}

// The pixels of a base that have ink, [column, row] each.
function placesOf(base) {
  return base.flatMap((level, index) => (level ? [[index % SIDE, Math.floor(index / SIDE)]] : []));
}

function render(lines, base, scale, shift) {
  const ink = new Float64Array(SIDE * SIDE);
  if (base) for (let index = 0; index < ink.length; index++) ink[index] = mixed(base, index, scale, shift) / (LEVELS - 1);
  for (const line of lines) {
    const moved = line.map((place) => place.map((each, axis) => scale * each + shift[axis]));
    moved.forEach((place, index) => press(ink, moved[Math.max(0, index - 1)], place));
  }
  return Array.from(ink, (value) => Math.round((LEVELS - 1) * value));
}

// The ink of a pen that moves straight from one place to another: the most of it counts.
function press(ink, [x0, y0], [x1, y1]) {
  const from = (a, b) => Math.max(0, Math.ceil(Math.min(a, b) - PEN - EDGE));
  const to = (a, b) => Math.min(SIDE - 1, Math.floor(Math.max(a, b) + PEN + EDGE));
  const square = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  for (let row = from(y0, y1); row <= to(y0, y1); row++) {
    for (let column = from(x0, x1); column <= to(x0, x1); column++) {
      const along = square ? ((column - x0) * (x1 - x0) + (row - y0) * (y1 - y0)) / square : 0;
      const share = Math.min(1, Math.max(0, along));
      const away = Math.hypot(column - x0 - share * (x1 - x0), row - y0 - share * (y1 - y0));
      const value = Math.min(1, Math.max(0, PEN + EDGE - away));
      const index = SIDE * row + column;
      ink[index] = Math.max(ink[index], value);
    }
  }
}

// A base's level at a pixel of the picture, mixed from its four neighbours.
function mixed(base, index, scale, shift) {
  const x = ((index % SIDE) - shift[0]) / scale;
  const y = (Math.floor(index / SIDE) - shift[1]) / scale;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const level = (column, row) =>
    column >= 0 && column < SIDE && row >= 0 && row < SIDE ? base[SIDE * row + column] : 0;
  const across = (row) => (left + 1 - x) * level(left, row) + (x - left) * level(left + 1, row);
  return (top + 1 - y) * across(top) + (y - top) * across(top + 1);
}

// The centre of mass, [column, row].
function centreOf(levels) {
  let [sum, column, row] = [0, 0, 0];
  levels.forEach((level, index) => {
    sum += level;
    column += level * (index % SIDE);
    row += level * Math.floor(index / SIDE);
  });
  return sum ? [column / sum, row / sum] : [CENTRE, CENTRE];
}

// Two pixels in each character; "" where there is no ink. vaedemo/datasets/drawing.py reads it.
function textOf(levels) {
  if (!levels.some(Boolean)) return "";
  const pairs = Array.from({ length: levels.length / 2 }, (_, pair) => LEVELS * levels[2 * pair] + levels[2 * pair + 1]);
  return pairs.map((value) => ALPHABET[value]).join("");
}

// The levels of a text; null where it has no ink.
function levelsOf(text) {
  const levels = [...text].flatMap((character) => {
    const value = ALPHABET.indexOf(character);
    return [Math.floor(value / LEVELS), value % LEVELS];
  });
  return levels.some(Boolean) ? levels : null;
}
