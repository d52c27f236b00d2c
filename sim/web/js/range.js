// Figure 1: what each side would accept, in the ringed run or over many runs.

const PROPOSALS = ["offer", "counter_offer"];
const ROUNDING = 1; // limits and lines are kept in whole km2

function rangeTools() {
  const radio = (many, text) => {
    const id = `range-${many ? "many" : "one"}`;
    return el("span", { class: "choice" }, el("input", { type: "radio", name: "range", id, checked: state.many === many, onchange: () => change({ many }) }),
      el("label", { for: id }, ` ${text}`));
  };
  return [radio(false, say("range.one_run")), radio(true, say("range.all_runs"))];
}

// Offers of a run with their line, and whether it lies between both limits of the eve.
function offersOf(run) {
  return run.events.map((event, i) => ({ event, i })).filter(({ event }) => PROPOSALS.includes(event.type) && event.terms.kind !== "partial")
    .map(({ event, i }) => {
      const eve = Math.max(0, rowOfDay(run, event.day) - 1);
      const line = event.terms.line_km2 ?? run.held_km2[eve];
      const next = run.events.slice(i + 1);
      const end = next.findIndex((other) => PROPOSALS.includes(other.type) || other.day !== event.day);
      const concluded = next.slice(0, end < 0 ? next.length : end).some((other) => other.type === "truce");
      return { day: event.day, actor: event.actor, line, concluded, inside: line >= run.least[eve] - ROUNDING && line <= run.most[eve] + ROUNDING };
    });
}

// Dashes are given in widths of the line.
const dashOf = (party) => (party.dash ? party.dash.split(" ").map((length) => 2 * length).join(" ") : undefined);

const BELIEVED = 0.4; // how strongly it is drawn what a side only believes of the other
const limitLine = (rows, name, party, strength = 1) =>
  Plot.line(rows, { x: "day", y: name, stroke: party.colour, strokeWidth: 2, strokeOpacity: strength, strokeDasharray: dashOf(party), curve: "step-after" });

function limitMarks(rows, front, other) {
  const last = rows.filter((row) => Number.isFinite(row.least) && Number.isFinite(row.most)).at(-1) ?? rows[0];
  return { lines: [limitLine(rows, "least", front), limitLine(rows, "most", other)], last };
}

// Texts at the ends of lines, moved apart where they would lie on one another.
function endLabels(labels, domain, height, lines = 1) {
  const gap = (14 * lines * (domain[1] - domain[0])) / height;
  const sorted = labels.filter((label) => Number.isFinite(label.y)).sort((a, b) => a.y - b.y);
  for (let i = 1; i < sorted.length; i += 1) sorted[i].y = Math.max(sorted[i].y, sorted[i - 1].y + gap);
  return sorted;
}

figure({
  id: "range",
  heading: () => say("range.heading"),
  tools: rangeTools,
  draw(width) {
    const cell = currentCell();
    const [front, other] = [PARTIES[DATA.front], PARTIES[DATA.other]];
    return state.many ? rangeOfRuns(cell, width, front, other) : rangeOfRun(cell, width, front, other);
  },
});

function rangePlot(rows, marks, width, front, other, extra = []) {
  const values = rows.flatMap((row) => [row.least, row.most, row.held, row.leastLow, row.mostHigh, row.believedLeast, row.believedMost, ...extra]).filter(Number.isFinite);
  const [low, high] = d3.extent(values);
  const room = Math.max(1, (high - low) * HEADROOM);
  const domain = [Math.max(0, low - room), high + room];
  const { lines, last } = limitMarks(rows, front, other);
  const height = 280;
  const labels = endLabels([
    { y: last.least, text: say("range.least", { side: front.name }) },
    { y: last.most, text: say("range.most", { side: other.name }) },
    { y: last.held, text: say("range.contact") },
  ], domain, height - 60, width < 560 ? 2 : 1);
  const end = rows.at(-1).day;
  const cut = domain[0] > 0;
  const label = say("range.y", { side: front.name });
  const marginRight = Math.min(170, width * 0.3);
  const node = plot({
    width, height, marginRight, x: dayAxis(end, rows[0].day), marginLeft: 52, y: { domain, ticks: 5, label: null, tickFormat: (km2) => number(km2, whole) },
    marks: [rules(d3.ticks(...domain, 5)), ...dayAxes(end, width), ...marks.under, Plot.line(rows.filter((row) => Number.isFinite(row.held)), { x: "day", y: "held", stroke: LINE_GREY, strokeWidth: 1, curve: "step-after" }), ...lines, ...marks.over,
      Plot.text(labels, { x: end, y: "y", text: "text", textAnchor: "start", dx: 6, fill: INK, lineWidth: (marginRight - 10) / 12 })],
  });
  return [header(cut ? say("range.cut", { label }) : label), node, below(say("figure.days"))];
}

const rangeAlt = (rows, front, other, more) => {
  const [first, last] = [rows[0], rows.filter((row) => Number.isFinite(row.least)).at(-1) ?? rows[0]];
  return `${say("range.alt", { first: first.day, last: last.day, front: front.name, other: other.name, least_first: number(first.least, whole), least_last: number(last.least, whole),
    most_first: number(first.most, whole), most_last: number(last.most, whole) })} ${more}`;
};

