// The order of a lesson's steps and of the walk, and what "Next" does there. Nothing here touches the page.
//
// A place is { walk } in the walk (from 1), else { step }; with parts that come one by one also `shown`, how many of
// them. `data` is what the page sent: see stepper/__init__.py.

// The places of the route that `place` is on, in their order.
function placesOf(data, place) {
  if (place.walk) return data.stops.flatMap((stop, index) => withParts({ walk: index + 1 }, stop[5]));
  return data.steps.flatMap(({ name, parts }) => withParts({ step: name }, parts));
}

// A place for each part of a step.
function withParts(place, parts) {
  if (!parts) return [place];
  return Array.from({ length: parts[1] }, (_, index) => ({ ...place, shown: index + 1 }));
}

function isSame(one, other) {
  return one.walk === other.walk && one.step === other.step && one.shown === other.shown;
}

// Which of the places that presses asked for have still to be drawn, now that `here` is drawn after `before`.
//
// The page draws them in their order, but not all of them: presses that come together are answered by one drawing. So
// the first of the places that is `here` is drawn, and those before it. Those after it may then be left over: a drawing
// of another place shows it, where the page had already been at the last one.
function stillAsked(asked, before, here) {
  const index = asked.findIndex((place) => isSame(place, here));
  if (index >= 0) return asked.slice(index + 1);
  return before && asked.length && isSame(asked.at(-1), before) ? [] : asked;
}

// The place where a link to a step leads.
function startOf(data, step) {
  return placesOf(data, { step }).find((each) => each.step === step);
}

function partsAt(data, place) {
  return place.walk ? data.stops[place.walk - 1]?.[5] : data.steps.find(({ name }) => name === place.step)?.parts;
}

// The name of the question at a place, or "" where none is asked.
function questionAt(data, place) {
  if (place.shown < partsAt(data, place)?.[2]) return "";
  if (place.walk) {
    const [, lesson, , step, asks] = data.stops[place.walk - 1] ?? [];
    return asks ? `${lesson}/${step}` : "";
  }
  const step = data.steps.find(({ name }) => name === place.step);
  return step?.asks ? `${data.lesson}/${step.name}` : "";
}

// The relative address of a place, with the projector view kept.
function hrefOf(data, place) {
  const stop = place.walk ? data.stops[place.walk - 1] : [0, data.lesson, data.address, place.step];
  const query = new URLSearchParams();
  if (stop[3]) query.set("step", stop[3]);
  if (place.shown > 1) query.set(partsAt(data, place)[0], place.shown);
  if (data.present) query.set("present", "1");
  if (place.walk) query.set("walk", place.walk);
  return `${stop[2]}?${query}`;
}

// What one press does: { reveal: question }, { place, href }, { href } (the next lesson), or null at an end.
// `known(question)`: whether it has been answered.
function pressed(data, place, by, known) {
  const question = questionAt(data, place);
  if (by > 0 && question && !known(question)) return { reveal: question };
  const places = placesOf(data, place);
  const next = places[places.findIndex((each) => isSame(each, place)) + by];
  if (next) return { place: next, href: hrefOf(data, next) };
  return by > 0 && !place.walk && data.following ? { href: data.following.href } : null;
}
