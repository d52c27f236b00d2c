// The data of this page. Columns of numbers are packed as sim/web/compact.py says.

const DATA = JSON.parse(document.getElementById("data").textContent);
const ABOUT = DATA.about;
const HORIZON = ABOUT.horizon_days;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FIVE_BITS = Object.fromEntries([...LETTERS].map((letter, i) => [letter, i]));
const read = new Map(); // texts that were unpacked before

// Numbers of a packed text, divided by `per`; NaN for what there was not.
function unpacked(text, per = 1) {
  const key = per + text;
  if (!read.has(key)) read.set(key, unpack(text).map((number) => number / per));
  return read.get(key);
}

function unpack(text) {
  const found = [];
  let before = 0;
  let at = 0;
  const next = () => {
    let number = 0;
    let shift = 0;
    for (;;) {
      const letter = FIVE_BITS[text[at++]];
      number += (letter & 31) * 2 ** shift;
      if (letter < 32) return number;
      shift += 5;
    }
  };
  while (at < text.length) {
    if (text[at] === "~") {
      found.push(NaN);
      at += 1;
    } else if (text[at] === "*") {
      at += 1;
      for (let left = next(); left > 0; left -= 1) found.push(before);
    } else {
      const number = next();
      before += number % 2 ? -(number - 1) / 2 : number / 2;
      found.push(before);
    }
  }
  return found;
}

// The packed texts of a cell from columns that have one for each cell, by name.
const ofCell = (columns, cell) => Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[cell]]));

const PER_MILLE = 1000;
const PARTIES = Object.fromEntries(DATA.parties.map((party) => [party.id, party]));

// A column of cells.parquet of one cell, with its interval and paired difference.
function estimate(name, cell) {
  const column = (part) => DATA.cells[name + part][cell];
  return {
    value: column(""),
    low: column("_low"),
    high: column("_high"),
    diff: column("_diff"),
    diffLow: column("_diff_low"),
    diffHigh: column("_diff_high"),
  };
}

// The headlines, side by side wherever one of them is: a full truce begins; it holds.
const HEADLINES = ["full_truce_share", "fighting_stopped_share"];
