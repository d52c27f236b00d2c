// Texts by key, with what is filled in; numbers, names and dates as a reader writes them.

const WORDS = JSON.parse(document.getElementById("words").textContent);
const plural = new Intl.PluralRules(WORDS.lang);

// The text of a key such as "guess.told"; {name} in it is filled from `values`.
function say(key, values = {}) {
  let text = key.split(".").reduce((words, part) => words?.[part], WORDS);
  if (text && typeof text === "object" && "by" in text) {
    text = text[plural.select(Number(values[text.by]))] ?? text.other;
  }
  return filled(text ?? "", values);
}

function filled(text, values) {
  return String(text).replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

// The name of a party, chip, offer or regime.
function nameOf(id) {
  if (!id) return "";
  if (Object.hasOwn(WORDS.names, id) && WORDS.names[id]) return WORDS.names[id];
  if (Object.hasOwn(PARTIES, id)) return PARTIES[id].name;
  return Object.hasOwn(DATA.chips, id) ? DATA.chips[id].name : id.replace(/_/g, " ");
}

// The name of a party within a sentence (in English, "the United States"), and a sentence begun.
const inText = (id) => (WORDS.lang.startsWith("en") && Object.hasOwn(PARTIES, id ?? "") ? PARTIES[id].in_text : nameOf(id));
const begun = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// The unit of a chip, and a size of it with its unit.
const unitOf = (chip) => DATA.chips[chip]?.unit || "km\u00b2";
function sized(size, chip) {
  const unit = DATA.chips[chip]?.unit;
  const text = number(Math.abs(size) < 10 ? Math.round(10 * size) / 10 : size, Math.abs(size) < 10 ? written : whole);
  return unit ? say("numbers.counted", { number: text, unit }) : say("numbers.area", { number: text });
}

// A headline as a clause, with its day.
const clauseOf = (headline) =>
  say(`headlines.${headline}.clause`, { day: headline === HEADLINES[0] ? ABOUT.within_days : HORIZON });
const whatOf = (headline) => say(`headlines.${headline}.what`);

const written = new Intl.NumberFormat(WORDS.lang, { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat(WORDS.lang, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(WORDS.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function number(value, format = written) {
  if (value === null || Number.isNaN(value)) return "";
  return format.format(value).replace(/^-(?=[0.,]*$)/, "").replace("-", "\u2212");
}
const signed = (value, format = written) =>
  value > 0 ? say("numbers.plus", { number: number(value, format) }) : number(value, format);

// How many runs a share is written as a count of.
const BASE = Math.min(100, ABOUT.replicates[0]);
function countOf(share) {
  const found = share * BASE;
  return found > 0 && found < 0.5 ? say("numbers.few") : number(Math.round(found), whole);
}
const countOfRuns = (share) => say("numbers.of", { number: countOf(share), base: BASE });
const hundred = (share) => number(Math.round(share * 100), whole);

function joined(list) {
  if (list.length < 2) return list.join("");
  const last = list[list.length - 1];
  return say("numbers.and", { before: list.slice(0, -1).join(say("numbers.comma")), last });
}

const START = Date.parse(`${ABOUT.start_date}T00:00:00Z`);
const dates = {
  long: new Intl.DateTimeFormat(WORDS.lang, { dateStyle: "long", timeZone: "UTC" }),
  short: new Intl.DateTimeFormat(WORDS.lang, { day: "numeric", month: "short", timeZone: "UTC" }),
};
const dateOf = (day, length = "long") => dates[length].format(START + day * 86400000);

// Label and unit of an input; one that these words do not name is called as in figures.
function inputWords({ path, called, unit }) {
  const found = matching(WORDS.inputs, path);
  if (!found) return { label: called, unit, phrase: say("settings.phrase", { label: called }) };
  const { words, names } = found;
  const chip = /^chips\.(\w+)\.amount/.exec(path)?.[1];
  const own = chip ? ` ${unitOf(chip)}` : words.unit;
  return { label: filled(words.label, names), unit: own, phrase: filled(words.phrase, names) };
}

// What a table has for a path; * in its patterns stands for any one name.
function matching(patterns, path) {
  const own = path.split(".");
  for (const [pattern, words] of Object.entries(patterns)) {
    const parts = pattern.split(".");
    if (parts.length !== own.length || !parts.every((part, i) => part === "*" || part === own[i])) continue;
    const names = own.filter((_, i) => parts[i] === "*").map(nameOf);
    return { words, names: Object.fromEntries(names.map((name, i) => [i + 1, name])) };
  }
  return null;
}
const INPUTS = DATA.inputs.map((input) => ({ ...input, ...inputWords(input) }));

// A setting with its unit, and all settings of a cell as in a sentence.
function settingText(i, place) {
  const input = INPUTS[i];
  const value = input.numeric ? number(input.settings[place]) : input.shown[place];
  return say("settings.value", { value, unit: input.unit });
}
const settingsText = (at, without = []) =>
  joined(
    INPUTS.flatMap((input, i) =>
      without.includes(i) ? [] : [filled(input.phrase, { value: settingText(i, at[i]) })],
    ),
  );
const axisText = (input) => (input.unit ? `${input.label},${input.unit}` : input.label);

const runsText = () => {
  const [fewest, most] = ABOUT.replicates;
  const runs = fewest === most ? number(most, whole) : `${number(fewest, whole)}\u2013${number(most, whole)}`;
  return filled(
    WORDS.figure.runs[plural.select(most)] ?? WORDS.figure.runs.other, { runs },
  );
};
const origin = () =>
  say("figure.origin", {
    scenario: ABOUT.scenario_id, seed: ABOUT.seed, runs: runsText(), version: ABOUT.version,
  });
