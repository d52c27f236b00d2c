"""How large the runs of the suite are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Numbers of worlds, of wars, of turns."""

    turns: int = 3
    mesa: int = 400  # worlds
    engine: int = 20_000
    plain: int = 10_000
    counted: int = 512  # worlds whose luck is counted; drawn `redrawn` times over
    redrawn: int = 200
    worlds: tuple[int, ...] = (1_000, 10_000, 100_000)  # in one call of the engine
    horizons: tuple[int, ...] = (30, 90, 180, 360)
    offers: tuple[int, ...] = (1, 2, 4, 8, 16)
    chips: tuple[int, ...] = (0, 1, 2, 3, 4)
    few: int = 4_000  # worlds for each of the last three
    wars: int = 40_000  # times that all wars are valued
    formulas: int = 2_000  # times that each formula is worked out for its values
    replicates: int = 100_000  # in each of so many cells, by a command of its own
    cells: tuple[int, ...] = (1, 10)
    alone: tuple[int, ...] = (1_000_000,)  # worlds of a sweep of one cell
    started: int = 1_000_000  # worlds of a cold and of a warm start
    flagship: int = 10_000  # replicates in each of 81 cells
    cold: bool = True


QUICK = Sizes(
    turns=3,
    mesa=100,
    engine=5_000,
    plain=5_000,
    redrawn=100,
    worlds=(1_000, 10_000),
    few=1_000,
    wars=5_000,
    formulas=300,
    replicates=10_000,
    alone=(100_000,),
    started=50_000,
    flagship=200,
    cold=False,
)
FULL = Sizes(cells=(1, 10, 100), alone=(1_000_000, 10_000_000))
