// Go to another view or page of this visit, as the Back button does: Streamlit follows the browser's history.

const KEPT = ["embed", "embed_options"]; // how the app is shown inside another page: Streamlit's own menu keeps it too

function visitLink(href) {
  const target = new URL(href, location.href);
  const now = new URLSearchParams(location.search);
  for (const name of KEPT) {
    if (!target.searchParams.has(name)) for (const value of now.getAll(name)) target.searchParams.append(name, value);
  }
  // Pressed twice it is one step of the way back.
  if (target.href === location.href) history.replaceState({}, "", target);
  else history.pushState({}, "", target);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}
