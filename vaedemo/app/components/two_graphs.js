// The two computation graphs of the reparameterization page. The drawing stands in the HTML; this fills in the numbers
// of one draw, the image, and lets the gradient arrows run back once.

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".graphs");
  if (!root || !data) return;
  for (const [role, colour] of Object.entries(data.colours)) root.style.setProperty(`--${role}`, colour);
  for (const figure of root.querySelectorAll("svg")) {
    const kind = figure.classList.contains("score") ? "score" : "pathwise";
    for (const name of ["mu", "z", "noise", "reward"]) write(figure, `.${name}`, data.numbers[name]);
    write(figure, ".one", data.gradients[kind][0]);
    write(figure, ".two", data.gradients[kind][1]);
    write(figure, ".point", data.image ? "" : "x");
    figure.setAttribute("aria-label", data.labels[kind]);
    picture(figure.querySelector("image"), data.image);
  }
  root.classList.remove("running");
  void root.getBoundingClientRect(); // so that the animation starts anew
  root.classList.add("running");
}

function write(figure, selector, text) {
  const element = figure.querySelector(selector);
  if (element) element.textContent = text;
}

// A black and white image from its size and the places of its white pixels.
function picture(element, image) {
  if (!image) {
    element.removeAttribute("href");
    return;
  }
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext("2d");
  context.fillRect(0, 0, image.width, image.height);
  context.fillStyle = "white";
  for (const place of image.white) context.fillRect(place % image.width, Math.floor(place / image.width), 1, 1);
  element.setAttribute("href", canvas.toDataURL());
}
