// The way into the room: its code and the students' link as a QR code, and the link for a second device of the
// lecturer's. member.js and elements.js are put before this file.

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/;
const ADDRESS = "vaedemo.address"; // the address that others reach this machine by, as the lecturer gave it

// The app's own address as this browser uses it, with the host that others reach it by; "" while that is not known.
function addressOfApp() {
  const app = new URL("..", import.meta.url);
  if (!LOOPBACK.test(app.hostname)) return app.href;
  const given = sessionStorage.getItem(ADDRESS) ?? "";
  return given ? asAddress(given, app) : "";
}

// "192.168.1.20", with or without a port or a protocol, as the app's address there; "" for what is no host.
function asAddress(given, app) {
  try {
    const isWhole = given.includes("://");
    const url = new URL(isWhole ? given : `${app.protocol}//${given}`);
    if (LOOPBACK.test(url.hostname) || !url.hostname) return "";
    if (!isWhole && !/:\d+$/.test(given)) url.port = app.port;
    return `${url.origin}${app.pathname}`;
  } catch {
    return "";
  }
}

const linkOf = (code, ticket = "") => {
  const app = addressOfApp();
  return app && `${app}?room=${code}${ticket && `#lead=${ticket}`}`;
};

// A page over the page: the code for the last row, and the QR code of `link`. `ticket`: for the lecturer's own device.
async function showDoor(root, code, ticket = "") {
  const link = linkOf(code, ticket);
  if (link) overPage(root, await doorWith(code, link, ticket));
  else askAddress(root, code, ticket);
}

async function doorWith(code, link, ticket) {
  const picture = make("div", "qr");
  try {
    const { rows } = await askRooms(`/${code}/qr`, { link });
    picture.append(qrPicture(rows, link));
  } catch (error) {
    picture.append(make("p", "", error.message));
  }
  if (ticket) {
    return [
      make("h2", "", "Your own phone"),
      picture,
      make("p", "", "Whoever scans this leads the room: keep it off the projector. It works once, for ten minutes."),
      button("Copy the link", (event) => copyTo(event.target, link)),
    ];
  }
  return [
    make("h2", "", "Join the room"),
    make("p", "code", code),
    picture,
    make("p", "link", link.split("://")[1]),
    button("Copy the link", (event) => copyTo(event.target, link)),
  ];
}

async function copyTo(target, link) {
  target.textContent = (await copied(link)) ? "Copied" : link;
}

// The browser came by a loopback address, which is no use to anybody else.
function askAddress(root, code, ticket) {
  const form = make("form");
  const field = make("input");
  Object.assign(field, { placeholder: "192.168.1.20", required: true, autocomplete: "off" });
  field.setAttribute("aria-label", "Address of this machine");
  const say = make("p", "refused");
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!asAddress(field.value.trim(), new URL("..", import.meta.url))) {
      say.textContent = "This is no address that another machine can open: give an IP address or a name.";
      return;
    }
    sessionStorage.setItem(ADDRESS, field.value.trim());
    page.close();
    showDoor(root, code, ticket);
  };
  const send = make("button", "", "Show the code");
  form.append(field, send);
  const words =
    "You opened the app by an address that only this machine knows. Which address do the others use? " +
    "In the hall's network it is this machine's IP address.";
  const page = overPage(root, [make("h2", "", "The address of this machine"), make("p", "", words), form, say]);
}

// The squares of a QR code, with the quiet zone that readers need.
function qrPicture(rows, link) {
  const margin = 4;
  const size = rows.length + 2 * margin;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `QR code of ${link.split("#")[0]}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const squares = rows.flatMap((row, y) => [...row].map((dark, x) => (dark === "1" ? `M${x + margin} ${y + margin}h1v1h-1z` : "")));
  path.setAttribute("d", squares.join(""));
  svg.append(path);
  return svg;
}
