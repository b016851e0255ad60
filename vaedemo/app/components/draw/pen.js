// The pen: a mouse, a finger or a stylus draws, and so do keys. A stroke is told once, when the pen is lifted.

const NEAR = 0.004; // two places of a stroke are at least so far apart, as a share of the field's side
const MOST_PLACES = 5_000; // of a drawing; after them a stroke grows no longer
const CELL = 1 / SIDE; // how far an arrow key moves the pen; with Shift four times as far

// `pen`: its place, whether it is down, and the stroke that it draws. `changed()` repaints, `finished(stroke)` keeps it.
function penOn(paper, { placesLeft, changed, finished, undo, clear }) {
  const pen = { at: [14.5 * CELL, 14.5 * CELL], stroke: null, pointer: null, isKeyed: false };

  const extend = (place, least) => {
    const last = pen.stroke.at(-1);
    if (Math.hypot(place[0] - last[0], place[1] - last[1]) < least || pen.stroke.length >= placesLeft()) return;
    pen.stroke.push(place);
  };
  const lift = () => {
    const { stroke } = pen;
    pen.stroke = pen.pointer = null;
    if (stroke) finished(stroke);
  };
  const placeAt = (event) => {
    const box = paper.getBoundingClientRect();
    const share = (value, from, length) => Math.min(1, Math.max(0, (value - from) / (length || 1)));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  };

  paper.onpointerdown = (event) => {
    if (event.button !== 0 || pen.pointer !== null) return; // a second finger draws nothing
    lift(); // a stroke of the keys
    pen.isKeyed = false;
    pen.pointer = event.pointerId;
    pen.stroke = [placeAt(event)];
    paper.setPointerCapture(event.pointerId);
    changed();
  };
  paper.onpointermove = (event) => {
    if (event.pointerId !== pen.pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) extend(placeAt(each), NEAR);
    changed();
  };
  // A stroke that the system breaks off is kept as far as it came.
  paper.onpointerup = paper.onpointercancel = paper.onlostpointercapture = (event) => {
    if (event.pointerId === pen.pointer) lift();
  };
  paper.onkeydown = (event) => {
    if (event.metaKey || event.altKey || (event.ctrlKey && event.key !== "z") || pen.pointer !== null) return;
    const by = event.shiftKey ? 4 * CELL : CELL;
    const move = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
    if (move) {
      pen.at = pen.at.map((each, axis) => Math.min(1 - CELL / 2, Math.max(CELL / 2, each + move[axis])));
      if (pen.stroke) extend(pen.at, CELL / 2);
    } else if (event.key === " " || event.key === "Enter") {
      if (event.repeat) return event.preventDefault();
      if (pen.stroke) lift();
      else pen.stroke = [pen.at];
    } else if (event.key === "Escape" && pen.stroke) lift();
    else if (event.key === "Backspace" || (event.ctrlKey && event.key === "z")) undo();
    else if (event.key === "Delete") clear();
    else return;
    event.preventDefault();
    pen.isKeyed = true;
    changed();
  };
  paper.onblur = () => {
    pen.isKeyed = false;
    if (pen.pointer === null) lift();
    changed();
  };
  pen.lift = lift;
  return pen;
}
