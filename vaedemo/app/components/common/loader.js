// Loads a component's script by its address, so that it is evaluated once even if a page has several such components.
// The address starts at the URL of Streamlit's own script, because an app may be served below another path.
// There is no top-level `await`: Safari lets the second importer of such a module go on before the first has run it
// (WebKit bug 242740). Of each element the last run before the script is there is made up for.

const base = document.querySelector("script[src*='static/js/']").src.split("static/js/")[0];
const runs = new WeakMap();
let component;
const loaded = import(`${base}ADDRESS`).then((script) => (component = script.default));

export default function (call) {
  if (component) return component(call);
  const element = call.parentElement;
  const run = {};
  runs.set(element, run);
  const isLast = () => runs.get(element) === run;
  loaded.then(
    () => isLast() && (run.leave = component(call)),
    () => isLast() && element.append("This part of the page could not be loaded. Reload the page."),
  );
  return () => {
    if (isLast()) runs.delete(element);
    run.leave?.();
  };
}
