"""The server of the dashboard: on this machine alone, unless asked otherwise."""

import os
import socket
import warnings
from collections.abc import Callable, Collection
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address

from sim.errors import InputMissingError, UsageError
from sim.web.dashboard.choice import Choice, begin_with
from sim.web.dashboard.guard import LOCAL, MOST_SESSIONS, Guard
from sim.web.dashboard.worlds import Worlds, stop_all

PORT = 8765

# What Solara would otherwise do: report its use, write an id of this user to the home
# folder, and fetch from elsewhere what it does not have. Nothing listens on port 9.
_SETTINGS = {
    "SOLARA_APP": "sim.web.dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_CHECK_HOOKS": "off",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "none",
    "SOLARA_ASSETS_CDN": "http://localhost:9/",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "ceasefire-sim",
    # A session whose browser is gone ends; a page that is closed ends its own at once.
    "SOLARA_KERNEL_CULL_TIMEOUT": "3m",
}
# Mesa's page is written for Vue 2 and Vuetify 2, which these releases are made for.
_NEEDED = dict.fromkeys(("altair", "solara", "solara-assets"), "")
_NEEDED |= dict.fromkeys(("ipyvue", "ipyvuetify"), "1.")


def check_installed() -> None:
    """Raise InputMissingError if a package of the extra is missing or does not fit."""
    wrong = []
    for name, begins in _NEEDED.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is not installed")
            continue
        if not found.startswith(begins):
            wrong.append(f"{name} is {found}, not {begins}x")
    if wrong:
        raise InputMissingError(
            f"the dashboard needs more packages ({', '.join(wrong)}): pip install "
            "'ceasefire-sim[dashboard]'"
        )


def listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens; without a port, 8765 or else any that is free.

    Raises UsageError if the address is not of this machine, or the port is taken.
    """
    wanted = [PORT, 0] if port is None else [port]
    for each in wanted:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            return socket.create_server((host, each), family=family)
        except OSError as error:
            # Python says the address once more, in brackets.
            reason = (error.strerror or str(error)).partition(" (while")[0]
    raise UsageError(
        f"cannot listen on {host}:{wanted[-1]}: {reason}; choose another with --port"
    )


def name_of(host: str, listening: socket.socket) -> str:
    """Return "HOST:PORT" as it is typed into a browser."""
    port = listening.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serve(
    choice: Choice,
    listening: socket.socket,
    ready: Callable[[], None],
    *,
    host: str,
    also: Collection[str] = (),
    root_path: str = "",
) -> None:
    """Serve the page until interrupted; call `ready` once it can be opened.

    `host` is where it listens; `also` and `root_path` are what a proxy before it is
    called, and what the paths of its pages begin with.
    """
    address, port = listening.getsockname()[:2]
    names = [] if ip_address(address).is_loopback else [socket.gethostname()]
    own = [name_of(host, listening), *(f"{each}:{port}" for each in (*names, *LOCAL))]
    os.environ.update(
        _SETTINGS,
        # Solara would take both from the headers of the first request, for everybody.
        SOLARA_ROOT_PATH=root_path,
        SOLARA_BASE_URL=f"http://{own[0]}{root_path}/",
    )
    import uvicorn
    from solara.server import kernel_context, starlette

    # Its cookie is one of its own site, which is all that is wanted.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    begin_with(choice)
    # What is compiled, or read from the cache, is so before somebody waits for it.
    worlds = Worlds(choice)
    worlds.step_to_decision()
    worlds.last_decisions()
    worlds.so_far().plot().svg()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    config = uvicorn.Config(
        Guard(starlette.app, own, also, root_path, lambda: [*kernel_context.contexts]),
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        ws_max_size=2**20,
        limit_concurrency=8 * MOST_SESSIONS,
    )
    server = Server(config)
    try:
        server.run(sockets=[listening])
    finally:
        stop_all()  # a thread that plays would keep the process
    if server.started:
        # Only a signal ends it; that uvicorn raises it again fails one time in many.
        raise KeyboardInterrupt