function rangeOfRun(cell, width, front, other) {
  const run = runOf(cell);
  const rows = run.held_km2.map((held, row) => ({ day: dayOfRow(row), held, least: run.least[row], most: run.most[row],
    believedLeast: run.believed_least[row], believedMost: run.believed_most[row] }));
  const offers = offersOf(run);
  const aid = run.events.filter((event) => event.type === "aid");
  const deals = rows.filter((row) => row.day >= 0 && row.most >= row.least);
  const first = offers.find((offer) => offer.inside);
  const days = say("range.caption", { days: deals.length, of: rows.filter((row) => row.day >= 0).length });
  const marks = {
    under: [
      Plot.areaY(rows.map((row) => ({ ...row, top: row.most >= row.least ? row.most : NaN })), { x: "day", y1: "least", y2: "top", fill: LIGHT_GREY, curve: "step-after" }),
      limitLine(rows, "believedLeast", front, BELIEVED), limitLine(rows, "believedMost", other, BELIEVED),
    ],
    over: [
      ...d3.groups(offers, (offer) => offer.actor).map(([actor, own]) => Plot.dot(own, { x: "day", y: "line", r: 4.5, symbol: PARTIES[actor].symbol,
        stroke: PARTIES[actor].colour, strokeWidth: 1.6, fill: (offer) => (offer.concluded ? PARTIES[actor].colour : "white") })),
      Plot.dot(aid, { x: "day", frameAnchor: "top", dy: 2, symbol: "cross", r: 4, fill: (event) => PARTIES[event.actor]?.colour ?? INK }),
      Plot.text(offers.slice(0, 1), { x: "day", frameAnchor: "top", dy: 14, text: () => "|", fill: INK, fontWeight: 700, fontSize: 15 }),
    ],
  };
  const authors = [...new Set(offers.map((offer) => offer.actor))].sort();
  const keys = el("p", { class: "keys" }, ...authors.map((actor) => partyKey(PARTIES[actor])), key("luck", say("range.deal")), key("believed", say("range.believed")),
    offers.length ? signKey("|", say("range.talks")) : null, aid.length ? signKey("+", say("range.aid")) : null);
  const text = `${days} ${first ? say("range.caption_first", { day: first.day }) : say("range.caption_none")}`;
  return {
    nodes: rangePlot(rows, marks, width, front, other, offers.map((offer) => offer.line)),
    alt: rangeAlt(rows, front, other, text),
    caption: [keys, text, say("range.marks", { list: joined(authors.map(nameOf)) })],
    table: { columns: ["day", "held_km2", "least", "most", "believed_least", "believed_most"],
      rows: rows.map((row) => [row.day, row.held, row.least, row.most, row.believedLeast, row.believedMost]) },
  };
}

const signKey = (sign, text) => el("span", { class: "key" }, el("strong", { "aria-hidden": "true" }, sign), ` ${text}`);

function partyKey(party) {
  const svg = d3.create("svg").attr("width", 14).attr("height", 12).attr("viewBox", "-7 -6 14 12").attr("aria-hidden", "true");
  const symbols = { circle: d3.symbolCircle, square: d3.symbolSquare, triangle: d3.symbolTriangle, diamond: d3.symbolDiamond, wye: d3.symbolWye, cross: d3.symbolCross };
  svg.append("path").attr("d", d3.symbol(symbols[party.symbol], 50)()).attr("fill", "white").attr("stroke", party.colour).attr("stroke-width", 1.6);
  return el("span", { class: "key" }, svg.node(), ` ${party.name}`);
}

function rangeOfRuns(cell, width, front, other) {
  const packed = ofCell(DATA.days.range, cell);
  const column = (name) => unpacked(packed[name]);
  const [least, leastLow, leastHigh] = ["least_q50", "least_q25", "least_q75"].map(column);
  const [most, mostLow, mostHigh] = ["most_q50", "most_q25", "most_q75"].map(column);
  const rows = unpacked(DATA.days.day).map((day, i) => ({ day, held: NaN, least: least[i], most: most[i], leastLow: leastLow[i], leastHigh: leastHigh[i], mostLow: mostLow[i], mostHigh: mostHigh[i] }));
  const some = rows.filter((row) => Number.isFinite(row.least));
  const text = say("range.caption_many", { runs: DATA.days.runs, days: some.filter((row) => row.most >= row.least).length, of: some.length });
  const band = (low, high, party) => [
    Plot.areaY(rows, { x: "day", y1: low, y2: high, fill: LIGHT_GREY, fillOpacity: 0.6, curve: "step-after" }),
    ...[low, high].map((y) => Plot.line(rows, { x: "day", y, stroke: party.colour, strokeWidth: 0.9, strokeDasharray: party.dash || undefined, curve: "step-after" })),
  ];
  return {
    nodes: rangePlot(rows, { under: [...band("leastLow", "leastHigh", front), ...band("mostLow", "mostHigh", other)], over: [] }, width, front, other),
    alt: rangeAlt(rows, front, other, text),
    caption: [text, say("range.thin")],
    table: { columns: ["day", "least_q25", "least_q50", "least_q75", "most_q25", "most_q50", "most_q75"],
      rows: rows.map((row) => [row.day, row.leastLow, row.least, row.leastHigh, row.mostLow, row.most, row.mostHigh]) },
  };
}
