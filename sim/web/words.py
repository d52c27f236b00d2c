"""The words of the page, all in one file, and what a translation of it has to have."""

import locale
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sim.errors import InputMissingError, control_in, printable
from sim.scenario.library import read_file, suggestion
from sim.scenario.problems import KeyPath, Place, Problem, report
from sim.scenario.references import did_you_mean
from sim.scenario.types import shown
from sim.scenario.yaml_file import MAX_BYTES, Document, read

Stars: TypeAlias = tuple[str, ...] | None

_SHIPPED = Path(__file__).with_name("words.yaml")

_PLURAL = "by"
_FORMS = ("zero", "one", "two", "few", "many", "other")
_AS_OURS = ", as in words.yaml"
# Of what is said about a scenario, a translation may leave some out.
_ABOUT: dict[str, Any] = {
    heading: [] for heading in ("what", "how", "notice", "try", "left_out")
}
# Below these a translation may have other keys than ours, paths and ids; each has this.
# What stands for * in its key can be named by its number.
_OPEN: dict[KeyPath, Any] = {
    ("inputs",): {"label": "", "unit": "", "phrase": "{value}"},
    ("turn", "inputs"): "{front}",
    ("names",): None,
    ("scenarios",): _ABOUT,
}
_NAME = re.compile(r"\{([A-Za-z0-9_]+)\}")
# Browsers refuse a tag of another form and show nothing at all.
_LANG = re.compile(
    r"([a-z]{2,3})(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-u(-[a-z0-9]{2,8})+)?",
    re.IGNORECASE,
)
_LANGUAGES = (
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co "
    "cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl "
    "gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg "
    "ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk "
    "ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps "
    "pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo "
    "za zh zu "
)


def words_from(file: Path | None = None) -> dict[str, Any]:
    """Return the words of the page, by default those that come with the program.

    Raises InputMissingError if the file cannot be read, and ScenarioError with all its
    mistakes by place: keys that are missing or unknown, texts that are none, names in
    braces that the page does not fill in there, no language.
    """
    ours: Any = _read(_SHIPPED).data
    if file is None:
        return dict(ours)
    document = _read(file)
    if not document.problems:
        _Check(document, file).block(ours, document.data, (), None)
    if document.problems:
        raise report(document.problems)
    theirs: Any = document.data
    return dict(theirs)


def filled(text: str, **values: str) -> str:
    """Return a text with its names in braces filled in, as the page does it."""
    return _NAME.sub(lambda found: values.get(found[1], found[0]), text)


def _read(file: Path) -> Document:
    try:
        return read(read_file(file, MAX_BYTES), str(file))
    except OSError as error:
        reason = f"{error.strerror or error}{suggestion(file)}"
        raise InputMissingError(f"{file} cannot be read: {reason}") from None


