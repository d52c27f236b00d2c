// What the reader has chosen. It is kept in the address, so that a view can be sent.

const GUESSED = { curve: 4, survival: 2, fan: 2 }; // figures, and how many numbers each asks for
const TABS = ["explore", "about", "source"];

// Places of the settings of a cell; cells are all combinations, the last path fastest.
function placesOf(cell) {
  const at = [];
  for (let i = INPUTS.length - 1; i >= 0; i -= 1) {
    const size = INPUTS[i].settings.length;
    at[i] = cell % size;
    cell = Math.floor(cell / size);
  }
  return at;
}
const cellAt = (at) => at.reduce((cell, place, i) => cell * INPUTS[i].settings.length + place, 0);

// The cells of the line on which a cell lies along an input, from left to right.
const lineAlong = (i, cell) => INPUTS[i].order.map((place) => cellAt(replaced(placesOf(cell), i, place)));

const start = () => ({
  at: placesOf(DATA.reference),
  tab: "explore",
  along: Math.max(0, INPUTS.findIndex((input) => input.numeric)),
  across: 0,
  up: Math.min(1, INPUTS.length - 1),
  chip: 0,
  many: false,
  fit: true, // inputs that fit the record, if there are any
  dots: 0,
  shown: [], // figures whose curve is shown
  guesses: {}, // by figure, numbers
});
const state = { ...start() };
const listeners = [];
const onChange = (listener) => listeners.push(listener);
const currentCell = () => cellAt(state.at);

// Change some of the state; listeners are told which names changed.
function change(changes) {
  Object.assign(state, changes);
  writeAddress();
  for (const listener of listeners) listener(Object.keys(changes));
}

function addressOf() {
  const words = new URLSearchParams();
  const usual = start();
  INPUTS.forEach((input, i) => words.set(input.path, input.shown[state.at[i]]));
  for (const name of ["tab", "dots"]) if (state[name] !== usual[name]) words.set(name, state[name]);
  for (const name of ["along", "across", "up"]) {
    if (state[name] !== usual[name]) words.set(name, INPUTS[state[name]].path);
  }
  if (state.chip) words.set("chip", state.chip);
  if (state.many) words.set("range", "many");
  if (DATA.fitted && !state.fit) words.set("inputs", "all");
  if (state.shown.length) words.set("shown", state.shown.join(" "));
  for (const [name, guess] of Object.entries(state.guesses)) words.set(`guess.${name}`, guess.join(" "));
  return `#${words}`;
}

function writeAddress() {
  try {
    history.replaceState(null, "", addressOf());
  } catch {
    // Some readers of mail show a page without an address; it works all the same.
  }
}

// Take from the address what can be made sense of, and leave the rest as it is at first.
function readAddress() {
  const words = new URLSearchParams(location.hash.slice(1));
  const found = start();
  INPUTS.forEach((input, i) => {
    const place = input.shown.indexOf(words.get(input.path));
    if (place >= 0) found.at[i] = place;
  });
  for (const name of ["along", "across", "up"]) {
    const place = INPUTS.findIndex((input) => input.path === words.get(name));
    if (place >= 0) found[name] = place;
  }
  if (found.up === found.across && INPUTS.length > 1) found.up = found.across ? 0 : 1;
  if (TABS.includes(words.get("tab"))) found.tab = words.get("tab");
  found.dots = Math.min(DATA.worlds.dots, Math.max(0, Math.floor(Number(words.get("dots"))) || 0));
  found.chip = Number(words.get("chip")) === 1 ? 1 : 0;
  found.many = words.get("range") === "many";
  found.fit = words.get("inputs") !== "all";
  found.shown = (words.get("shown") ?? "").split(" ").filter((name) => name in GUESSED);
  for (const [name, count] of Object.entries(GUESSED)) {
    const guess = (words.get(`guess.${name}`) ?? "").split(" ").map(Number);
    if (words.has(`guess.${name}`) && guess.length === count && guess.every(Number.isFinite)) found.guesses[name] = guess;
  }
  Object.assign(state, found);
}

const replaced = (list, i, value) => list.map((each, place) => (place === i ? value : each));
