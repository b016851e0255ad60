// Who this tab is in a class's room. The tab's sessionStorage keeps it: a reload and a locked phone are the same voter, a
// new tab is another one. A lecturer's tab has the room's secret there too. Neither is ever in a link.

const VOTER = "vaedemo.voter";
const MEMBER = "vaedemo.room";
const CODE = /^[A-HJ-NP-Z]{4}$/;

// 128 random bits; getRandomValues is there on pages that are not secure too.
function voter() {
  let token = sessionStorage.getItem(VOTER) ?? "";
  if (!/^[0-9a-f]{32}$/.test(token)) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    token = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem(VOTER, token);
  }
  return token;
}

// The room of this tab: { code, secret, follows }, or null.
function membership() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(MEMBER));
    return kept && CODE.test(kept.code) ? { code: kept.code, secret: kept.secret || "", follows: kept.follows !== false } : null;
  } catch {
    return null;
  }
}

function remember(member) {
  if (member) sessionStorage.setItem(MEMBER, JSON.stringify(member));
  else sessionStorage.removeItem(MEMBER);
}

// What the session should know of this tab.
function introduction(member) {
  return member ? { code: member.code, voter: voter(), leads: Boolean(member.secret) } : { code: "" };
}

// Ask a route of the rooms; they lie beside this script. Throws an error whose message is a sentence, with `gone` where
// the room is, and `refused` where asking again would not help.
async function askRooms(path, message = {}, more = {}) {
  const answer = await fetch(new URL(`room${path}`, import.meta.url), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
    cache: "no-store",
    ...more,
  }).catch(() => {
    throw new Error("The server cannot be reached. Try again."); // each browser has words of its own for this
  });
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) return told;
  const error = new Error(told?.error ?? `The server does not answer (HTTP ${answer.status}).`);
  throw Object.assign(error, { gone: Boolean(told?.gone), refused: Boolean(told?.error) && answer.status < 500 });
}
