// What hands do with the plane: a mouse moves z by hovering, a finger by dragging, keys step by step.

const SETTLED_AFTER = 300; // milliseconds at rest until the page is told

function listen(explorer) {
  const { plane } = explorer;
  const follow = (event) => {
    if (!explorer.scale) return;
    const { extent } = explorer.header;
    const place = placeOn(explorer.over, explorer.scale, event);
    moveTo(explorer, place.map((each) => rounded(Math.min(extent, Math.max(-extent, each)))));
  };
  plane.onpointerdown = (event) => {
    if (event.button !== 0) return;
    plane.setPointerCapture(event.pointerId);
    explorer.pressed = true;
    follow(event);
  };
  plane.onpointermove = (event) => {
    if (explorer.pressed || event.pointerType === "mouse") follow(event);
  };
  plane.onpointerup = () => {
    explorer.pressed = false;
    settle(explorer);
  };
  plane.onpointercancel = () => (explorer.pressed = false);
  // Whoever only passes through, on the way to a slider, finds z where it was at rest.
  plane.onpointerleave = () => {
    if (!explorer.pressed) moveTo(explorer, explorer.settled);
  };
  plane.onkeydown = (event) => steer(explorer, event);
}

function steer(explorer, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !explorer.header) return;
  const by = rounded((explorer.header.extent / 50) * (event.shiftKey ? 5 : 1));
  const [x, y] = explorer.place;
  const place = {
    ArrowLeft: [x - by, y],
    ArrowRight: [x + by, y],
    ArrowUp: [x, y + by],
    ArrowDown: [x, y - by],
    Home: [0, 0],
  }[event.key];
  if (!place) return;
  event.preventDefault();
  const { extent } = explorer.header;
  moveTo(explorer, place.map((each) => rounded(Math.min(extent, Math.max(-extent, each)))));
}

function moveTo(explorer, place) {
  explorer.place = place;
  request(explorer);
  clearTimeout(explorer.timer);
  explorer.timer = setTimeout(() => settle(explorer), SETTLED_AFTER);
}

function settle(explorer) {
  clearTimeout(explorer.timer);
  explorer.settled = explorer.place;
  request(explorer);
  explorer.spoken.textContent = explorer.words;
  const text = JSON.stringify(explorer.place);
  if (text === (explorer.told.at(-1) ?? explorer.known)) return;
  explorer.told.push(text);
  explorer.tell(explorer.place);
}

const rounded = (value) => Math.round(value * 1000) / 1000;
