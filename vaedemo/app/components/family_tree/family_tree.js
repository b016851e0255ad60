// A tree whose leaves are one choice: a radio group for those who hear the page, moved through by arrow keys.

export default function (component) {
  const { data: [data], parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".tree");
  if (!root || !data) return;
  root.setAttribute("aria-label", data.label);
  root.style.setProperty("--runs", data.colours.runs);
  root.style.setProperty("--line", data.colours.line);
  const built = JSON.stringify([data.tree, data.legend]);
  if (root.dataset.built !== built) {
    root.dataset.built = built;
    root.replaceChildren(nodeOf(data.tree, []), ...(data.legend ? [legendOf(data.legend)] : []));
    root.classList.toggle("plain", !data.legend);
  }
  const choose = (key) => {
    if (key === root.dataset.chosen) return;
    mark(root, key);
    setTriggerValue("chosen", key);
  };
  mark(root, data.chosen);
  root.onclick = (event) => {
    const leaf = event.target.closest?.(".leaf");
    if (leaf) choose(leaf.dataset.key);
  };
  root.onkeydown = (event) => steer(root, event, choose);
}

function nodeOf(tree, path) {
  if (tree.key) return leafOf(tree, path);
  const node = element("div", "node");
  node.append(element("div", "name", tree.name));
  const children = element("div", "children");
  for (const each of tree.children) {
    const child = element("div", "child");
    child.append(nodeOf(each, [...path, tree.name]));
    children.append(child);
  }
  node.append(children);
  return node;
}

function leafOf(tree, path) {
  const leaf = element("button", "leaf");
  leaf.type = "button";
  leaf.dataset.key = tree.key;
  leaf.setAttribute("role", "radio");
  const said = [tree.name, ...path.slice(1), tree.note];
  leaf.setAttribute("aria-label", said.join(", ") + (tree.runs ? ", runs on this page" : ""));
  const title = element("span", "title", tree.name);
  if (tree.runs) title.append(element("span", "dot"));
  leaf.append(title, element("span", "note", tree.note));
  return leaf;
}

function legendOf(words) {
  const legend = element("div", "legend");
  const entry = element("span", "entry", words);
  entry.prepend(element("span", "mark dot"));
  legend.append(entry);
  legend.setAttribute("aria-hidden", "true");
  return legend;
}

// One leaf is chosen, and it alone is reached by Tab.
function mark(root, key) {
  root.dataset.chosen = key;
  for (const leaf of root.querySelectorAll(".leaf")) {
    const chosen = leaf.dataset.key === key;
    leaf.setAttribute("aria-checked", chosen);
    leaf.tabIndex = chosen ? 0 : -1;
  }
}

function steer(root, event, choose) {
  const leaves = [...root.querySelectorAll(".leaf")];
  const at = leaves.findIndex((leaf) => leaf.dataset.key === root.dataset.chosen);
  const to = {
    ArrowDown: (at + 1) % leaves.length,
    ArrowRight: (at + 1) % leaves.length,
    ArrowUp: (at + leaves.length - 1) % leaves.length,
    ArrowLeft: (at + leaves.length - 1) % leaves.length,
    Home: 0,
    End: leaves.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  leaves[to].focus();
  choose(leaves[to].dataset.key);
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text) made.textContent = text;
  return made;
}
