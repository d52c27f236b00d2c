"""The server of the dashboard: on this machine alone, unless asked otherwise."""

import os
import socket
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from sim.errors import InputMissingError, UsageError
from sim.web.dashboard.choice import Choice
from sim.web.dashboard.start import begin_with
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
}
# Mesa's page is written for Vue 2 and Vuetify 2, which these releases are made for.
_NEEDED = {
    "altair": "",
    "solara": "",
    "solara-assets": "",
    "ipyvue": "1.",
    "ipyvuetify": "1.",
}


def check_installed() -> None:
    """See to it that what the page is made of is there.

    Raises
    ------
    InputMissingError
        If a package of the extra is missing, or of another generation.
    """
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
            f"the dashboard needs its extra ({', '.join(wrong)}): "
            "pip install 'ceasefire-sim[dashboard]'"
        )


def listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens; without a port, 8765 or else any that is free.

    Raises
    ------
    UsageError
        If the address is not of this machine, or the port is taken.
    """
    wanted = [PORT, 0] if port is None else [port]
    for each in wanted:
        try:
            return socket.create_server((host, each))
        except OSError as error:
            # Python says the address once more, in brackets.
            reason = (error.strerror or str(error)).partition(" (while")[0]
    raise UsageError(
        f"cannot listen on {host}:{wanted[-1]}: {reason}; --port takes another"
    )


def serve(choice: Choice, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve the page until interrupted; call `ready` once it can be opened."""
    os.environ.update(_SETTINGS)
    import uvicorn

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

    config = uvicorn.Config("solara.server.starlette:app", log_level="warning")
    server = Server(config)
    try:
        server.run(sockets=[listening])
    finally:
        stop_all()  # a thread that plays would keep the process
    if server.started:
        # Only a signal ends it; that uvicorn raises it again fails one time in many.
        raise KeyboardInterrupt
