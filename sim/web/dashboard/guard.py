"""Who is let in to the dashboard: browsers that show its own page, and so many.

A page of another site can make a browser send requests to this machine, and by a name
that it has made point here (DNS rebinding) even read the answers. So each request must
name this server as its host, and if a page sent it, that page must be the server's own.
"""

import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

Place: TypeAlias = tuple[str, str, int]

LOCAL = ("localhost", "127.0.0.1", "[::1]")
# Each is a world or two, and a thread.
MOST_SESSIONS = 64

_KERNEL = re.compile(r"/jupyter/api/kernels/([^/]+)/[^/]+")
_PORTS = {"http": 80, "https": 443}
_PLACE = re.compile(r"(?:(https?)://)?([\w.-]+|\[[\w:.]+\])(?::(\d{1,5}))?", re.ASCII)
# What a proxy says of others; whoever else sends it is not believed.
_FORWARDED = re.compile(rb"(x-)?(forwarded(-.*)?|script-name|original-.*|real-ip)")

# The page is made of inline scripts and of templates that are compiled in the browser.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Guard:
    """Lets requests through to an application, or refuses them.

    `own` is what this server is called, each "HOST:PORT"; its pages are of http, and
    the address at which a request arrives is one of them too. `also` is what a proxy
    before it is called, "HOST" or "HOST:PORT", http or https; its paths begin with
    `root_path`, "/NAME". `sessions` returns the ids of the sessions that there are.
    """

    def __init__(
        self,
        app: App,
        own: Collection[str],
        also: Collection[str],
        root_path: str,
        sessions: Callable[[], Collection[str]],
    ) -> None:
        self._app = app
        self._places = {_place(each) for each in own} | {
            _place(each, scheme) for each in also for scheme in _PORTS
        }
        self._root_path = root_path
        self._sessions = sessions
        self._open: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        scope = self._plain(scope)
        refused = self._refused(scope)
        if scope["type"] == "websocket":
            return await self._connected(scope, receive, send, refused)
        if refused:
            return await _refuse(_with_headers(send), *refused)
        return await self._app(scope, receive, _with_headers(send))

    def _plain(self, scope: Scope) -> Scope:
        """Return a request without what only a proxy could say."""
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if not _FORWARDED.fullmatch(name.lower().replace(b"_", b"-"))
        ]
        path, root = scope["path"], self._root_path
        if root and f"{path}/".startswith(f"{root}/"):
            path = path[len(root) :] or "/"
        return {**scope, "headers": headers, "path": path}

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason if a request is not let in."""
        given = {
            each: [value for name, value in scope["headers"] if name.lower() == each]
            for each in (b"host", b"origin", b"sec-fetch-site", b"sec-fetch-mode")
        }
        places = (self._places | {_address(scope)}) - {None}
        hosts, origins = given[b"host"], given[b"origin"]
        if len(hosts) != 1 or places.isdisjoint(_place(hosts[0], s) for s in _PORTS):
            return 403, "unknown host name of the dashboard (--allow-host adds one)"
        if len(origins) > 1 or (scope["type"] == "websocket" and not origins):
            return 403, "the request was not sent by a web page"
        if any(b"://" not in each or _place(each) not in places for each in origins):
            return 403, "sent by a page of another site"
        by_others = {b"cross-site", b"same-site"}.intersection(given[b"sec-fetch-site"])
        is_link = (
            given[b"sec-fetch-mode"] == [b"navigate"] and scope.get("method") == "GET"
        )
        if by_others and not is_link:
            return 403, "sent by a page of another site"
        if self._full(scope):
            return 503, f"{MOST_SESSIONS} pages are open, the most allowed; close some"
        return None

    def _full(self, scope: Scope) -> bool:
        """Return whether a request would begin a session too many."""
        here = {*self._open, *self._sessions()}
        if scope["type"] == "http":
            return scope["path"] == "/" and len(here) >= MOST_SESSIONS
        found = _KERNEL.fullmatch(scope["path"])
        begins = found is None or found[1] not in here
        return max(len(self._open), len(here) if begins else 0) >= MOST_SESSIONS

    async def _connected(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        refused: tuple[int, str] | None,
    ) -> None:
        found = _KERNEL.fullmatch(scope["path"])
        if refused or not found:
            await receive()
            return await send({"type": "websocket.close", "code": 1008})
        self._open.append(found[1])
        try:
            return await self._app(scope, receive, send)
        finally:
            self._open.remove(found[1])


def _place(text: str | bytes, scheme: str = "http") -> Place | None:
    """Return scheme, name and port of a host, or of an origin, which has a scheme."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    found = _PLACE.fullmatch(text.lower())
    if found is None:
        return None
    scheme = found[1] or scheme
    return scheme, found[2], int(found[3] or _PORTS[scheme])


def _address(scope: Scope) -> Place | None:
    """Return the address of this machine at which a request has arrived.

    It is no name, so nobody can have made it point here.
    """
    host, port = scope.get("server") or ("", None)
    return _place(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _with_headers(send: Send) -> Send:
    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *_HEADERS]}
        await send(message)

    return sent


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"refused: {reason}\n".encode()})
