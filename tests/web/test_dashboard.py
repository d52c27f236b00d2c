"""The dashboard as a lecturer meets it: a server on this machine, and Chromium.

At the end of each test `open_page` sees to it that nothing was asked of the network and
nothing went wrong on the console.
"""

import json
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.errors import InputMissingError
from sim.web.dashboard.serve import check_installed
from tests.web.conftest import without

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 120_000  # ms; kernels may have to be compiled
# Said by Solara's own switch between light and dark.
KNOWN = "Failed to evaluate Vue script and find module.exports"


@pytest.fixture(scope="module")
def server():
    """Address of a dashboard of nine days, in a process of its own."""
    try:
        check_installed()
    except InputMissingError as error:
        without(str(error))
    command = [sys.executable, "-m", "sim", "dashboard", "--no-open"]
    command += ["--set", "horizon_days=9", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        assert address.startswith("http://localhost:"), "the server did not start"
        yield address
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130


@pytest.fixture
def dashboard(server, open_page):
    """Open the dashboard; return the page once it shows the eve."""

    def opened(**options):
        page = open_page(server, **options)
        page.set_default_timeout(PATIENCE)
        at_the_eve(page)
        return page

    yield opened
    open_page.errors[:] = [each for each in open_page.errors if KNOWN not in each]


def today(page, text):
    page.locator(".today", has_text=text).wait_for()


def at_the_eve(page):
    """Wait for a world that has not begun, and for Mesa's controls of it."""
    today(page, "Before the first day,")
    page.get_by_text("Step: 0", exact=True).wait_for(state="attached")


def step(page):
    page.get_by_role("button", name="Step", exact=True).click()


def picture(page):
    return page.locator(".cf-pictures img").first.get_attribute("src")


def test_step_runs_a_day_and_reset_begins_the_same_world_anew(dashboard):
    page = dashboard()
    step(page)
    today(page, "Day 0, 13 March 2025")
    page.locator("h3", has_text="Day 0, 13 March 2025: Russia").wait_for()
    assert page.get_by_text(
        "The United States offers a 30-day truce"
    ).first.is_visible()
    began = picture(page)
    step(page)
    today(page, "Day 1,")
    page.wait_for_function(
        "was => document.querySelector('.cf-pictures img').src !== was", arg=began
    )
    page.get_by_role("button", name="Reset").click()
    at_the_eve(page)
    step(page)
    today(page, "Day 0,")
    page.locator(".cf-pictures img").first.wait_for()
    assert picture(page) == began


def test_play_stops_at_the_end_and_at_another_choice(dashboard):
    page = dashboard()
    play = page.get_by_role("button", name="▶")
    slider = page.get_by_role("slider", name="Kursk held")
    play.click()
    today(page, re.compile(r"Day \d+,"))
    slider.press("Home")
    at_the_eve(page)
    step(page)
    today(page, "Day 0,")
    play.click()
    page.get_by_text("this run is over").wait_for()
    assert page.locator(".today").inner_text().startswith("Day 8,")
    slider.press("End")
    at_the_eve(page)
    step(page)
    today(page, "Day 0,")


def test_a_slider_changes_the_picture(dashboard):
    page = dashboard()
    step(page)
    today(page, "Day 0,")
    page.locator(".cf-pictures img").first.wait_for()
    before = picture(page)
    slider = page.get_by_role("slider", name="Kursk held")
    slider.press("End")
    at_the_eve(page)
    assert page.get_by_text("Kursk held: 1,078 km2").is_visible()
    step(page)
    today(page, "Day 0,")
    page.locator(".cf-pictures img").first.wait_for()
    assert picture(page) != before
    words = page.locator(".cf-pictures img").first.get_attribute("alt")
    assert "1,078" in words
    command = page.locator("code").first.inner_text()
    assert "--set chips.kursk.area_km2=1078" in command


def test_two_browsers_stay_apart(dashboard):
    one, other = dashboard(), dashboard()
    step(one)
    today(one, "Day 0,")
    step(other)
    today(other, "Day 0,")
    other.get_by_role("slider", name="Aid", exact=True).press("Home")
    at_the_eve(other)
    assert other.get_by_text("Aid: 0", exact=True).is_visible()
    step(other)
    step(other)
    today(other, "Day 1,")
    assert one.locator(".today").inner_text().startswith("Day 0,")
    assert one.get_by_text("Aid: 1", exact=True).is_visible()
    step(one)
    today(one, "Day 1,")
    assert picture(one) != picture(other)


def test_a_second_run_is_stepped_beside_the_first(dashboard):
    page = dashboard()
    page.locator(".v-select", has_text="What is changed").click()
    page.get_by_role("option", name="Aid", exact=True).click()
    page.get_by_text("The second run: fighting.").wait_for()
    page.get_by_role("button", name="Next decision").click()
    today(page, "Day 0,")
    page.get_by_text("aid: 1 in this run, 0 in the second run").wait_for()
    pictures = page.locator(".cf-pictures img")
    assert pictures.count() == 2
    assert pictures.nth(0).get_attribute("src") != pictures.nth(1).get_attribute("src")


def test_what_turns_a_decision_is_told_with_its_figure(dashboard):
    page = dashboard()
    page.get_by_role("button", name="Next decision").click()
    page.get_by_role("button", name="What would have reversed it?").click()
    said = page.locator(".cf b", has_text=re.compile("Russia would|No change"))
    said.first.wait_for()
    page.get_by_role("button", name="Ukraine answers").click()
    page.locator("h3", has_text="Day 0, 13 March 2025: Ukraine answers").wait_for()
    page.get_by_role("button", name="Russia answers").click()
    said.first.wait_for()
    assert page.get_by_role("img", name=re.compile("waterfall|bar", re.I)).count() >= 1


def test_a_narrow_screen_is_one_column_with_its_own_buttons(dashboard):
    page = dashboard(viewport={"width": 420, "height": 900})
    page.mouse.click(415, 880)  # beside the sidebar, which closes it
    page.get_by_role("button", name="Next day").click()
    today(page, "Day 0,")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 420


# ---- who is let in -------------------------------------------------------------------

TRY = """async (address) => {
    const found = {}
    for (const mode of ["cors", "no-cors"]) {
        const asked = fetch(address, {mode})
        found[mode] = await asked.then(() => "answered", () => "refused")
    }
    const kernels = address.replace("http", "ws") + "/jupyter/api/kernels/"
    const kernel = kernels + Math.random()
    const socket = new WebSocket(kernel + "/channels?session_id=x")
    found.socket = await new Promise((tell) => {
        socket.onopen = () => tell("answered")
        socket.onerror = () => tell("refused")
    })
    socket.close()
    return found
}"""


class Other(BaseHTTPRequestHandler):
    """A page of somebody else."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        shown = parse_qs(urlsplit(self.path).query).get("frame", [""])[0]
        self.wfile.write(f"<iframe src='{shown}'></iframe>".encode() if shown else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere():
    """Address of another site on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://localhost:{other.server_port}/"
        other.shutdown()


def test_a_page_of_another_site_gets_no_answer(dashboard, server, elsewhere, open_page):
    """r02, in a browser: by its address, and by a name made to point to it."""
    own = dashboard()
    allowed = dict.fromkeys(["cors", "no-cors", "socket"], "answered")
    assert own.evaluate(TRY, server) == allowed
    refused = dict.fromkeys(allowed, "refused")
    other = open_page(elsewhere)
    assert other.evaluate(TRY, server) == refused
    assert other.evaluate(TRY, server.replace("localhost", "127.0.0.1")) == refused
    framed = open_page(f"{elsewhere}?frame={server}")
    assert framed.locator("iframe").count() == 1
    assert [frame.url for frame in framed.frames if frame.url.startswith(server)] == []
    open_page.errors.clear()  # each refusal is told on the console
    open_page.requests[:] = [
        url for url in open_page.requests if "127.0.0.1" not in url
    ]


def test_a_name_made_to_point_here_gets_no_answer(server, browser):
    """DNS rebinding: the browser takes this server for that of another site."""
    page = browser.new_context().new_page()
    reply = page.goto(server.replace("localhost", "rebound.example"))
    assert reply.status == 403
    assert "unknown host name of the dashboard" in page.content()
    found = page.evaluate(TRY, server.replace("localhost", "rebound.example"))
    assert found["socket"] == "refused"
    page.context.close()


def test_headers_of_one_are_nothing_to_the_next(server):
    """r03, and the other headers by which a proxy would tell where it is."""
    bad = '/x"><script>window.pwned=7</script>'
    told = ["X-Script-Name", "Script-Name", "X-Forwarded-Prefix", "X-Forwarded-Host"]
    with urllib.request.urlopen(server, timeout=60) as reply:
        before = reply.read()
    for header in told:
        request = urllib.request.Request(server, headers={header: bad})
        with urllib.request.urlopen(request, timeout=60) as reply:
            assert reply.read() == before
    with urllib.request.urlopen(server, timeout=60) as reply:
        assert reply.read() == before
    assert b'solara.rootPath = "";' in before


CULLED = """
import sys
from sim.cli import main
from sim.web.dashboard import serve
serve._SETTINGS["SOLARA_KERNEL_CULL_TIMEOUT"] = "1s"
sys.argv[1:] = ["dashboard", "--no-open", "--quiet", "--set", "horizon_days=9"]
main()
"""


def test_a_session_whose_browser_is_gone_ends(browser):
    command = [sys.executable, "-c", CULLED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()

        def sessions():
            with urllib.request.urlopen(f"{address}/resourcez", timeout=60) as reply:
                return json.loads(reply.read())["kernels"]["total"]

        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.locator(".today", has_text="Before the first day,").wait_for(
            timeout=PATIENCE
        )
        assert sessions() == 1
        # Gone without a word: the page is not closed, its connection breaks.
        page.route("**/close/**", lambda route: route.abort())
        context.set_offline(True)
        page.close()
        context.close()
        limit = time.monotonic() + 60
        while sessions():
            assert time.monotonic() < limit
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130


def test_a_reader_takes_a_seat_and_plays_to_the_end(dashboard):
    page = dashboard()
    page.get_by_label("Play as").click(force=True)
    page.get_by_role("option", name="Russia").click()
    today(page, "Day 0, 13 March 2025; you decide for Russia")
    page.get_by_text("Only you know").wait_for()
    step = page.get_by_role("button", name="Step", exact=True)
    step.wait_for(state="hidden")  # parts of a page arrive one after the other
    page.get_by_role("button", name="What would best response do?").click()
    page.get_by_text("Best response would").wait_for()
    page.get_by_text("Kursk is handed back", exact=True).first.click()
    page.get_by_role("button", name="Accept on these conditions").click()
    page.get_by_text("The outcome").wait_for()
    today(page, "the end; you decide for Russia")
    page.locator(".cf img").first.wait_for()
    page.get_by_role("button", name="Take back the last move").click()
    today(page, "Day 0, 13 March 2025; you decide for Russia")
    page.get_by_label("Play as").click(force=True)
    page.get_by_role("option", name="nobody: just watch").click()
    at_the_eve(page)
