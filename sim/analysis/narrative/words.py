"""Numbers, names, lists and dates as they stand in a sentence.

`amount` is the one place that rounds km2, and what chips count that are no land.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sim.model.labels import Labels
from sim.scenario.land import LAND

SHOWS = 0.05
"""What is smaller shows in no decimal that is told, km2."""

WORTH = (
    "Worth is given in km2: something worth 26 km2 to a party is worth as much to it "
    "as 26 km2 of the disputed land, held for ever."
)


def amount(number: float, sign: str = "") -> str:
    """Return km2, or another amount, as one would say it: whole, one decimal below 10.

    What would then be nothing keeps its first digit, but for less than a square metre.

    >>> amount(2407.87), amount(26.37, "+"), amount(-3.96), amount(1e-9)
    ('2,408', '+26', '-4', '0')
    >>> amount(9.96), amount(0.25), amount(-0.0004)
    ('10', '0.2', '-0.0004')
    """
    if abs(number) < 1e-6:
        return "0"
    if abs(number) < SHOWS:
        return f"{number:{sign}.1g}"
    tenths = round(number, 1)
    digits = 0 if abs(tenths) >= 10.0 or tenths == round(tenths) else 1
    return f"{number:{sign},.{digits}f}"


def km2(number: float, sign: str = "") -> str:
    """Return an area, or a worth, in km2.

    >>> km2(1078.2)
    '1,078 km2'
    """
    return f"{amount(number, sign)} {LAND}"


def lines_in_words(low: float, high: float, own: str, other: str) -> str:
    """Return the lines that both sides prefer to war, as land of `own`; maybe none.

    >>> lines_in_words(3000, 4200, "Ukraine", "Russia")
    '3,000 to 4,200 km2'
    >>> lines_in_words(3400, 3200, "Ukraine", "Russia")
    'none: Ukraine needs 3,400, Russia leaves 3,200 km2'
    """
    if low <= high:
        return f"{amount(low)} to {km2(high)}"
    return f"none: {own} needs {amount(low)}, {other} leaves {km2(high)}"


def more_or_less(gap: float) -> str:
    """Return a difference of areas, or of worths, without its sign.

    >>> more_or_less(26.4), more_or_less(-0.25)
    ('26 km2 more', '0.2 km2 less')
    """
    return f"{km2(abs(gap))} {'more' if gap > 0.0 else 'less'}"


def chip_in_words(chip: str, labels: Labels) -> str:
    """Return a chip as something that can be handed back: "Kursk", "the prisoners"."""
    place = labels.chips.index(chip)
    unit, label = labels.units[place], labels.chip_labels[place]
    if unit == LAND:
        return in_text(label)
    alike = labels.units.count(unit) > 1
    return f"the {unit} ({label})" if alike else f"the {unit}"


def chip_size(size: float, chip: str, labels: Labels) -> str:
    """Return a size of a chip: with its unit if it is land, else the number alone."""
    is_land = labels.units[labels.chips.index(chip)] == LAND
    return km2(size) if is_land else amount(size)


def part_of_chip(size: float, chip: str, labels: Labels) -> str:
    """Return so much of a chip: "189 km2 of Kursk", "51 of the prisoners"."""
    return f"{chip_size(size, chip, labels)} of {chip_in_words(chip, labels)}"


def handed_back(chips: Collection[str], labels: Labels) -> str:
    """Return chips and the verb: "Kursk is", "Kursk and the prisoners are"."""
    if not chips:
        return "what is held outside the stake is"
    names = [chip_in_words(chip, labels) for chip in chips]
    units = [labels.units[labels.chips.index(chip)] for chip in chips]
    return f"{joined(names)} {'is' if units == [LAND] else 'are'}"


def land_held(held_km2: float, chips_km2: Mapping[str, float], labels: Labels) -> str:
    """Return who holds what: the line as the land of `front.side`, and every chip."""
    front, other = labels.sides
    holders = dict(zip(labels.chips, labels.holders, strict=True))
    own, theirs = (
        [
            part_of_chip(size, chip, labels)
            for chip, size in chips_km2.items()
            if size > 0.0 and holders[chip] == side
        ]
        for side in (front, other)
    )
    land = [f"{km2(held_km2)} of the disputed land", *own]
    text = f"{in_text(labels.party_label(front))} holds {joined(land)}"
    if theirs:
        text += f"; {in_text(labels.party_label(other))} holds {joined(theirs)}"
    return text


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


# The last words of labels that take an article: "the United States".
_WITH_ARTICLE = (
    *("Command", "Council", "Emirates", "Kingdom", "Nations", "Republic", "States"),
    *("Union", "bank", "heights"),
)


def in_text(label: str) -> str:
    """Return a label as it stands within a sentence.

    >>> in_text("United States"), in_text("Ukraine")
    ('the United States', 'Ukraine')
    """
    return f"the {label}" if label.endswith(_WITH_ARTICLE) else label


def sentence_case(text: str) -> str:
    """Return a text that begins a sentence.

    >>> sentence_case("the United States offers a truce")
    'The United States offers a truce'
    """
    return text[:1].upper() + text[1:]


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "truce"), counted(3, "truce")
    ('1 truce', '3 truces')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def percent(share: float) -> str:
    """Return a share as a whole percentage.

    >>> percent(0.4)
    '40 %'
    """
    return f"{100.0 * share:.0f} %"


def long_date(iso: str) -> str:
    """Return an ISO date in words, without looking at the locale.

    >>> long_date("2025-03-13")
    '13 March 2025'
    """
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
