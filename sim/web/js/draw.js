// Elements, and what all figures share. Text is always set as text, never as markup.

const INK = "#222222", LINE_GREY = "#767676", MID_GREY = "#A6A6A6", LIGHT_GREY = "#D9D9D9";
// How the line of a headline is drawn: told apart by dash as well.
const LOOKS = { full_truce_share: { stroke: "#5B8FB9", dash: "6 3" }, fighting_stopped_share: { stroke: INK, dash: null } };
const UNKNOWN = "url(#hatch-unknown)", OBSERVED = "url(#hatch-observed)";

function el(name, attributes = {}, ...children) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) found.addEventListener(key.slice(2), value);
    else if (key in found && typeof value !== "string") found[key] = value;
    else found.setAttribute(key, value);
  }
  found.append(...children.filter((child) => child !== null && child !== ""));
  return found;
}

const button = (text, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, text);

// A choice of one of some texts; `onchoose` gets the place of the one chosen.
function select(id, label, texts, chosen, onchoose) {
  const options = texts.map((text, i) => el("option", { value: String(i), selected: i === chosen }, text));
  const box = el("select", { id, onchange: () => onchoose(Number(box.value)) }, ...options);
  return el("span", { class: "choice" }, el("label", { for: id }, `${label} `), box);
}

function plot(options) {
  return Plot.plot({
    marginLeft: 44, marginRight: 16, marginTop: 24, marginBottom: 36,
    style: { fontFamily: "inherit", fontSize: "12px", color: INK, background: "none", overflow: "visible" },
    ...options,
  });
}

// Runs of 100 on the whole axis, with room above for labels.
const HEADROOM = 0.12;
const countAxis = (more = {}) => ({
  domain: [0, 1 / (1 - HEADROOM)], ticks: [0, 0.25, 0.5, 0.75, 1],
  tickFormat: (share) => hundred(share), label: null, ...more,
});
const rules = (values) => Plot.ruleY(values, { stroke: LIGHT_GREY, strokeWidth: 0.8 });
const COUNT_RULES = () => rules([0, 0.25, 0.5, 0.75, 1]);

// Days below, dates above.
const dayAxis = (last, first = 0) => ({ domain: [Math.min(0, first), last], ticks: dayTicks(last), label: null });
function dayTicks(last) {
  const step = [7, 14, 30, 60, 90, 180, 360].find((days) => last / days <= 7) ?? 720;
  return d3.range(0, last + 1, step);
}
const dayAxes = (last, width) => [
  Plot.axisX(dayTicks(last), { label: null }),
  Plot.axisX(dayTicks(last).filter((_, i) => width > 480 || i % 2 === 0), {
    anchor: "top", tickFormat: (day) => dateOf(day, "short"), tickSize: 0, label: null, fill: LINE_GREY,
  }),
];

// Pictures side by side where there is room, each with its heading.
const pairWidth = (width) => (width > 560 ? Math.floor(width / 2) - 8 : width);
const pair = (boxes) => el("div", { class: "small-figures" }, ...boxes.map((nodes) => el("div", { class: "small-figure" }, ...nodes)));

const header = (text) => el("p", { class: "axis-title" }, text);
const below = (text) => el("p", { class: "axis-title x" }, text);

// A hatched or plain example with its meaning, instead of a legend in the figure.
const key = (kind, text) => el("span", { class: "key" }, el("span", { class: `swatch ${kind}` }), ` ${text}`);

function table(columns, rows) {
  const head = el("tr", {}, ...columns.map((column) => el("th", { scope: "col" }, column)));
  const body = rows.map((row) => el("tr", {}, ...row.map((value) => el("td", {}, tableText(value)))));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...body));
}
const tableText = (value) =>
  typeof value === "number" ? (Number.isNaN(value) ? "" : String(Math.round(value * 1e4) / 1e4)) : String(value ?? "");

const csvText = (columns, rows) =>
  [columns, ...rows].map((row) => row.map((value) => csvField(tableText(value))).join(",")).join("\r\n") + "\r\n";
