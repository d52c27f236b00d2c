"""A sweep in parts: one of them run, or all of them joined."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sim.finished import Sweep, open_sweep

if TYPE_CHECKING:
    from sim.sweep.plan import Plan
    from sim.sweep.progress import Progress


def carry_out_part(
    plan: "Plan",
    sweep: Path,
    *,
    force: bool = False,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: "Progress | None" = None,
) -> Path:
    """Run the part of a plan, or what is left of it; return its folder below `sweep`.

    Errors as `sim.study.sweep`; also UsageError if `sweep` holds a whole sweep, or
    parts of another one.
    """
    from sim.analysis import cells as summary
    from sim.sweep.about import describe
    from sim.sweep.cluster import crew_of
    from sim.sweep.files import refuse_links
    from sim.sweep.limits import check_fits
    from sim.sweep.merge import check_beside
    from sim.sweep.run import run_to_the_end
    from sim.sweep.store import Folder

    assert plan.part is not None
    folder = plan.part.folder(sweep)
    manifest = describe(plan)
    check_beside(sweep, manifest, plan.part)
    refuse_links(folder, sweep)
    check_fits(plan, folder, summary, threads)
    crew = crew_of(plan, summary.summarise, threads=threads, scheduler=scheduler)
    with closing(crew), closing(Folder(folder, plan, manifest, force=force)) as store:
        run_to_the_end(plan, summary, store, crew, progress=progress)
    return folder


def merge(sweep: Path, *, force: bool = False) -> Sweep:
    """Join the parts of a sweep; errors as `sim.sweep.merge.merge`."""
    from sim.analysis import cells as summary
    from sim.sweep.merge import merge as join

    join(sweep, summary, force=force)
    return open_sweep(sweep)
