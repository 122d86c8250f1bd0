"""Objects that look like what people keep on tape: a family of names and sizes for each kind of bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

GIB = 1 << 30
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Family:
    """How the objects of a bucket are called and how large they are."""

    name: Callable[[int, random.Random], str]
    smallest_bytes: int
    largest_bytes: int

    def size(self, rng: random.Random) -> int:
        """A size between the smallest and the largest, small ones more often."""
        return int(self.smallest_bytes * (self.largest_bytes / self.smallest_bytes) ** rng.random())


def _reel(i: int, rng: random.Random) -> str:
    return f"reel-{i // 12 + 1:02d}/scene {i % 12 + 1:02d}/take_{rng.randint(1, 9):03d}_{i:04d}.mxf"


def _audio(i: int, rng: random.Random) -> str:
    place = rng.choice(("porch", "barn", "kitchen", "jetty", "chapel", "orchard"))
    return f"interviews/2024-11-{i % 28 + 1:02d} {place} {i:03d}.wav"


def _genome(i: int, rng: random.Random) -> str:
    return f"cohort12/S{i // 2:05d}/{rng.choice(('L001', 'L002'))}_R{i % 2 + 1}_{i:04d}.fastq.gz"


def _seismic(i: int, _: random.Random) -> str:
    return f"survey-114/line-{i // 40 + 1:02d}/shot-{i:05d}.segd"


def _backup(i: int, rng: random.Random) -> str:
    return f"vm/{rng.choice(('erp', 'mail', 'files', 'build', 'wiki'))}-{i % 7 + 1:02d}/2026-11-{i % 20 + 1:02d}T0{i % 6}0000_{i:04d}.vbk"


def _scan(i: int, _: random.Random) -> str:
    return f"inbox/{i:05d}.tif"


def _study(i: int, rng: random.Random) -> str:
    return f"studies/2026/{rng.randint(100000, 999999)}/series-{i % 9 + 1}/volume_{i:04d}.nii.gz"


def _news(i: int, rng: random.Random) -> str:
    return f"2026-11-21/{rng.choice(('studio', 'harbour', 'parliament', 'weather', 'sports'))}_{i:03d}_XAVC.mxf"


def _plate(i: int, _: random.Random) -> str:
    return f"plates/sh{(i // 60 + 1) * 10:03d}/v03/plate.{1001 + i}.exr"


FAMILIES: dict[str, Family] = {
    "reel-masters": Family(_reel, 4 * GIB, 40 * GIB),
    "dailies-2026": Family(_reel, 1 * GIB, 9 * GIB),
    "field-audio": Family(_audio, 200 * MIB, 3 * GIB),
    "genomics-raw": Family(_genome, 2 * GIB, 18 * GIB),
    "seismic-north": Family(_seismic, 1 * GIB, 6 * GIB),
    "veeam-offsite": Family(_backup, 8 * GIB, 60 * GIB),
    "harbor-masters": Family(_scan, 20 * MIB, 90 * MIB),
    "mri-studies": Family(_study, 120 * MIB, 2 * GIB),
    "broadcast-news": Family(_news, 700 * MIB, 5 * GIB),
    "vfx-plates": Family(_plate, 40 * MIB, 120 * MIB),
}
"""The families by bucket name."""
