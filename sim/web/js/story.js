// The ringed run in words, and the reasons of its decisions.

const STORY = DATA.story;
const PER_WORTH = 100000;

// Days and events of the ringed run of a cell, unpacked when first asked for.
const runs = new Map();
function runOf(cell) {
  if (!runs.has(cell)) {
    const packed = STORY.runs[cell];
    const columns = packed.events;
    const word = (place) => (Number.isNaN(place) ? null : STORY.words[place]);
    const [day, type, actor, offer, fact] = ["day", "type", "actor", "offer", "fact"].map((name) => unpacked(columns[name]));
    runs.set(cell, {
      ...packed,
      share: unpacked(packed.share, PER_MILLE), least: unpacked(packed.least, PER_MILLE),
      most: unpacked(packed.most, PER_MILLE), aid: unpacked(packed.aid, PER_MILLE),
      chips: Object.fromEntries(Object.entries(packed.chips_km2).map(([chip, km2]) => [chip, unpacked(km2)])),
      events: day.map((each, i) => ({
        day: each, type: word(type[i]), actor: word(actor[i]), offer: word(offer[i]),
        terms: STORY.facts[fact[i]], reason: packed.reasons[i] ? reasonOf(packed.reasons[i]) : null,
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
  while (row + 1 < run.share.length && rows[row + 1] <= day) row += 1;
  return row;
};

function termsText(terms) {
  const kind = terms.kind === "partial" ? "partial" : "full";
  const days = terms.duration_days;
  const parts = [say(`terms.${kind}${days ? "" : "_endless"}`, { days })];
  if (kind === "full" && terms.line_share !== undefined) parts.push(say("terms.line", { share: number(100 * terms.line_share, whole) }));
  for (const [party, share] of Object.entries(terms.relief ?? {})) {
    if (share) parts.push(say("terms.relief", { party: nameOf(party), share: number(100 * share, whole) }));
  }
  for (const [chip, share] of Object.entries(terms.hand_back ?? {})) if (share) parts.push(say("terms.hand_back", { chip: nameOf(chip) }));
  for (const name of ["aid_freeze", "sanctions_relief"]) if (terms[name]) parts.push(say(`terms.${name}`));
  if (terms.monitoring) parts.push(say("terms.monitoring", { number: number(terms.monitoring) }));
  return joined(parts);
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
  return say(`events.${name}`, {
    actor: nameOf(event.actor), chip: nameOf(terms.chip), conditions: conditionsText(terms),
    offer: say("terms.offer", { name: nameOf(event.offer), terms: termsText(terms) }),
    was: typeof terms.was === "number" || terms.was === undefined ? number(terms.was ?? 0) : nameOf(terms.was),
    level: number(terms.level ?? 0), regime: nameOf(terms.regime), share: number(100 * (terms.share ?? 0), whole),
    was_km2: number(terms.was_km2 ?? 0, whole), audience_cost: number(terms.audience_cost ?? 0),
  });
}

const chipsText = (run, key, before, after) =>
  Object.keys(run.chips).map((chip) => say(key, { chip: nameOf(chip), before: number(run.chips[chip][before], whole),
    after: number(run.chips[chip][after], whole), km2: number(run.chips[chip][after], whole), start: number(run.chips[chip][0], whole) })).join("");

// What the front did between two days that are told; empty if it did not move.
function frontText(run, before, after) {
  if (after <= before || run.share[before] === run.share[after]) return "";
  return say("story.front", { before: number(100 * run.share[before], whole), after: number(100 * run.share[after], whole),
    chips: chipsText(run, "story.front_chip", before, after) });
}

function endText(run) {
  const last = run.share.length - 1;
  const end = say(`story.ends.${run.outcome.end}`, { party: nameOf(run.outcome.defeated) });
  return say("story.end", { end, share: number(100 * run.share[last], whole), chips: chipsText(run, "story.end_chip", 0, last) });
}

// Why a party answered as it did: the parts of its payoff as bars, largest first.
function whyNode(event) {
  const { accept, fightOn, noise, aspiration, parts } = event.reason;
  const actor = nameOf(event.actor);
  const box = el("details", { class: "why" }, el("summary", {}, say("story.why", { actor })));
  box.addEventListener("toggle", () => {
    if (!box.open || box.children.length > 1) return;
    const difference = accept - fightOn;
    const large = parts.filter((part) => Math.abs(part.value) >= 5e-5).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const rows = [...large.map((part) => [say(`parts.${part.name}`) || part.name, part.value, ""]), [say("story.accept_total"), difference, "total"]];
    const most = Math.max(...rows.map(([, value]) => Math.abs(value)), 1e-9);
    const bars = rows.map(([label, value, kind]) => el("tr", { class: kind }, el("th", { scope: "row" }, label),
      el("td", { class: "figure-number" }, signed(value, exact)), el("td", { class: "bar" }, bar(value / most, kind))));
    const texts = [say("story.why_sum", { actor, accept: number(accept, exact), fight_on: number(fightOn, exact), difference: signed(difference, exact) })];
    if (aspiration >= 5e-5) texts.push(say("story.decided_aspiration", { aspiration: number(aspiration, exact) }));
    if ((difference >= aspiration) !== (difference + noise >= aspiration)) texts.push(say("story.decided_noise", { noise: signed(noise, exact) }));
    if (large.length < parts.filter((part) => part.value).length) texts.push(say("story.why_small"));
    const turn = command("why", "--replicate", String(STORY.replicate), "--day", String(event.day), "--party", event.actor);
    const [before, after] = say("story.why_turn").split("{command}");
    box.append(el("p", {}, texts.join(" ")), el("table", { class: "bars" }, el("tbody", {}, ...bars)), el("p", {}, before, el("code", {}, turn), after ?? ""));
  });
  return box;
}

// A bar from the middle: grey to the right, hatched to the left, black for the total.
function bar(share, kind) {
  const svg = d3.create("svg").attr("viewBox", "-51 0 102 12").attr("aria-hidden", "true").attr("preserveAspectRatio", "none");
  svg.append("line").attr("x1", 0).attr("x2", 0).attr("y1", 0).attr("y2", 12).attr("stroke", LINE_GREY).attr("stroke-width", 0.6);
  svg.append("rect").attr("x", Math.min(0, 50 * share)).attr("width", Math.abs(50 * share)).attr("y", 1).attr("height", 10)
    .attr("fill", kind === "total" ? INK : share > 0 ? MID_GREY : UNKNOWN).attr("stroke", INK).attr("stroke-width", 0.5);
  return svg.node();
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
    const last = run.share.length - 1;
    const told = unfolded === cell || matchMedia("print").matches ? items : items.slice(0, FIRST_DAYS);
    const hidden = items.length - told.length;
    const counted = (...types) => run.events.filter((event) => types.includes(event.type)).length;
    const caption = say("story.caption", {
      offers: say("story.offers", { number: counted("offer", "counter_offer") }),
      refusals: say("story.refusals", { number: counted("rejection", "conditional_acceptance") }),
      truces: say("story.truces", { number: counted("truce") }),
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
