// The two things that a room draws on a page: its line, and the vote. Their state is the module's, and outlives them.
// All other files of the room are put before this one.

const REVIVES_MILLISECONDS = 2_500;
const MOST_LOOKS = 6;
const votes = new Set(); // the votes on the page

export default function (component) {
  const life = lifeOf(component, ".room", create);
  if (!life) return undefined;
  const [data] = component.data;
  Object.assign(life, { data, send: component.setTriggerValue });
  life.root.classList.toggle("stage", data.present);
  life.root.classList.add(data.kind);
  if (data.kind === "vote") votes.add(life);
  attend();
  life.root.setAttribute("aria-label", data.kind === "bar" ? "The class’s room" : "The class’s vote");
  if (data.kind === "bar") drawnAt(data);
  hear(life);
  return life.leave;
}

function create(root) {
  clearTimeout(room.reviving);
  const life = { root, looking: 0 };
  life.tell = () => life.data && hear(life);
  room.listeners.add(life.tell);
  life.release = () => {
    room.listeners.delete(life.tell);
    votes.delete(life);
  };
  return life;
}

// The server was away. A new one knows nothing of this visit until the page is asked for as a whole, which it can be once
// Streamlit too has found it again. The session then has no room until the stepper says so: this line is made anew.
room.revive = (tries = 4) => {
  clearTimeout(room.reviving);
  if (!tries) return;
  room.reviving = setTimeout(() => {
    visitLink(location.href);
    room.revive(tries - 1);
  }, REVIVES_MILLISECONDS);
};

// There is news, or the page was drawn.
function hear(life) {
  if (life.data.kind === "vote") return drawVote(life);
  follow(life.data);
  look(life);
  drawLine(life);
}

// Ask the page to be drawn anew where the vote changes what it shows; again if the server was away just then.
function look(life) {
  const { data } = life;
  const vote = voteOn(data);
  const state = vote && !way.goal ? JSON.stringify([data.lesson, data.step, vote.round, vote.revealed]) : "";
  const isLate = state && (vote.revealed ? data.question === "open" : !leads() && !data.pending);
  if (!isLate || life.state !== state) Object.assign(life, { state, looks: 0 });
  if (!isLate || life.looking || life.looks === MOST_LOOKS) return;
  life.looks += 1;
  life.send("look", true);
  life.looking = setTimeout(() => {
    life.looking = 0;
    if (room.listeners.has(life.tell)) look(life);
  }, REVIVES_MILLISECONDS);
}
