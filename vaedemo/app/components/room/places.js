// Where the lecturer is, and who goes there. visit.js and news.js are put before this file.
//
// A student follows until a hand moves something here. The lecturer's screens follow each other: the last one that was
// moved by hand counts.

const ANNOUNCE_MILLISECONDS = 300; // a hand on a slider is told where it rests
const SETS_OUT_MILLISECONDS = 150; // the page's own run may still write its address
const SPREAD_MILLISECONDS = 400; // a class does not come all at once
const ARRIVES_MILLISECONDS = 4_000; // a page that has not come by then is asked for again
const MOST_TRIES = 3;
const PLACE = "vaedemo.place"; // what this tab of the lecturer's told last

const way = {
  goal: null, // where this tab is going
  tries: 0,
  trip: 0, // the timer of the next try
  arrived: "", // the place that was reached last, as the lecturer's screen named it
  home: "", // and what this page made of it: where it differs from that, a hand has moved something
  announced: "", // the lecturer's place that this screen told last
  timer: 0, // while the next one is waiting to be told
};

const nameOf = ({ lesson, step, query }) => JSON.stringify([lesson, step, query]);

function hrefTo(data, { lesson, query }) {
  const target = new URLSearchParams(query);
  if (data.present) target.set("present", "1");
  return `${lesson === data.home ? "./" : lesson}?${target}`;
}

// Go to a place, and again if an earlier run of the page has taken the address back.
function goTo(data, place, wait = SETS_OUT_MILLISECONDS) {
  clearTimeout(way.trip);
  Object.assign(way, { goal: place, tries: 0 });
  const tryIt = () => {
    if (way.tries === MOST_TRIES) {
      way.goal = null;
      return;
    }
    way.tries += 1;
    visitLink(hrefTo(data, place));
    way.trip = setTimeout(tryIt, ARRIVES_MILLISECONDS);
  };
  way.trip = setTimeout(tryIt, wait);
}

// The page was drawn: it has arrived, or a hand has moved something.
function drawnAt(data) {
  if (way.goal) {
    if (data.lesson !== way.goal.lesson || data.step !== way.goal.step) return;
    clearTimeout(way.trip);
    arriveAt(data, way.goal);
  } else if (leads()) {
    if (room.told && (way.announced || !room.told.where)) announce(data);
  } else if (way.arrived && way.home !== nameOf(data)) setFollows(false);
}

function setFollows(follows) {
  const member = membership();
  if (member && member.follows !== follows) remember({ ...member, follows });
}

const follows = () => membership()?.follows ?? false;

// Whether this page shows the lecturer's place, untouched.
function isThere(data) {
  const where = room.told?.where;
  return Boolean(where) && way.arrived === nameOf(where) && way.home === nameOf(data);
}

// News of the lecturer's place.
function follow(data) {
  const where = room.told?.where;
  if (!where) {
    if (room.told && leads()) announce(data);
    return;
  }
  const name = nameOf(where);
  if (way.goal) {
    if (nameOf(way.goal) !== name) goTo(data, where); // the lecturer has gone on meanwhile
    return;
  }
  // A screen of the lecturer's that has just come takes its place from the others, but not where a hand has opened
  // another page in its tab.
  const last = leads() && !way.announced && sessionStorage.getItem(PLACE);
  if (last && last !== nameOf(data)) {
    announce(data);
    return;
  }
  const stays = leads() ? way.timer || name === way.announced : !follows() || way.arrived === name;
  if (stays) return;
  if (name === nameOf(data)) arriveAt(data, where);
  else goTo(data, where, SETS_OUT_MILLISECONDS + (leads() ? 0 : SPREAD_MILLISECONDS * Math.random()));
}

function arriveAt(data, place) {
  Object.assign(way, { arrived: nameOf(place), announced: nameOf(place), home: nameOf(data), goal: null });
  if (leads()) tellQuestion(data);
}

// Tell the room where this screen of the lecturer's is, once it rests.
function announce(data) {
  const name = nameOf(data);
  const { where, ballot } = room.told ?? {};
  const isKnown = where && nameOf(where) === name && !(data.question === "open" && !ballot) && !way.timer;
  if (isKnown && !(data.question === "answered" && ballot && !ballot.revealed)) return;
  clearTimeout(way.timer);
  way.timer = setTimeout(() => {
    way.announced = name;
    way.timer = 0;
    tellQuestion(data);
  }, ANNOUNCE_MILLISECONDS);
}

function tellQuestion({ lesson, step, query, question }) {
  sessionStorage.setItem(PLACE, nameOf({ lesson, step, query }));
  order("move", { lesson, step, query, question }, (words) => {
    room.refused = words;
    tellAll();
  });
}
