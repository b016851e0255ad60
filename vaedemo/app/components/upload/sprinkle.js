// A plane to draw points on: a pen that moves leaves points about its way. canvas.js, axes.js and life.js are put before
// this file.

const REACH = 3; // the plane shows −3 to 3 on both axes
const SPREAD = 0.12; // standard deviation of the points about the pen
const EVERY = 0.06; // a point for so much of its way
const MOST_POINTS = 5_000;
const AXES = { x: { range: [-REACH, REACH], title: "x₁" }, y: { range: [-REACH, REACH], title: "x₂" }, plane: true };

// A standard normal number (Box and Muller).
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

// Points about the straight way from one place to another; one at least.
function sprinkled([x0, y0], [x1, y1], draw = normal) {
  const count = Math.max(1, Math.round(Math.hypot(x1 - x0, y1 - y0) / EVERY));
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / count;
    return [x0 + share * (x1 - x0) + SPREAD * draw(), y0 + share * (y1 - y0) + SPREAD * draw()];
  });
}

// The points as the lines of a CSV file.
const tableOf = (points) => points.map(([x, y]) => `${x.toFixed(4)},${y.toFixed(4)}\n`).join("");

// `changed(points)` is called when a stroke ends. Arrow keys move a pen, Space sprinkles at it.
function planeOn(canvas, changed) {
  const plane = { points: [], ends: [], at: [0, 0], isKeyed: false };
  let scale, last;
  let pointer = null;
  const add = (from, to) => {
    plane.points.push(...sprinkled(from, to).slice(0, MOST_POINTS - plane.points.length));
    plane.paint();
  };
  plane.paint = () => {
    const { context, width, height } = prepared(canvas);
    if (!width) return;
    const look = lookOf(canvas, { neutral: getComputedStyle(canvas).color });
    scale = drawAxes(context, AXES, width, height, look);
    context.fillStyle = look.text;
    context.globalAlpha = 0.6;
    for (const [x, y] of plane.points) context.fillRect(scale.x(x) - 1.5, scale.y(y) - 1.5, 3, 3);
    context.globalAlpha = 1;
    if (plane.isKeyed) {
      context.lineWidth = 2;
      context.strokeStyle = look.text;
      context.beginPath();
      context.arc(scale.x(plane.at[0]), scale.y(plane.at[1]), 8, 0, 2 * Math.PI);
      context.stroke();
    }
    const what = plane.points.length ? `${plane.points.length} points` : "empty";
    canvas.setAttribute("aria-label", `Plane to draw points on: ${what}. Arrow keys move the pen, Space draws.`);
  };
  const end = () => {
    if (pointer === null) return;
    pointer = null;
    changed(plane.points);
  };
  canvas.onpointerdown = (event) => {
    if (event.button !== 0 || pointer !== null) return;
    plane.ends.push(plane.points.length);
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    plane.isKeyed = false;
    last = placeOn(canvas, scale, event);
    add(last, last);
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId !== pointer) return;
    const place = placeOn(canvas, scale, event);
    if (Math.hypot(place[0] - last[0], place[1] - last[1]) < EVERY) return;
    add(last, place);
    last = place;
  };
  canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = end;
  canvas.onkeydown = (event) => {
    const by = event.shiftKey ? 0.5 : 0.1;
    const move = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] }[event.key];
    if (move) plane.at = plane.at.map((each, axis) => Math.min(REACH, Math.max(-REACH, each + move[axis])));
    else if (event.key === " ") {
      plane.ends.push(plane.points.length);
      add(plane.at, [plane.at[0] + 5 * EVERY, plane.at[1]]);
    } else return;
    event.preventDefault();
    plane.isKeyed = true;
    plane.paint();
    changed(plane.points);
  };
  plane.undo = () => {
    plane.points.length = plane.ends.pop() ?? 0;
    plane.paint();
    changed(plane.points);
  };
  plane.clear = () => {
    plane.points = [];
    plane.ends = [];
    plane.paint();
    changed(plane.points);
  };
  plane.release = repaintFor([canvas], plane.paint);
  return plane;
}
