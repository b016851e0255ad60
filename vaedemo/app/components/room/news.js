// The room's news: one long poll for all of a tab's pages. member.js is put before this file.

const RETRY_SECONDS = [0.5, 1, 2, 4, 8];

const room = {
  code: "", // of the room that is listened to
  secret: "",
  told: null, // the latest news
  refused: "", // why there is no news: a sentence
  gone: false,
  turn: 0,
  revive: () => {}, // what to do when the server is back: room.js
  reviving: 0,
  listeners: new Set(),
};

const leads = () => Boolean(room.secret);
const withSecret = (message = {}) => ({ voter: voter(), ...(room.secret && { secret: room.secret }), ...message });

// Listen to this tab's room, if it has one and does not listen yet.
function attend() {
  const member = membership();
  if ((member?.code ?? "") === room.code && (member?.secret ?? "") === room.secret) return;
  Object.assign(room, { code: member?.code ?? "", secret: member?.secret ?? "", told: null, refused: "", gone: false });
  room.turn += 1;
  if (room.code) listen(room.turn);
}

async function listen(turn) {
  let failures = 0;
  let joined = leads();
  while (turn === room.turn) {
    try {
      if (!joined) await askRooms(`/${room.code}/join`, { voter: voter() });
      joined = true;
      const told = await askRooms(`/${room.code}/news`, withSecret({ seen: room.told?.seen ?? null }));
      if (turn !== room.turn) return;
      if (failures) room.revive();
      failures = 0;
      Object.assign(room, { told, refused: "" });
    } catch (error) {
      if (turn !== room.turn) return;
      room.refused = error.refused ? error.message : "";
      failures += error.refused ? 0 : 1;
      room.gone = Boolean(error.gone);
      if (error.gone) {
        room.told = null;
        remember(null);
      }
      tellAll();
      if (error.gone) return;
      await later(RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)]);
      continue;
    }
    tellAll();
  }
}

// A class that lost its server does not come back all at once.
const later = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds * (0.5 + Math.random())));

function tellAll() {
  for (const tell of [...room.listeners]) tell();
}

// An order of the lecturer, or a vote. Returns what the room answers; what it refuses is said by `say`.
async function order(action, message, say) {
  try {
    return await askRooms(`/${room.code}/${action}`, withSecret(message));
  } catch (error) {
    say(error.message);
    return null;
  }
}

// Who leaves the room or closes the tab is no longer here.
function sayGoodbye() {
  if (!room.code || room.gone || leads()) return;
  const message = new Blob([JSON.stringify({ voter: voter() })], { type: "application/json" });
  navigator.sendBeacon?.(new URL(`room/${room.code}/leave`, import.meta.url), message);
}
addEventListener("pagehide", sayGoodbye);

// The vote on a step, as far as this tab knows; null where the lecturer is elsewhere.
function voteOn({ lesson, step }) {
  const vote = room.told?.ballot;
  return vote && vote.lesson === lesson && vote.step === step ? vote : null;
}
