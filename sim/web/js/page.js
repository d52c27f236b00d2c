// Put the page together, and keep it up with what the reader chooses.

function fillWords() {
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.dataset.word);
  document.getElementById("title").textContent = ABOUT.scenario_title;
  document.getElementById("dateline").textContent = say("page.dateline", { start: dateOf(0), days: HORIZON });
  document.getElementById("tabs").setAttribute("aria-label", say("page.tabs"));
}

// Tabs as screen readers know them: one stop, arrows move between them.
function fillTabs() {
  TABS.forEach((name, i) => {
    const tab = document.getElementById(`tab-${name}`);
    tab.addEventListener("click", () => change({ tab: name }));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const to = step ? (i + step + TABS.length) % TABS.length : { Home: 0, End: TABS.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      change({ tab: TABS[to] });
      document.getElementById(`tab-${TABS[to]}`).focus();
    });
  });
}

function showTab() {
  for (const name of TABS) {
    const chosen = state.tab === name;
    document.getElementById(name).classList.toggle("away", !chosen);
    const tab = document.getElementById(`tab-${name}`);
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
}

const NEEDS_INPUT = ["curve", "compare"];
if (INPUTS.length === 0) for (const name of NEEDS_INPUT) FIGURES.splice(FIGURES.findIndex((spec) => spec.id === name), 1);

readAddress();
fillWords();
fillTabs();
fillPanel();
document.getElementById("figures").append(...FIGURES.map(frameOf));
fillAbout();
fillSource();
showTab();
updatePanel();
redrawAll();

onChange((names) => {
  if (names.includes("tab")) showTab();
  updatePanel();
  redrawAll();
});
addEventListener("hashchange", () => { readAddress(); showTab(); updatePanel(); redrawAll(); });
addEventListener("beforeprint", () => redrawAll(true));
document.querySelector(".skip").addEventListener("click", () => { change({ tab: "explore" }); document.getElementById("figures").focus(); });
let widths = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== widths) redrawAll();
  widths = innerWidth;
});
