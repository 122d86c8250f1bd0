"""`python -m tests.screenshots FOLDER` draws all pictures as SVG."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC
from pathlib import Path

from bptui.cli.book import ApplianceBook
from bptui.cli.invocation import Invocation
from bptui.model.endpoint import Writes
from bptui.tui.options import view_options
from bptui.tui.setup import SetupApp
from tests.screenshots.stage import ENVIRON, Stage, picture_of, staged

SIZES = ((120, 40), (80, 24))


async def jobs(stage: Stage) -> None:
    """The job list with something moving."""
    await stage.pass_time(60)


async def tree(stage: Stage) -> None:
    """A chunk opened: objects in cache and not, latest and superseded."""
    await stage.pass_time(30)
    await stage.press(*["j"] * 7, "enter")
    await stage.pass_time(6)
    await stage.wait("chunk 2")
    await stage.press("j", "enter", *["j"] * 5)


async def close(stage: Stage) -> None:
    """May I close this one?"""
    await stage.pass_time(30)
    await stage.press("slash")
    await stage.type("night")
    await stage.press("enter", "X")
    await stage.wait("cannot be undone")


async def stale(stage: Stage) -> None:
    """The appliance does not answer any more."""
    await stage.pass_time(30)
    stage.simulator.set_faults(["503:retry=120"])
    await stage.pass_time(60)


async def nothing(stage: Stage) -> None:
    """An appliance without jobs."""
    await stage.pass_time(5)


async def help_(stage: Stage) -> None:
    """Help for the focused pane."""
    await stage.press("question_mark")


async def restore(stage: Stage) -> None:
    """Night 1: the restore has not arrived; the tape it needs, and where that is."""
    await stage.pass_time(30)
    await stage.press("j", "j", "j")
    await stage.pass_time(75)


async def drives(stage: Stage) -> None:
    """Night 3: nothing is going to tape."""
    await stage.pass_time(90)


async def media(stage: Stage) -> None:
    """Night 5: after maintenance everything stands; the media room says what is out."""
    await stage.pass_time(90)
    await stage.press("M")


SCENES: dict[str, tuple[Callable[[Stage], Awaitable[None]], dict[str, object]]] = {
    "jobs": (jobs, {}),
    "tree": (tree, {}),
    "close": (close, {"is_prod": True}),
    "stale": (stale, {}),
    "help": (help_, {}),
    "restore": (restore, {"scenario": "night-1"}),
    "drives": (drives, {"scenario": "night-3"}),
    "media": (media, {"scenario": "night-5"}),
    "empty": (nothing, {"scenario": "empty", "writes": Writes.ASK}),
}


async def drawn(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Each picture by file name."""
    for name, (play, options) in SCENES.items():
        for size in SIZES:
            async with staged(folder, size, **options) as stage:  # type: ignore[arg-type]  # a table of mixed options
                await play(stage)
                await stage.settle()
                yield f"{name}-{size[0]}x{size[1]}.svg", stage.picture()


async def first_run() -> AsyncIterator[tuple[str, str]]:
    """What greets who has no appliance yet."""
    for size in SIZES:
        app = SetupApp(view_options(ENVIRON, UTC), ApplianceBook(Invocation(environ=ENVIRON)))
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.3)
            yield f"first-run-{size[0]}x{size[1]}.svg", picture_of(app)


async def main(target: Path) -> None:
    """Draw all pictures into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        async for name, picture in drawn(Path(folder)):
            (target / name).write_text(picture)
            print(name)
    async for name, picture in first_run():
        (target / name).write_text(picture)
        print(name)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
