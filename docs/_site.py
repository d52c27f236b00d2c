"""What the documentation site shows of pages that lie outside docs/.

mkdocs calls the functions here by their names. The README, the changelog and the
lessons become pages; a link to any other file of the project becomes its path in code.
No page may need anything from elsewhere.
"""

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
_LOADED = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"?((?:https?:)?//[^\"\s>]+)"
)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def _outside() -> dict[str, str]:
    """Return where files outside docs/ lie on the site, by their path."""
    pages = {
        "README.md": "readme.md",
        "CHANGELOG.md": "changelog.md",
        "CONTRIBUTING.md": "contributing.md",
        "SECURITY.md": "security.md",
    }
    lessons = ROOT / "experiments" / "lessons"
    for file in sorted(lessons.rglob("*")):
        if file.suffix in (".md", ".svg"):
            inside = file.relative_to(lessons).as_posix()
            pages[file.relative_to(ROOT).as_posix()] = f"lessons/{inside}"
    return {name: place for name, place in pages.items() if (ROOT / name).is_file()}


OUTSIDE = _outside()
_SOURCE = {place: name for name, place in OUTSIDE.items()}


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages that lie outside docs/."""
    for name, place in OUTSIDE.items():
        content = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Point every link to where its file is on the site, or show its path."""
    here = page.file.src_uri
    folder = (ROOT / _SOURCE.get(here, f"docs/{here}")).parent

    def there(found: re.Match[str]) -> str:
        image, text, target, anchor = found.groups()
        if re.match(r"[a-z]+:", target):
            return found[0]
        file = Path(os.path.normpath(folder / target))
        name = os.path.relpath(file, ROOT).replace(os.sep, "/")
        if name in OUTSIDE:
            place = OUTSIDE[name]
        elif name.startswith("docs/") and file.is_file():
            place = name.removeprefix("docs/")
        elif file.exists():
            return text if text.strip("`") == name else f"{text} (`{name}`)"
        else:
            return found[0]
        to = os.path.relpath(place, Path(here).parent).replace(os.sep, "/")
        return f"{image}[{text}]({to}{anchor or ''})"

    return _LINK.sub(there, markdown)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """Refuse a page that would load something from elsewhere."""
    if found := _LOADED.search(output):
        raise PluginError(f"{page.file.src_uri}: would load {found[1]}")
    return output
