"""What a release of the appliance's software knows and how it spells it (DS3 API contracts 3.5 to 6.0)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One release, as (major, minor), and its differences on the wire as claims."""

    name: str
    number: tuple[int, int]
    build: str

    @classmethod
    def named(cls, name: str) -> Release:
        """The release for a text such as "5.8"."""
        major, minor = name.split(".")
        return cls(name, (int(major), int(minor)), f"{name}.1")

    @property
    def has_version_id(self) -> bool:
        """Objects carry `VersionId`, an id, from 5.0 on, and `Version`, a number, before."""
        return self.number >= (5, 0)

    @property
    def has_close(self) -> bool:
        """Close Aggregating Job came with 4.0; before, the same request is Modify Job with nothing to modify."""
        return self.number >= (4, 0)

    @property
    def has_summary(self) -> bool:
        """Get Job with `summary` came with 6.0."""
        return self.number >= (6, 0)

    @property
    def has_job_entries(self) -> bool:
        """From 6.0 on a job has one entry per blob instead of chunks."""
        return self.number >= (6, 0)

    @property
    def always_tells_entirely_in_cache(self) -> bool:
        """3.4 and 3.5 print `EntirelyInCache` always; from 4.0 on it may be absent."""
        return self.number < (4, 0)

    @property
    def gone_status(self) -> int:
        """3.x answers 410 to some requests that later releases answer with 404."""
        return 410 if self.number < (4, 0) else 404

    def since(self, major: int, minor: int) -> bool:
        """Whether something that came with a release is there."""
        return self.number >= (major, minor)
