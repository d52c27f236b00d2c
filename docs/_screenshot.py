"""The picture of a classroom page: its first figure after a guess.

python docs/_screenshot.py PAGE.html PICTURE.png

It drives the system's Chromium, as the tests of pages do.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZE = {"width": 1000, "height": 700}
FIGURE, GUESSES = 1, ("10", "60", "20", "30")


def main(page: Path, picture: Path) -> None:
    """Open the page, guess two numbers, and keep what is then to be seen."""
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport=SIZE)
        tab.goto(page.resolve().as_uri())
        form = tab.locator("form.guess").nth(FIGURE)
        for field, guess in zip(form.locator("input").all(), GUESSES, strict=False):
            field.fill(guess)
        form.locator("button[type=submit]").click()
        tab.locator("#figures .told").first.scroll_into_view_if_needed()
        tab.screenshot(path=str(picture))
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
