"""Who is let in to the dashboard (r02, r03): asked of its guard, without Solara."""

import asyncio

import pytest

from sim.web.dashboard import guard
from sim.web.dashboard.guard import Guard

OWN = ("localhost:8765", "127.0.0.1:8765", "[::1]:8765")
KERNEL = "/jupyter/api/kernels/one/channels"


class Asked:
    """Remembers what came through; its sockets stay open for as long as they last."""

    def __init__(self):
        self.scopes, self.inside = [], None

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"the page"})
            return
        await send({"type": "websocket.accept"})
        if self.inside:
            await self.inside()


def guarded(app=None, *, also=(), root_path="", sessions=()):
    return Guard(app or Asked(), OWN, also, root_path, lambda: sessions)


async def answer(door, headers, *, path="/", kind="http", method="GET", here=None):
    """Return what is sent for a request with these headers."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.connect"}

    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "headers": [(k.encode().lower(), v.encode()) for k, v in headers],
        "server": ("127.0.0.1", 8765) if here is None else here,
    }
    await door(scope, receive, send)
    return sent


def status(door, *headers, **options):
    return asyncio.run(answer(door, headers, **options))[0]["status"]


def opens(door, *headers, path=KERNEL):
    sent = asyncio.run(answer(door, headers, path=path, kind="websocket"))
    return sent[0]["type"] == "websocket.accept"


LOCAL = ("host", "localhost:8765")


@pytest.mark.parametrize("host", [*OWN, "LOCALHOST:8765"])
def test_its_own_names_are_let_in(host):
    assert status(guarded(), ("Host", host)) == 200
    assert opens(guarded(), ("Host", host), ("Origin", f"http://{host}"))


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example:8765", "localhost", "localhost:80", "localhost:8766", ""),
        *("localhost.evil.example:8765", "user@localhost:8765", "localhost:8765/"),
        *("localhost:8765:8765", "localhost:8765 ", "localhost:08765x", "[::2]:8765"),
        *("http://evil.example", "localhost:8765,evil.example", "é:8765"),
    ],
)
def test_another_name_is_refused_so_rebinding_fails(host):
    assert status(guarded(), ("Host", host)) == 403
    assert not opens(guarded(), ("Host", host), ("Origin", f"http://{host}"))
    assert not opens(guarded(), ("Host", host), ("Origin", "http://localhost:8765"))


def test_a_host_is_named_once():
    assert status(guarded()) == 403
    assert status(guarded(), LOCAL, LOCAL) == 403
    assert status(guarded(), LOCAL, ("Host", "evil.example")) == 403


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "http://localhost:9", "http://localhost", "null"),
        *("https://localhost:8765", "http://evil.example:8765", "localhost:8765", ""),
        *("http://localhost:8765.evil.example", "http://localhost:8765@evil.example"),
        "file://",
    ],
)
def test_a_page_of_another_site_is_refused(origin):
    for method in ("GET", "POST", "OPTIONS"):
        assert status(guarded(), LOCAL, ("Origin", origin), method=method) == 403
    assert not opens(guarded(), LOCAL, ("Origin", origin))
    own = ("Origin", "http://localhost:8765")
    assert not opens(guarded(), LOCAL, own, ("Origin", origin))


def test_a_socket_without_a_page_is_refused_and_one_elsewhere_too():
    assert not opens(guarded(), LOCAL)
    assert not opens(guarded(), LOCAL, ("Sec-Fetch-Mode", "navigate"))
    own = ("Origin", "http://localhost:8765")
    assert opens(guarded(), LOCAL, own)
    assert not opens(guarded(), LOCAL, own, path="/elsewhere")


def test_others_may_link_to_it_but_not_load_it():
    for site in ("cross-site", "same-site"):
        by = ("Sec-Fetch-Site", site)
        assert status(guarded(), LOCAL, by, ("Sec-Fetch-Mode", "no-cors")) == 403
        assert status(guarded(), LOCAL, by) == 403
        link = ("Sec-Fetch-Mode", "navigate")
        assert status(guarded(), LOCAL, by, link) == 200
        assert status(guarded(), LOCAL, by, link, method="POST") == 403


def test_an_address_at_which_it_is_reached_is_a_name():
    reached = ("192.168.1.7", 8765)
    assert status(guarded(), ("Host", "192.168.1.7:8765"), here=reached) == 200
    assert status(guarded(), ("Host", "192.168.1.8:8765"), here=reached) == 403
    reached = ("fd00::7", 8765)
    assert status(guarded(), ("Host", "[fd00::7]:8765"), here=reached) == 200


def test_a_host_that_is_none_is_refused_whatever_is_known_of_the_server():
    for here in ((), ("/run/socket", None)):
        for host in ("", "a b", "/run/socket", "/run/socket:none", ":None"):
            assert status(guarded(), ("Host", host), here=here) == 403
        assert status(guarded(), LOCAL, here=here) == 200


def test_a_proxy_is_believed_by_its_name_alone():
    door = guarded(also=["class.example", "other.example:8443"])
    for host in ("class.example", "class.example:443", "other.example:8443"):
        assert status(door, ("Host", host)) == 200
        assert opens(door, ("Host", host), ("Origin", f"https://{host}"))
        assert opens(door, LOCAL, ("Origin", f"https://{host}"))
    assert status(door, ("Host", "other.example")) == 403
    said = ("X-Forwarded-Host", "class.example")
    assert status(door, ("Host", "evil.example"), said) == 403


def test_what_is_said_of_a_proxy_is_dropped():
    app = Asked()
    said = [
        *("X-Script-Name", "Script-Name", "X_Script_Name", "Forwarded", "X-Real-IP"),
        *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
        *("X-Forwarded-Prefix", "X-Original-URL"),
    ]
    asked = [LOCAL, ("Accept", "text/html"), *((name, "/x") for name in said)]
    assert status(guarded(app), *asked) == 200
    names = [name for name, _ in app.scopes[0]["headers"]]
    assert names == [b"host", b"accept"]


def test_a_root_path_is_taken_off_if_a_proxy_has_not_done_so():
    app = Asked()
    door = guarded(app, root_path="/class")
    for path in ("/class", "/class/", "/class/static/a", "/static/a", "/classes"):
        assert status(door, LOCAL, path=path) == 200
    seen = [scope["path"] for scope in app.scopes]
    assert seen == ["/", "/", "/static/a", "/static/a", "/classes"]


@pytest.mark.parametrize("host", ["localhost:8765", "evil.example"])
def test_no_page_can_show_it_in_a_frame(host):
    sent = asyncio.run(answer(guarded(), [("Host", host)]))
    headers = dict(sent[0]["headers"])
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert headers[b"x-frame-options"] == b"DENY"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cross-origin-resource-policy"] == b"same-origin"


def test_sessions_are_so_many_at_most(monkeypatch):
    monkeypatch.setattr(guard, "MOST_SESSIONS", 3)
    own = ("Origin", "http://localhost:8765")
    two = guarded(sessions=["one", "two"])
    three = guarded(sessions=["one", "two", "three"])
    assert status(two, LOCAL) == 200
    assert status(three, LOCAL) == 503
    assert status(three, LOCAL, path="/static/a") == 200
    other = "/jupyter/api/kernels/other/channels"
    assert opens(two, LOCAL, own, path=other)
    assert not opens(three, LOCAL, own, path=other)
    assert opens(three, LOCAL, own)  # it comes back to its own


def test_connections_are_so_many_at_most_and_free_again_when_they_end(monkeypatch):
    monkeypatch.setattr(guard, "MOST_SESSIONS", 3)
    app, depth = Asked(), []
    door = guarded(app)
    headers = [LOCAL, ("Origin", "http://localhost:8765")]

    async def once_more():
        sent = await answer(door, headers, path=KERNEL, kind="websocket")
        depth.append(sent[0]["type"])

    app.inside = once_more
    for _ in range(2):
        depth.clear()
        asyncio.run(once_more())
        assert depth == ["websocket.close", *["websocket.accept"] * 3]