// A text that a spreadsheet would take for a formula is kept a text.
function csvField(text) {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// Figures in the order of a lesson. Each has id, heading(), draw(width) and, if wanted,
// tools() and guess; draw returns nodes, alt, caption (texts) and table, `answers` if it
// tells what another figure asks to guess, and `nothing` if there is nothing to draw.
const FIGURES = [];
const figure = (spec) => FIGURES.push(spec);

function frameOf(spec) {
  const headingId = `${spec.id}-heading`;
  spec.heading_node = el("h2", { id: headingId });
  spec.tools_node = el("div", { class: "tools" });
  spec.guess_node = el("div");
  spec.plots = el("div", { class: "plots", role: "img" });
  spec.caption = el("div", { class: "caption", id: `${spec.id}-caption` });
  spec.numbers = el("details", { class: "numbers" }, el("summary", {}, say("figure.table")));
  spec.numbers.addEventListener("toggle", () => fillTable(spec));
  spec.node = el("section", { class: "figure", id: `figure-${spec.id}`, "aria-labelledby": headingId },
    spec.heading_node, spec.tools_node, spec.guess_node, spec.plots, spec.caption, spec.numbers);
  return spec.node;
}

function redraw(spec) {
  spec.dirty = false;
  spec.heading_node.textContent = spec.heading();
  if (spec.tools) spec.tools_node.replaceChildren(...spec.tools());
  if (spec.guess) drawGuess(spec);
  const width = Math.max(280, Math.min(760, spec.plots.clientWidth || 640));
  const drawn = spec.draw(width, isShown(spec));
  spec.plots.replaceChildren(...drawn.nodes);
  // A worksheet has nothing that is empty, and no answer to what it asks.
  spec.node.classList.toggle("not-on-paper", Boolean(drawn.nothing || (drawn.answers && !state.shown.includes(drawn.answers))));
  spec.plots.hidden = drawn.nodes.length === 0;
  spec.plots.setAttribute("aria-label", drawn.alt ?? "");
  for (const picture of spec.plots.querySelectorAll("svg")) picture.setAttribute("aria-hidden", "true");
  spec.caption.replaceChildren(...drawn.caption.filter(Boolean).map((text) => (typeof text === "string" ? el("p", {}, text) : text)),
    el("p", { class: "origin" }, origin()));
  spec.table = drawn.table ?? null;
  spec.numbers.hidden = !spec.table;
  fillTable(spec);
}

function fillTable(spec) {
  if (!spec.numbers.open || !spec.table) return;
  const save = button(say("source.csv_figure", { figure: spec.id }), () =>
    download(`${ABOUT.scenario_id}-${spec.id}.csv`, csvText(spec.table.columns, spec.table.rows)));
  spec.numbers.replaceChildren(spec.numbers.firstElementChild, el("div", { class: "scroll", tabindex: "0", role: "region",
    "aria-label": say("figure.table") }, table(spec.table.columns, spec.table.rows)), save);
}

// Every figure is drawn anew: at once those in sight, nearest to the middle first, as
// long as that is not felt; the others when there is time.
const UNFELT_MS = 25;
let later = null;
function redrawAll(now = false) {
  clearTimeout(later);
  for (const spec of FIGURES) spec.dirty = true;
  const began = performance.now();
  const distances = new Map(FIGURES.map((spec) => [spec, distance(spec)]));
  const order = [...FIGURES].sort((a, b) => distances.get(a) - distances.get(b));
  const next = () => {
    const spec = order.find((each) => each.dirty);
    if (!spec) return;
    redraw(spec);
    later = setTimeout(next, 0);
  };
  for (const spec of order) {
    const inSight = distances.get(spec) < innerHeight / 2;
    if (now || (inSight && performance.now() - began < UNFELT_MS)) redraw(spec);
  }
  later = setTimeout(next, 0);
}

// How far a figure is from the middle of what is seen.
function distance(spec) {
  const box = spec.node.getBoundingClientRect();
  const middle = innerHeight / 2;
  return Math.max(0, box.top - middle, middle - box.bottom);
}
