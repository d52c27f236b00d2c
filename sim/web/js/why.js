// Figure 2, at each "Why?" of the story: the parts of a payoff, and what turns the answer.

const opened = new Set(); // events whose reasons are open, so that they stay so

function whyNode(event) {
  const box = el("details", { class: "why" }, el("summary", {}, say("story.why", { actor: inText(event.actor) })));
  const fill = () => {
    if (box.open) opened.add(event);
    else opened.delete(event);
    if (box.open && box.children.length === 1) box.append(el("p", {}, comparedText(event)), partsTable(event.reason), ...turnNodes(event));
  };
  box.open = opened.has(event);
  fill();
  box.addEventListener("toggle", fill);
  return box;
}

const SMALL = 0.05; // km2; shows as nothing with one decimal

function comparedText(event) {
  const { accept, fightOn, noise, aspiration, parts } = event.reason;
  const difference = accept - fightOn;
  const texts = [say("story.why_sum", { actor: inText(event.actor), accept: number(accept, tenths), fight_on: number(fightOn, tenths), difference: signed(difference, tenths) })];
  if (aspiration >= SMALL) texts.push(say("story.decided_aspiration", { aspiration: number(aspiration, tenths) }));
  if ((difference >= aspiration) !== (difference + noise >= aspiration)) texts.push(say("story.decided_noise", { noise: signed(noise, tenths) }));
  if (parts.some(({ value }) => value && Math.abs(value) < SMALL)) texts.push(say("story.why_small"));
  return texts.join(" ");
}

// The parts in the model's order, each bar from where the one above has come to.
function partsTable({ accept, fightOn, aspiration, parts }) {
  let to = 0;
  const steps = parts.filter(({ value }) => Math.abs(value) >= SMALL).map(({ name, value }) => ({ label: say(`parts.${name}`) || name, value, from: to, to: (to += value), kind: "" }));
  steps.push({ label: say("story.accept_total"), value: accept - fightOn, from: 0, to: accept - fightOn, kind: "total" });
  const [low, high] = d3.extent([0, aspiration, ...steps.map((step) => step.to)]);
  const x = d3.scaleLinear([low, high === low ? low + 1e-9 : high], [1, 101]);
  const rows = steps.map((step) => el("tr", { class: step.kind }, el("th", { scope: "row" }, step.label),
    el("td", { class: "figure-number" }, signed(step.value, tenths)), el("td", { class: "bar" }, bar(x, step, aspiration))));
  return el("table", { class: "bars" }, el("tbody", {}, ...rows));
}

// Grey to the right, hatched to the left, black for the total; dotted: where it turns.
function bar(x, { value, from, to, kind }, turn) {
  const svg = d3.create("svg").attr("viewBox", "0 0 102 12").attr("aria-hidden", "true").attr("preserveAspectRatio", "none");
  const upright = (at, dash) => svg.append("line").attr("x1", x(at)).attr("x2", x(at)).attr("y1", 0).attr("y2", 12).attr("stroke", dash ? INK : LINE_GREY)
    .attr("stroke-width", 1).attr("vector-effect", "non-scaling-stroke").attr("stroke-dasharray", dash);
  upright(0, null);
  svg.append("rect").attr("x", Math.min(x(from), x(to))).attr("width", Math.abs(x(to) - x(from))).attr("y", 1).attr("height", 10)
    .attr("fill", kind === "total" ? INK : value > 0 ? MID_GREY : UNKNOWN).attr("stroke", INK).attr("stroke-width", 1).attr("vector-effect", "non-scaling-stroke");
  if (kind === "total" && turn >= SMALL) upright(turn, "2 2");
  return svg.node();
}

// What would have turned the answer, if it was searched for, and the command that does.
function turnNodes(event) {
  const turn = command("why", "--replicate", String(STORY.replicate), "--day", String(event.day), "--party", event.actor);
  const [before, after] = say("turn.command").split("{command}");
  const asked = el("p", { class: "asked" }, before, el("code", {}, turn), after ?? "");
  if (!event.turns) return [el("p", {}, say("turn.elsewhere", { searched: STORY.searched, cells: DATA.cells.replicates.length })), asked];
  const [smallest, ...along] = event.turns;
  const first = smallest ? turnText(event, smallest) : say("turn.none", { actor: inText(event.actor) });
  const others = along.filter((change) => !smallest || change[0] !== smallest[0]);
  return [
    el("p", {}, el("strong", {}, first), smallest ? ` ${say("turn.smallest")}` : ""),
    others.length ? el("ul", {}, ...others.map((change) => el("li", {}, turnText(event, change)))) : null, asked,
  ].filter(Boolean);
}

// One input moved alone: path, number of the day, where the answer turns, which side of it.
const SIDES = { "-2": "below_or_at", "-1": "below", 0: "at", 1: "above", 2: "above_or_at" };
function turnText(event, [place, was, at, side]) {
  const path = STORY.words[place];
  const input = turnInput(path);
  const plain = (each) => number(each, Math.abs(each) < 1e5 ? digits : whole);
  const values = { actor: inText(event.actor), input, was: plain(was) };
  if (at === null) return say("turn.never", { ...values, was: `${plain(was)}${turnUnit(path)}` });
  const refused = event.type !== "acceptance";
  return begun(say(`turn.${refused ? "accepts" : "refuses"}`, { ...values, change: say(`turn.${SIDES[side]}`, { ...values, number: `${plain(at)}${turnUnit(path)}` }) }));
}

// What the number of an input is counted in: a chip's own unit, or what its path ends with.
function turnUnit(path) {
  const chip = /^chips\.(\w+)\.(?:amount|peak)$/.exec(path)?.[1];
  if (chip) return ` ${unitOf(chip)}`;
  if (/\.value_km2\./.test(path)) return say("turn.units.km2");
  const last = path.replace(/\.value$/, "").replace(/\.private\..*/, "");
  const found = Object.keys(WORDS.turn.units).find((end) => last.endsWith(`_${end}`));
  return found ? say(`turn.units.${found}`) : "";
}

const digits = new Intl.NumberFormat(WORDS.lang, { maximumSignificantDigits: 6 });

function turnInput(path) {
  const found = matching(WORDS.turn.inputs, path);
  return found ? filled(found.words, { ...found.names, front: nameOf(DATA.front) }) : path;
}
