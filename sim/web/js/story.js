// The ringed run in words, and the reasons of its decisions.

const STORY = DATA.story;
const [PER_WORTH, PER_LEVEL] = [10, 100];

// Days and events of the ringed run of a cell, unpacked when first asked for.
const runs = new Map();
function runOf(cell) {
  if (!runs.has(cell)) {
    const packed = ofCell(STORY.runs, cell);
    const word = (place) => (Number.isNaN(place) ? null : STORY.words[place]);
    const [day, type, actor, offer, fact] = ["day", "type", "actor", "offer", "fact"].map((name) => unpacked(packed[name]));
    const series = ["held_km2", "least", "most", "believed_least", "believed_most"].map((name) => [name, unpacked(packed[name])]);
    runs.set(cell, {
      ...packed, ...Object.fromEntries(series), aid: unpacked(packed.aid, PER_LEVEL),
      chips: Object.fromEntries(Object.entries(packed.chips_km2).map(([chip, km2]) => [chip, unpacked(km2)])),
      events: day.map((each, i) => ({
        day: each, type: word(type[i]), actor: word(actor[i]), offer: word(offer[i]),
        terms: STORY.facts[fact[i]], reason: packed.reasons[i] ? reasonOf(packed.reasons[i]) : null,
        turns: packed.turns[i] ?? null,
      })),
    });
  }
  return runs.get(cell);
}

function reasonOf(text) {
  const [accept, fightOn, noise, aspiration, ...parts] = unpacked(text, PER_WORTH);
  return { accept, fightOn, noise, aspiration, parts: STORY.parts.map((name, i) => ({ name, value: parts[i] })) };
}

// Days of a run: the first is the eve, so day d of the calendar is at d / step + 1.
const dayOfRow = (row) => unpacked(DATA.days.all)[row];
const rowOfDay = (run, day) => {
  const rows = unpacked(DATA.days.all);
  let row = 0;
  while (row + 1 < run.held_km2.length && rows[row + 1] <= day) row += 1;
  return row;
};

function termsText(terms) {
  const kind = terms.kind === "partial" ? "partial" : "full";
  const days = terms.duration_days;
  const parts = [say(`terms.${kind}${days ? "" : "_endless"}`, { days })];
  if (kind === "full" && terms.line !== "in_place" && terms.line_km2 !== undefined) parts.push(say("terms.line", { side: nameOf(DATA.front), held: number(terms.line_km2, whole) }));
  for (const [party, share] of Object.entries(terms.relief ?? {})) {
    if (share) parts.push(say("terms.relief", { party: nameOf(party), share: number(100 * share, whole) }));
  }
  for (const [chip, share] of Object.entries(terms.hand_back ?? {})) if (share) parts.push(say("terms.hand_back", { chip: nameOf(chip) }));
  for (const [name, share] of Object.entries(terms)) {
    if (share && typeof share === "number" && name !== "monitoring" && name in WORDS.terms) parts.push(say(`terms.${name}`));
  }
  if ((terms.conditions ?? []).includes("monitoring")) parts.push(say("terms.monitoring"));
  return parts.join(say("numbers.comma"));
}

function conditionsText(terms) {
  return joined((terms.conditions ?? []).map((name) => {
    const chips = joined(Object.keys(terms.hand_back ?? {}).map(nameOf));
    if (name === "hand_back") return chips ? say("terms.if_hand_back", { chips }) : say("terms.if_hand_back_any");
    return say(`terms.if_${name}`);
  }));
}

