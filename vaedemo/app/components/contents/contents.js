// What can be done with the view that is shown, and the pages by their parts. A plain click stays in this visit; one that asks for a new tab or window is the browser's.

const NARROW = "(max-width: 768px)"; // below it Streamlit lays the sidebar over the page
const SAID_FOR = 2000; // milliseconds that a button says what it did

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".contents");
  if (!root || !data) return;
  const view = parentElement.querySelector(".view");
  const built = JSON.stringify(data.parts);
  if (root.dataset.built !== built) {
    root.dataset.built = built;
    root.setAttribute("aria-label", data.label);
    root.replaceChildren(...data.parts.map(partOf));
  }
  for (const link of root.querySelectorAll("a")) {
    if (link.getAttribute("href") === data.here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  root.onclick = (event) => {
    const link = event.target.closest?.("a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    visitLink(link.href);
    document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: "instant" });
    closeMenu();
  };
  view.querySelector(".copy").onclick = async () => {
    const words = view.querySelector(".words");
    words.textContent = (await copied(location.href)) ? "Copied" : "In the address bar";
    clearTimeout(view.timer);
    view.timer = setTimeout(() => (words.textContent = "Copy link"), SAID_FOR);
  };
  view.querySelector(".present").onclick = () => {
    const target = new URL(location.href);
    target.searchParams.set("present", "1");
    visitLink(target.href);
  };
  view.querySelector(".walk").onclick = () => visitLink("./?present=1&walk=1");
  joinBy(view);
}

// A room is joined by the code that the lecturer shows.
function joinBy(view) {
  const [join, form] = [view.querySelector(".join"), view.querySelector(".room")];
  const field = form.querySelector("input");
  join.onclick = () => {
    form.hidden = !form.hidden;
    join.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) field.focus();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const target = new URL(location.href);
    target.searchParams.set("room", field.value.trim().toUpperCase());
    form.hidden = true;
    visitLink(target.href);
    closeMenu();
  };
}

// Where the menu lies over the page, it goes after a choice.
function closeMenu() {
  if (matchMedia(NARROW).matches) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}

function partOf({ title, links }) {
  const part = element("section");
  part.setAttribute("aria-label", title);
  const list = element("ul");
  list.append(...links.map(linkOf));
  part.append(element("p", title), list);
  return part;
}

function linkOf({ href, label, icon }) {
  const link = element("a");
  link.setAttribute("href", href);
  const sign = element("span", icon);
  sign.setAttribute("aria-hidden", "true");
  link.append(sign, element("span", label));
  const entry = element("li");
  entry.append(link);
  return entry;
}

function element(tag, text = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  return made;
}
