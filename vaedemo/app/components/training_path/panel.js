// What stands below the drawing: the stage's name and sentence, its table, and its pictures.

function fillPanel(panel, stage, paint) {
  const [name, words] = panel.querySelector("p").children;
  name.textContent = `${stage.name}.`;
  words.textContent = stage.words;
  const [table, pictures] = panel.querySelector(".shown").children;
  table.replaceChildren(...sections(stage));
  table.hidden = !stage.table.length;
  pictures.replaceChildren(...stage.pictures.map(([place, caption]) => pictureOf(place, caption, paint)));
}

// The head and the body of a stage's table. `roles`: by the number of a row, the colour that marks it.
function sections({ table, roles }) {
  if (!table.length) return [];
  const rows = table.map((cells, index) => {
    const row = document.createElement("tr");
    if (roles[index]) row.style.setProperty("--role", `var(--${roles[index]})`);
    row.append(...cells.map((text, column) => cellOf(text, index, column)));
    return row;
  });
  return ["thead", "tbody"].map((tag) => {
    const section = document.createElement(tag);
    section.append(...(tag === "thead" ? rows.slice(0, 1) : rows.slice(1)));
    return section;
  });
}

function cellOf(text, row, column) {
  const cell = document.createElement(row === 0 || column === 0 ? "th" : "td");
  if (cell.tagName === "TH") cell.scope = row === 0 ? "col" : "row";
  cell.textContent = text;
  return cell;
}

function pictureOf(place, caption, paint) {
  const figure = document.createElement("div");
  const words = document.createElement("b");
  words.textContent = caption;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", caption);
  figure.append(words, canvas);
  paint(canvas, place);
  return figure;
}