function eventText(event) {
  const terms = event.terms ?? {};
  let name = event.type;
  if (terms.kind === "partial" && ["truce", "breakdown", "expiry", "extension"].includes(name)) name += "_partial";
  if (terms.extension) name += "_extension";
  if (name === "territory" && terms.how === "hand_back") name = "hand_back";
  return begun(say(`events.${name}`, {
    actor: inText(event.actor), chip: nameOf(terms.chip), conditions: conditionsText(terms),
    offer: termsText(terms),
    was: typeof terms.was === "number" || terms.was === undefined ? number(terms.was ?? 0) : nameOf(terms.was),
    level: number(terms.level ?? 0), regime: nameOf(terms.regime), held: number(terms.held_km2 ?? 0, whole),
    size: sized((terms.was_km2 ?? 0) - (name === "hand_back" ? terms.km2 ?? 0 : 0), terms.chip), audience_cost: number(terms.audience_cost_km2 ?? 0, whole),
  }));
}

const chipsText = (run, key, before, after) =>
  Object.keys(run.chips).map((chip) => say(key, { chip: nameOf(chip), before: sized(run.chips[chip][before], chip),
    after: sized(run.chips[chip][after], chip), size: sized(run.chips[chip][after], chip), start: sized(run.chips[chip][0], chip) })).join("");

// What the front did between two days that are told; empty if it did not move.
function frontText(run, before, after) {
  if (after <= before || run.held_km2[before] === run.held_km2[after]) return "";
  return say("story.front", { before: number(run.held_km2[before], whole), after: number(run.held_km2[after], whole),
    chips: chipsText(run, "story.front_chip", before, after) });
}

function endText(run) {
  const last = run.held_km2.length - 1;
  const [kind, defeated] = run.end;
  const end = say(`story.ends.${kind}`, { party: nameOf(defeated) });
  return say("story.end", { end, held: number(run.held_km2[last], whole), chips: chipsText(run, "story.end_chip", 0, last) });
}

const FIRST_DAYS = 4;
let unfolded = null; // cell whose whole story is shown

figure({
  id: "story",
  heading: () => say("story.heading"),
  draw() {
    const cell = currentCell();
    const run = runOf(cell);
    const days = d3.groups(run.events, (event) => event.day);
    let before = 0;
    const items = days.map(([day, events]) => {
      const eve = Math.max(0, rowOfDay(run, day) - 1);
      const front = frontText(run, before, eve);
      before = Math.max(before, eve);
      return el("li", {}, front ? el("p", { class: "front" }, front) : null,
        el("p", {}, el("strong", {}, say("story.day", { day, date: dateOf(day) })), " ", events.map(eventText).join(" ")),
        el("div", { class: "whys" }, ...events.filter((event) => event.reason).map(whyNode)));
    });
    const last = run.held_km2.length - 1;
    const told = unfolded === cell ? items : items.slice(0, FIRST_DAYS);
    const hidden = items.length - told.length;
    const counted = (...types) => run.events.filter((event) => types.includes(event.type)).length;
    const begun = run.events.filter((event) => event.type === "truce");
    const partial = begun.filter((event) => event.terms?.kind === "partial");
    const caption = say("story.caption", {
      offers: say("story.offers", { number: counted("offer", "counter_offer") }),
      refusals: say("story.refusals", { number: counted("rejection", "conditional_acceptance") }),
      truces: say("story.truces", { number: begun.length - partial.length }),
      partial: say("story.partial", { number: partial.length }),
    });
    const more = hidden > 0 ? button(say("story.all_days", { number: hidden }), () => { unfolded = cell; redraw(this); }, { class: "quiet" }) : null;
    const intro = say("story.intro", { base: number(ABOUT.replicates[1], whole), replicate: STORY.replicate });
    const front = frontText(run, before, last);
    return {
      nodes: [],
      caption: [el("p", {}, `${intro} ${say("story.line", { side: nameOf(DATA.front) })}`), el("ol", { class: "days" }, ...told), more,
        el("p", {}, el("strong", {}, hidden > 0 ? endText(run) : `${front} ${endText(run)}`.trim())), el("p", {}, caption)],
      table: { columns: ["day", "date", "text"], rows: run.events.map((event) => [event.day, isoOf(event.day), eventText(event)]) },
    };
  },
});

const isoOf = (day) => new Date(START + day * 86400000).toISOString().slice(0, 10);
