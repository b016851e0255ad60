// The two computation graphs of the reparameterization page. The drawing stands in the HTML; this fills in the numbers
// of one draw, the image, and lets the gradient arrows run back once.

const drawn = new WeakMap(); // what each pair of graphs shows

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".graphs");
  if (!root || !data) return;
  const text = JSON.stringify(data);
  if (drawn.get(root) === text) return; // another part of the page has changed: nothing is to be laid out anew
  drawn.set(root, text);
  for (const [role, colour] of Object.entries(data.colours)) root.style.setProperty(`--${role}`, colour);
  root.dataset.flow = data.flow;
  const picture = data.image && pictureOf(data.image);
  for (const figure of root.querySelectorAll("svg")) {
    const kind = figure.classList.contains("score") ? "score" : "pathwise";
    for (const [name, words] of Object.entries(data.numbers)) write(figure, `.${name}`, words);
    write(figure, ".one", data.gradients[kind][0]);
    write(figure, ".two", data.gradients[kind][1]);
    write(figure, ".point", data.image ? "" : "•");
    figure.setAttribute("aria-label", data.labels[kind]);
    const image = figure.querySelector("image");
    if (!picture) image.removeAttribute("href");
    else if (image.getAttribute("href") !== picture) image.setAttribute("href", picture);
  }
  root.classList.remove("running");
  void root.getBoundingClientRect(); // so that the animation starts anew
  root.classList.add("running");
}

function write(figure, selector, text) {
  const element = figure.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}

// The address of a black and white image, from its size and the places of its white pixels.
function pictureOf(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext("2d");
  context.fillRect(0, 0, image.width, image.height);
  context.fillStyle = "white";
  for (const place of image.white) context.fillRect(place % image.width, Math.floor(place / image.width), 1, 1);
  return canvas.toDataURL();
}
