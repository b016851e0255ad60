// Small pieces of a page.

function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

function button(text, onPress, className = "") {
  const made = make("button", className, text);
  made.type = "button";
  made.onclick = onPress;
  return made;
}

// Replace what an element holds, but only where it would differ: a press that comes meanwhile keeps its button.
function fill(root, key, build) {
  if (root.dataset.built === key) return;
  root.dataset.built = key;
  root.replaceChildren(...build());
}

// A page over the page; the keys that go on close it first.
function overPage(root, parts) {
  const page = make("dialog", "over");
  const onKey = (event) => {
    if (!["PageDown", "PageUp", "ArrowRight", "ArrowLeft"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    page.close();
  };
  page.onclose = () => {
    removeEventListener("keydown", onKey, true);
    page.remove();
  };
  addEventListener("keydown", onKey, true);
  page.append(button("Close", () => page.close(), "close"), ...parts);
  root.parentNode.append(page); // beside what is drawn anew with each news
  page.showModal();
  return page;
}
