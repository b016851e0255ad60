// The life of a component in the browser: made at its first run, found again at each further run, released at its end.

const lives = new WeakMap(); // by the element that Streamlit gives a component: what it remembers between two runs

// What a component remembers, or null where there is nothing to draw. `create(root)` makes it, for a root element of
// its own in the page; it has a function `release`. `leave` is what the component returns to Streamlit, which calls it
// where the component goes, but also where a next run came before this one was done, and that run may be over by then:
// only the leave of the newest run counts.
function lifeOf({ data, parentElement }, selector, create) {
  const root = parentElement.querySelector(selector);
  if (!root || !data) return null;
  let life = lives.get(parentElement);
  if (life?.root !== root) {
    life?.release();
    life = Object.assign(create(root), { runs: 0 });
    lives.set(parentElement, life);
  }
  const run = ++life.runs;
  life.leave = () => {
    if (run !== life.runs || lives.get(parentElement) !== life) return;
    life.release();
    lives.delete(parentElement);
  };
  return life;
}

// Call `repaint` when one of these elements has a new size, the theme turns dark or light, the page's font is there, or
// the page is printed. canvas.js is put before this file where it is used.
// Returns the function that ends this.
function repaintFor(elements, repaint) {
  const observer = new ResizeObserver(repaint);
  elements.forEach((element) => observer.observe(element));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const afterTheme = () => requestAnimationFrame(repaint); // by then the page has its new colours
  dark.addEventListener("change", afterTheme);
  document.fonts.addEventListener("loadingdone", repaint);
  const print = ({ type }) => {
    paper.isUsed = type === "beforeprint";
    repaint();
  };
  for (const type of ["beforeprint", "afterprint"]) addEventListener(type, print);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", afterTheme);
    document.fonts.removeEventListener("loadingdone", repaint);
    for (const type of ["beforeprint", "afterprint"]) removeEventListener(type, print);
  };
}
