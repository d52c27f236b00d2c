"""How fast a classroom page is: until it is ready, and from a slider to its figures.

    ceasefire page DIR
    python experiments/benchmarks/page.py DIR/page.html

Needs Chromium and the extra `test` (Playwright). Times are the browser's own
(performance.now); a redraw is the handling of one step of a slider, figures in sight
included, and is measured with each figure in turn in the middle of the screen.
"""

import shutil
import statistics
import sys
from pathlib import Path

READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
REDRAW = """async (id) => {
  document.getElementById(id).scrollIntoView({block: 'center'});
  const slider = document.getElementById('slider-0');
  const times = [];
  for (let i = 0; i < 11; i += 1) {
    slider.value = String(i % (Number(slider.max) + 1));
    const began = performance.now();
    slider.dispatchEvent(new Event('input'));
    times.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 400));
  }
  return times;
}"""


def main() -> None:
    """Print a table of milliseconds."""
    from playwright.sync_api import sync_playwright

    address = Path(sys.argv[1]).resolve().as_uri()
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        ready = []
        for _ in range(5):
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.goto(f"{address}#shown=curve+survival+fan&dots=100")
            ready.append(page.evaluate(READY))
        print(f"{'ready':10} median {statistics.median(ready):6.0f} ms")
        sections = page.locator("section.figure")
        for name in sections.evaluate_all("all => all.map(each => each.id)"):
            times = page.evaluate(REDRAW, name)
            print(
                f"{name.removeprefix('figure-'):10} median "
                f"{statistics.median(times):6.0f} ms, largest {max(times):6.0f} ms"
            )
        browser.close()


if __name__ == "__main__":
    main()
