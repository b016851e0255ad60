// What a visitor does is told to the server at once.
//
// Streamlit 1.67 gathers a widget's changes and sends them by a timer of 0 ms. After a click or a key press Chromium
// runs no timer before the next frame is painted: the server idles for up to a frame while the browser paints what has
// not changed yet. So that one timer becomes a microtask, which runs when the handlers of the event are through: all
// that one of them changed still goes together. Where Streamlit sends in another way, nothing here has an effect.

function sendPromptly(page) {
  if (page.vaedemoUsualTimer) return;
  const usual = (page.vaedemoUsualTimer = page.setTimeout.bind(page));
  page.setTimeout = (act, delay, ...rest) => {
    const sends = !delay && typeof act === "function" && String(act).includes("sendUpdateWidgetsMessage");
    if (!sends) return usual(act, delay, ...rest);
    queueMicrotask(act);
    return 0;
  };
}

sendPromptly(window);