class _Check:
    """Sets a translation beside our own words and collects what is wrong with it."""

    def __init__(self, document: Document, file: Path) -> None:
        self.document = document
        self.file = str(file)

    def wrong(self, path: KeyPath, message: str, *, key: bool = False) -> None:
        places = self.document.keys if key else self.document.values
        at = path
        while at and at not in places:
            at = at[:-1]
        place = places.get(at) or Place(self.file, 1, 1, "")
        self.document.problems.append(Problem(path, message, place))

    def block(
        self, ours: Mapping[str, Any], theirs: Any, path: KeyPath, stars: Stars
    ) -> None:
        if not self.has(theirs, ours, path):
            return
        for key in ours:
            if key in theirs:
                self.value(ours[key], theirs[key], (*path, key), stars)

    def has(self, theirs: Any, keys: Iterable[str], path: KeyPath) -> bool:
        """Say whether it is a mapping; report keys that it has not, or should not."""
        if not self.is_mapping(theirs, path):
            return False
        for key in keys:
            if key not in theirs:
                self.wrong((*path, key), "is missing")
        known = list(keys)
        for count, key in enumerate(key for key in theirs if key not in known):
            hint = did_you_mean(key, known) if count < len(known) else ""
            self.wrong((*path, key), f"is unknown{hint}", key=True)
        return True

    def is_mapping(self, theirs: Any, path: KeyPath, with_: str = _AS_OURS) -> bool:
        if not isinstance(theirs, Mapping):
            self.wrong(path, f"needs a mapping{with_}")
        return isinstance(theirs, Mapping)

    def is_text(self, theirs: Any, path: KeyPath) -> bool:
        if not isinstance(theirs, str):
            self.wrong(path, f"needs text, not {shown(theirs)}; quote it if it is one")
        return isinstance(theirs, str)

    def value(self, ours: Any, theirs: Any, path: KeyPath, stars: Stars = None) -> None:
        """Check any value; `stars` is None but below a key that may be another."""
        if path in _OPEN:
            if self.is_mapping(theirs, path):
                for key, each in theirs.items():
                    named = tuple(str(i + 1) for i in range(str(key).count("*")))
                    self.value(_OPEN[path], each, (*path, key), named)
        elif path == ("lang",):
            self.language(theirs)
        elif ours is None:
            self.is_text(theirs, path)
        elif isinstance(ours, list):
            self.texts(theirs, path)
        elif isinstance(ours, str):
            names = [*(stars or ()), *names_in(ours)]
            self.text(theirs, path, names, needed=stars is None)
        elif ours is _ABOUT:
            if self.is_mapping(theirs, path, f" with some of {', '.join(ours)}"):
                some = {key: each for key, each in ours.items() if key in theirs}
                self.block(some, theirs, path, stars)
        elif _PLURAL in ours:
            self.plural(ours, theirs, path)
        else:
            self.block(ours, theirs, path, stars)

    def text(
        self,
        theirs: Any,
        path: KeyPath,
        names: Collection[str],
        *,
        needed: bool = False,
    ) -> None:
        """Check one text; unless it is empty, it has all names if they are `needed`."""
        if not self.is_text(theirs, path):
            return
        listed = " ".join(f"{{{name}}}" for name in names) or "no names in braces"
        if odd := control_in(theirs):
            self.wrong(path, odd)
        if set("{}") & set(_NAME.sub("", theirs)):
            self.wrong(path, f"has a brace that names nothing; expected {listed}")
            return
        found = _NAME.findall(theirs)
        for name in dict.fromkeys(found):
            if name not in names:
                given = printable(name, 40)
                text = f"{{{given}}} is not filled in here; expected {listed}"
                self.wrong(path, text)
        left_out = [f"{{{name}}}" for name in names if name not in found]
        if theirs and needed and left_out:
            self.wrong(path, f"leaves out {' '.join(left_out)}")

    def texts(self, theirs: Any, path: KeyPath) -> None:
        if not isinstance(theirs, list):
            self.wrong(path, f"needs a list of texts, not {shown(theirs)}")
            return
        for i, each in enumerate(theirs):
            self.text(each, (*path, i), ())

    def plural(self, ours: Mapping[str, str], theirs: Any, path: KeyPath) -> None:
        """Check the forms of a text, of which each language has its own."""
        if not self.is_mapping(theirs, path, " with by and other"):
            return
        by = ours[_PLURAL]
        forms = [form for form in _FORMS if form in theirs or form == "other"]
        if not self.has(theirs, (_PLURAL, *forms), path):
            return
        if theirs.get(_PLURAL, by) != by:
            self.wrong((*path, _PLURAL), f"needs {by}, the number that chooses")
        names = {n: None for text in ours.values() for n in names_in(text)} | {by: None}
        for form in forms:
            if form in theirs:
                self.text(theirs[form], (*path, form), names)

    def language(self, theirs: Any) -> None:
        how = "needs a language tag such as uk or pt-BR"
        tag = theirs if isinstance(theirs, str) else ""
        found = _LANG.fullmatch(tag)
        if found is None:
            better = tag.split(".")[0].replace("_", "-")
            hint = f"; did you mean '{better}'?" if _LANG.fullmatch(better) else ""
            self.wrong(("lang",), f"{how}, not {shown(theirs)}{hint}")
            return
        language = found[1].lower()
        if len(language) == 2 and f" {language} " not in _LANGUAGES:
            there = (name for name in locale.locale_alias if name.endswith(tag.lower()))
            near = sorted({name[:2] for name in there if name[2:] == f"_{language}"})
            hint = f"; did you mean '{near[-1]}'?" if near else ""
            self.wrong(("lang",), f"{how}; '{language}' is no language{hint}")


def names_in(text: str) -> list[str]:
    """Return the names in braces of a text, each once."""
    return list(dict.fromkeys(_NAME.findall(text)))
