"""What a benchmark measures: runs taken in turns, and the rows that come of them."""

import csv
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Taken:
    """What one run took: wall and processor seconds, and how much it did.

    `processor` counts all threads, and child processes if the run is of those. On a
    machine that others use it is steadier than the wall.
    """

    seconds: float
    processor: float
    done: float
    peak_mb: float | None = None


@dataclass(frozen=True)
class Run:
    """One thing to measure; `work` does it once."""

    what: str
    size: str
    unit: str  # of `Taken.done`
    work: Callable[[], Taken]
    against: str = ""  # what it is compared with, of the same group; itself: nothing


@dataclass(frozen=True)
class Row:
    """Medians of one run. Ratios are medians of the ratios of each turn."""

    group: str
    what: str
    size: str
    seconds: float
    processor_seconds: float
    per_second: float
    unit: str
    peak_mb: float | None = None
    against: str = ""
    ratio: float | None = None  # of units done in a second of the wall
    processor_ratio: float | None = None  # of units done in a second of processors


def timed(work: Callable[[], float]) -> Taken:
    """Run `work`, which returns how many units it did, in this process."""
    wall, processor = time.perf_counter(), time.process_time()
    done = work()
    return Taken(time.perf_counter() - wall, time.process_time() - processor, done)


def in_turns(
    group: str, runs: Sequence[Run], repeats: int, *, warm_up: bool = True
) -> list[Row]:
    """Do all runs once, then all again, and so on, so that a busy machine slows all.

    The warm-up, a turn that compiles, is not counted.
    """
    taken: dict[str, list[Taken]] = {run.what: [] for run in runs}
    for turn in range(repeats + warm_up):
        for run in runs:
            each = run.work()
            if turn >= warm_up:
                taken[run.what].append(each)
    return [_row(group, run, taken) for run in runs]


def _row(group: str, run: Run, taken: dict[str, list[Taken]]) -> Row:
    own = taken[run.what]
    against = "" if run.against == run.what else run.against
    other = taken.get(against, [])

    def median(value: Callable[[Taken], float]) -> float:
        return statistics.median(map(value, own))

    def ratio(speed: Callable[[Taken], float]) -> float | None:
        pairs = zip(own, other, strict=True)
        return statistics.median(speed(a) / speed(b) for a, b in pairs)

    peaks = [each.peak_mb for each in own if each.peak_mb is not None]
    return Row(
        group=group,
        what=run.what,
        size=run.size,
        seconds=median(lambda each: each.seconds),
        processor_seconds=median(lambda each: each.processor),
        per_second=median(_per_second),
        unit=run.unit,
        peak_mb=max(peaks, default=None),
        against=against,
        ratio=ratio(_per_second) if other else None,
        processor_ratio=ratio(_per_processor_second) if other else None,
    )


def _per_second(taken: Taken) -> float:
    return taken.done / taken.seconds


def _per_processor_second(taken: Taken) -> float:
    return taken.done / taken.processor


HEADER = (
    f"{'what':<36}{'size':<28}{'seconds':>9}{'processor':>10}{'a second':>12} "
    f"{'unit':<11}{'MB':>6}{'ratio':>9}{'proc.':>9}  against"
)


def line(row: Row) -> str:
    """Return a row of the printed table."""
    peak = "" if row.peak_mb is None else f"{row.peak_mb:.0f}"
    ratios = "".join(
        f"{'' if each is None else f'{each:.2f}':>9}"
        for each in (row.ratio, row.processor_ratio)
    )
    text = (
        f"{row.what:<36}{row.size:<28}{row.seconds:>9.3f}{row.processor_seconds:>10.3f}"
        f"{row.per_second:>12,.0f} {row.unit:<11}{peak:>6}{ratios}  {row.against}"
    )
    return text.rstrip()


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write all rows, numbers in full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([each.name for each in fields(Row)])
        writer.writerows(astuple(row) for row in rows)
