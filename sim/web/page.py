"""The classroom page: one HTML file that holds a sweep, its figures and its words.

It loads nothing: data, words, style and scripts are inside, and its policy allows
scripts by their checksums only. What a scenario's author wrote reaches the page as data
and is shown as text.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from sim.errors import CheckFailedError
from sim.web.words import filled

_HERE = Path(__file__).parent
_VENDOR = _HERE / "vendor"
_LIBRARIES = ("d3-7.9.2.min.js", "plot-0.6.17.umd.min.js")

# In the order in which they build on one another.
_MODULES = (
    "read", "words", "state", "draw", "panel", "guess", "story", "why", "range", "dots",
    "survival", "curve", "compare", "map", "fan", "about", "page",
)  # fmt: skip

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


def assembled(data: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Return the page.

    `data` is what `content.Content.with_days` returns, `words` what `words_from` does.

    Raises
    ------
    CheckFailedError
        If a library is not the one that was published.
    """
    scripts = [*map(_library, _LIBRARIES), _own_script()]
    policy = _POLICY.format(scripts=" ".join(map(_checksum, scripts)))
    scenario = data["about"]["scenario_title"]
    template = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        lang=html.escape(str(words["lang"])),
        policy=policy,
        title=html.escape(filled(words["page"]["title"], scenario=scenario)),
        no_script=html.escape(words["page"]["no_script"]),
        style=(_HERE / "page.css").read_text(encoding="utf-8"),
        data=_as_data(data),
        words=_as_data(words),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def _own_script() -> str:
    parts = [
        (_HERE / "js" / f"{name}.js").read_text(encoding="utf-8") for name in _MODULES
    ]
    return "\n".join(["(() => {", '"use strict";', *parts, "})();"])


def _library(name: str) -> str:
    content = (_VENDOR / name).read_bytes()
    sums = (_VENDOR / "SHA256SUMS").read_text(encoding="ascii").split()
    known = dict(zip(sums[1::2], sums[::2], strict=True))
    if hashlib.sha256(content).hexdigest() != known[name]:
        raise CheckFailedError(f"{_VENDOR / name} is not the file that was published")
    return content.decode("utf-8")


def _checksum(script: str) -> str:
    """Return a script as a policy names it: over its text, line ends as in HTML."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _as_data(value: Mapping[str, Any]) -> str:
    """Return JSON that cannot end the element that it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
