// What hands do with a film: play, slow motion, steps, scrubbing by slider, by keys and across the curves.

const FRAME_MILLISECONDS = 200; // how long Play stays on a frame
const SLOWER = 4; // slow motion takes so many times longer
const SETTLED_AFTER = 300; // milliseconds without a change until the page is told

const lastOf = (film) => film.header.steps.length - 1;

function play(film) {
  if (!film.header) return; // the film is on its way
  const last = lastOf(film);
  if (film.position >= last) moveTo(film, 0);
  let before = null;
  const step = (now) => {
    const passed = before === null ? 0 : now - before;
    before = now;
    moveTo(film, Math.min(last, film.position + passed / (FRAME_MILLISECONDS * (film.slowly ? SLOWER : 1))));
    if (film.position < last) film.playing = requestAnimationFrame(step);
    else pause(film);
  };
  film.playing = requestAnimationFrame(step);
  labelPlay(film);
}

function pause(film) {
  if (film.playing) {
    cancelAnimationFrame(film.playing);
    film.playing = 0;
    moveTo(film, Math.round(film.position)); // between two frames there is nothing that was computed
    settle(film);
  }
  labelPlay(film);
}

function labelPlay(film) {
  film.play.classList.toggle("playing", Boolean(film.playing));
  film.play.textContent = film.playing ? "Pause" : "Play";
}

function slowDown(film) {
  film.slowly = !film.slowly;
  film.slow.setAttribute("aria-pressed", String(film.slowly));
}

// To a frame, by hand: it stops what is playing.
function goTo(film, frame) {
  if (!film.header) return; // the film is on its way
  pause(film);
  moveTo(film, Math.min(Math.max(frame, 0), lastOf(film)));
  settle(film);
}

function settle(film) {
  clearTimeout(film.timer);
  if (!film.report) return;
  film.timer = setTimeout(() => {
    const frame = Math.round(film.position);
    if (film.playing || frame === film.told) return;
    film.told = frame;
    film.tell(frame);
  }, SETTLED_AFTER);
}

// Space plays and pauses, arrows go frame by frame; a button pressed by Space and the slider's own arrows stay theirs.
function steer(film, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const target = event.composedPath()[0];
  const now = Math.round(film.position);
  if (event.key === " " && target.tagName !== "BUTTON") {
    if (film.playing) pause(film);
    else play(film);
  } else if (event.key === "ArrowLeft" || event.key === "ArrowDown") goTo(film, now - 1);
  else if (event.key === "ArrowRight" || event.key === "ArrowUp") goTo(film, now + 1);
  else if (event.key === "Home") goTo(film, 0);
  else if (event.key === "End") goTo(film, lastOf(film));
  else return;
  event.preventDefault();
}

// A pointer drawn across a curve moves the film to the frame nearest to the step below it.
function scrub(film, plot, event) {
  if (event.button !== 0 || !plot.stepAt) return;
  const follow = (moved) => {
    const step = plot.stepAt(moved);
    const apart = film.header.steps.map((each) => Math.abs(Math.log1p(each) - Math.log1p(step)));
    goTo(film, apart.indexOf(Math.min(...apart)));
  };
  plot.canvas.setPointerCapture(event.pointerId);
  plot.canvas.onpointermove = follow;
  plot.canvas.onpointerup = plot.canvas.onpointercancel = () => {
    plot.canvas.onpointermove = plot.canvas.onpointerup = plot.canvas.onpointercancel = null;
  };
  follow(event);
}

// One class alone, or all again.
function single(film, index) {
  film.alone = film.alone === index ? -1 : index;
  [...film.legend.children].forEach((entry, at) => entry.setAttribute("aria-pressed", String(at === film.alone)));
  paint(film);
}
