// What hands do with the two panes: play, show, brush by pointer, brush by keys.

function play(warp) {
  const last = warp.header.frames - 1;
  if (warp.position >= last) moveTo(warp, 0);
  let before = null;
  const step = (now) => {
    const passed = before === null ? 0 : (now - before) / 1000;
    before = now;
    moveTo(warp, Math.min(last, warp.position + (passed * last) / warp.header.seconds));
    if (warp.position < last) warp.playing = requestAnimationFrame(step);
    else {
      pause(warp);
      settle(warp);
    }
  };
  warp.playing = requestAnimationFrame(step);
  labelPlay(warp);
}

// The page moved the slider forward, as after an answer: show the way, unless the reader wants no motion.
function glide(warp, from, to) {
  clearTimeout(warp.timer);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let begun = null;
  const step = (now) => {
    begun ??= now;
    const share = Math.min(1, (now - begun) / GLIDE);
    moveTo(warp, from + (to - from) * share);
    warp.playing = share < 1 ? requestAnimationFrame(step) : 0;
  };
  if (still) moveTo(warp, to);
  else {
    moveTo(warp, from);
    warp.playing = requestAnimationFrame(step);
  }
}

function pause(warp) {
  if (warp.playing) {
    cancelAnimationFrame(warp.playing);
    // Between two frames of a film there is nothing that was computed.
    if (warp.header.labels) moveTo(warp, Math.round(warp.position));
    warp.playing = 0;
    settle(warp);
  }
  labelPlay(warp);
}

function labelPlay(warp) {
  warp.play.classList.toggle("playing", Boolean(warp.playing));
  warp.play.textContent = warp.playing ? "Pause" : "Play";
}

// Points and grid go on and off one by one; at least one of them stays.
function show(warp, what) {
  const other = what === "points" ? "grid" : "points";
  warp.shows = warp.shows === "both" ? other : warp.shows === what ? what : "both";
  for (const toggle of warp.toggles) markToggle(warp, toggle);
  paint(warp);
  settle(warp);
}

function markToggle(warp, toggle) {
  toggle.setAttribute("aria-pressed", String(warp.shows === "both" || warp.shows === toggle.dataset.shows));
}

function placeOf(canvas, event) {
  const { extent } = canvas;
  return placeOn(canvas, canvas.scale, event).map((each) => Math.min(extent, Math.max(-extent, each)));
}

function beginBrush(warp, side, event) {
  if (event.button !== 0) return;
  const { canvas } = warp.sides[side];
  const before = warp.brush;
  const start = placeOf(canvas, event);
  if (side && warp.playing) pause(warp);
  canvas.setPointerCapture(event.pointerId);
  canvas.onpointermove = (moved) => stretch(warp, side, start, placeOf(canvas, moved));
  const end = () => {
    canvas.onpointermove = canvas.onpointerup = canvas.onpointercancel = null;
  };
  canvas.onpointerup = (moved) => {
    end();
    const [x, y] = placeOf(canvas, moved);
    const small = Math.max(Math.abs(x - start[0]), Math.abs(y - start[1])) < 0.02 * canvas.extent;
    if (small) setBrush(warp, null);
    else settle(warp);
  };
  canvas.onpointercancel = () => {
    end();
    setBrush(warp, before);
  };
}

function stretch(warp, side, [a, b], [x, y]) {
  warp.brush = {
    side,
    x0: Math.min(a, x),
    x1: Math.max(a, x),
    y0: Math.min(b, y),
    y1: Math.max(b, y),
    position: warp.position,
  };
  choose(warp);
  paint(warp);
}

function setBrush(warp, brush) {
  warp.brush = brush;
  choose(warp);
  paint(warp);
  settle(warp);
}

// Which points the brush holds, judged where they lay when it was drawn; they stay chosen while they move on.
function choose(warp) {
  const { brush, header } = warp;
  if (!brush) {
    warp.chosen = null;
    return;
  }
  const position = Math.min(brush.position, header.frames - 1);
  const places = brush.side ? between(warp, warp.frames, position) : warp.left;
  warp.chosen = Uint8Array.from({ length: header.count }, (_, index) => {
    const [x, y] = [places[2 * index], places[2 * index + 1]];
    return x >= brush.x0 && x <= brush.x1 && y >= brush.y0 && y <= brush.y1 ? 1 : 0;
  });
}

// Enter puts a rectangle into the middle, arrows move it, with Shift they change its size, Escape removes it.
function steerBrush(warp, side, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { extent } = warp.sides[side].canvas;
  const mine = warp.brush && warp.brush.side === side ? { ...warp.brush, position: warp.position } : null;
  const by = STEP * extent;
  const move = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] }[event.key];
  let brush;
  if (event.key === "Enter" || event.key === " ") {
    brush = { side, x0: -5 * by, x1: 5 * by, y0: -5 * by, y1: 5 * by, position: warp.position };
  } else if (event.key === "Escape" && warp.brush) brush = null;
  else if (move && mine && event.shiftKey) {
    const [x1, y1] = [mine.x1 + move[0], mine.y1 + move[1]];
    brush = { ...mine, x1: Math.max(x1, mine.x0 + by), y1: Math.max(y1, mine.y0 + by) };
  } else if (move && mine) {
    const [x, y] = move;
    brush = { ...mine, x0: mine.x0 + x, x1: mine.x1 + x, y0: mine.y0 + y, y1: mine.y1 + y };
  } else return;
  event.preventDefault();
  setBrush(warp, brush);
}
