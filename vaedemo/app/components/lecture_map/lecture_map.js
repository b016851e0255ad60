// Cards with links to pages. A plain click stays in this visit; one that asks for a new tab or window is the browser's.
// visit.js is put before this file.

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".map");
  if (!root || !data) return;
  const built = JSON.stringify(data);
  if (root.dataset.built !== built) {
    root.dataset.built = built;
    root.setAttribute("aria-label", data.label);
    root.replaceChildren(...data.cards.map(cardOf));
  }
  root.onclick = (event) => {
    const link = event.target.closest?.("a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // As Streamlit's own links do: the next page is read from its top.
    parentElement.host?.closest("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: "instant" });
    visitLink(link.href);
  };
}

function cardOf({ title, links }) {
  const card = element("div", "card"); // no landmark of its own: the menu has one of each name
  const list = element("ul", "links");
  list.append(...links.map(linkOf));
  card.append(element("h3", "", title), list);
  return card;
}

function linkOf({ label, href }) {
  const link = element("a", "", label);
  link.href = href;
  const entry = element("li");
  entry.append(link);
  return entry;
}

function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
