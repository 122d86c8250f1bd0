"""What a person has chosen to see of the job list, and how the list says so; pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from bptui.model.filter import JobFilter
from bptui.model.job import JobId
from bptui.text import visible
from bptui.tui.keys import KeyMap
from bptui.tui.widgets.grouping import Grouping, GroupKey
from bptui.tui.widgets.sorting import Sort
from bptui.units import count_text


@dataclass(frozen=True, slots=True)
class JobView:
    """What a person has chosen to see of the list."""

    wanted: JobFilter = field(default_factory=JobFilter)
    sort: Sort = field(default_factory=Sort)
    is_wide: bool = False
    kept: JobId | None = None
    grouping: Grouping | None = None
    """By what jobs are taken together; None when they are listed one by one."""
    group: GroupKey | None = None
    """The only group whose jobs are listed; None for all, or for the list of groups."""

    @property
    def shows_groups(self) -> bool:
        """Whether a line is a group, not a job."""
        return self.grouping is not None and self.group is None

    @property
    def is_narrowed(self) -> bool:
        """Whether only some jobs are listed."""
        return bool(self.wanted or self.group)

    def summary(self, shown: int, total: int, between: str) -> str:
        """Order, filters and how many jobs are shown, in one line of visible text."""
        wanted = self.wanted
        parts = [f"sorted by {self.sort}"]
        if self.shows_groups and self.grouping is not None:
            parts = [f"by {self.grouping.value}: held is received and not yet on all copies, a lower bound"]
        elif self.group is not None:
            name = "not told" if self.group.name is None else visible(self.group.name)
            parts.append(f"{self.group.grouping.value}: {name}")
        if wanted.words:
            parts.append(f"filter: {visible(' '.join(wanted.words))}")
        if wanted.is_aggregating_only:
            parts.append("only aggregating")
        if wanted.is_problems_only:
            parts.append("only problems")
        if self.is_narrowed:
            parts.append(f"{count_text(shown)} of {count_text(total)}")
        return between.join(parts)

    def why_empty(self, keymap: KeyMap) -> tuple[str, ...]:
        """What stands in place of jobs, and what to press."""
        if self.is_narrowed:
            return "No job matches.", f"{keymap.named('step_out')} shows all jobs again."
        ended, now, other = map(keymap.named, ("show_ended", "refresh_now", "show_endpoints"))
        return (
            "No jobs are running on this appliance.",
            f"They appear here when they start. {ended} fetches jobs that ended earlier, {now} asks now, {other} chooses another appliance.",
        )
