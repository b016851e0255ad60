// What a visitor does is told to the server at once.
//
// Streamlit 1.67 gathers a widget's changes and sends them by a timer of 0 ms. After a click or a key press Chromium
// runs no timer before the next frame is painted: the server idles for up to a frame while the browser paints what has
// not changed yet. So that one timer becomes a microtask, which runs when the handlers of the event are through.
// React draws what they changed in a microtask too, and another widget may change with it: a few turns later all of it
// is in, and goes together as it does by the timer. Where Streamlit sends in another way, nothing here has an effect.

const TURNS = 4; // microtasks that are let through first

function later(act, turns = TURNS) {
  queueMicrotask(turns > 0 ? () => later(act, turns - 1) : act);
}

function sendPromptly(page) {
  if (page.vaedemoUsualTimer) return;
  const usual = (page.vaedemoUsualTimer = page.setTimeout.bind(page));
  page.setTimeout = (act, delay, ...rest) => {
    const sends = !delay && typeof act === "function" && String(act).includes("sendUpdateWidgetsMessage");
    if (!sends) return usual(act, delay, ...rest);
    later(act);
    return 0;
  };
}

sendPromptly(window);
