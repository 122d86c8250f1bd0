"""What the dated failure lists say about a job; they are logs, so every entry is judged by its date."""

from __future__ import annotations

from collections.abc import Iterable

from bptui.model.evidence import Failure, FailureType
from bptui.model.reading import FailureList
from bptui.model.verdict import Actor, At, Grade, Kind, Phrase
from bptui.monitor.why.derive import Case
from bptui.monitor.why.limits import MINUTE, Side
from bptui.monitor.why.obstacle import Obstacle

SLACK_SECONDS = 10 * MINUTE
"""How long before the last progress a failure may be dated and still explain the pause."""

TARGET_LISTS = (FailureList.DS3_TARGET, FailureList.S3_TARGET, FailureList.AZURE_TARGET)
_WRITE_TYPES = {FailureType.NOT_ONLINE, FailureType.WRITE_FAILED, FailureType.WRITE_INITIATE_FAILED}


def seconds_of(case: Case, failure: Failure) -> float | None:
    """When a failure was noted, on the clock of the samples; the appliance's own clock may be off."""
    if failure.date is None:
        return None
    return case.now.seconds_of(failure.date) - case.facts.endpoint.clock_ahead_seconds


def newest(failures: Iterable[Failure]) -> Failure | None:
    """The failure with the latest date; the order of the lists says nothing."""
    return max((failure for failure in failures if failure.date), key=lambda failure: str(failure.date), default=None)


def newest_failure(case: Case, source: FailureList, subject_id: str) -> Phrase | None:
    """The newest entry about one thing, with its date."""
    mine = (failure for failure in case.facts.endpoint.failures_of(source) if failure.subject_id == subject_id)
    found = newest(mine)
    return failure_phrase(found) if found else None


def failure_phrase(failure: Failure) -> Phrase:
    """A failure as its own list words it."""
    kind = failure.failure_type.value if failure.failure_type else "failure"
    date: Phrase = (" at ", At(failure.date)) if failure.date else ()
    text: Phrase = (f": “{failure.error_message}”",) if failure.error_message else ()
    return (kind, *date, *text)


def in_pause(case: Case, source: FailureList) -> tuple[Failure, ...]:
    """The failures of a list that are dated after the last drain progress, less some slack."""
    start = case.pause_start(Side.DRAIN)[0] - SLACK_SECONDS
    dated = ((failure, seconds_of(case, failure)) for failure in case.facts.endpoint.failures_of(source))
    return tuple(failure for failure, seconds in dated if seconds is not None and seconds >= start)


def find_no_free_media(case: Case) -> Obstacle | None:
    """M4: a storage domain that the job needs has reported that no free media remain."""
    if not case.is_put:
        return None
    wanted = FailureType.WRITES_STALLED_DUE_TO_NO_FREE_MEDIA_REMAINING
    source = FailureList.STORAGE_DOMAIN
    stalled = [failure for failure in in_pause(case, source) if failure.failure_type == wanted]
    policy = case.facts.policy.known
    used = frozenset({source.value})
    grade = Grade.LIKELY
    if policy and policy.stores:
        needed = {store.storage_domain_id for store in policy.stores}
        stalled = [failure for failure in stalled if failure.subject_id in needed]
        used |= {"data policy"}
        grade = Grade.TOLD
    elif len(case.facts.endpoint.storage_domain_names) == 1:
        used |= {"storage_domain"}
        grade = Grade.TOLD
    found = newest(stalled)
    if found is None:
        return None
    doubt: tuple[Phrase, ...] = (("Whether this bucket needs that domain is not known",),)
    causes = (_no_media_phrase(case, found), *(doubt if grade is Grade.LIKELY else ()))
    return Obstacle("M4", Kind.BLOCKED, grade, Actor.OPERATOR, causes, used)


def _no_media_phrase(case: Case, failure: Failure) -> Phrase:
    names = case.facts.endpoint.storage_domain_names
    name = names.get(failure.subject_id or "", failure.subject_id or "(not named)")
    when: Phrase = (At(failure.date),) if failure.date else ("an unknown time",)
    return (f"Storage domain {name} reported no free media at ", *when, ". Add or free tapes")


def find_target_failure(case: Case) -> Obstacle | None:
    """M6: a replication target has reported that it cannot be written to."""
    if not case.is_put:
        return None
    reported = [failure for source in TARGET_LISTS for failure in in_pause(case, source)]
    unwritable = [failure for failure in reported if failure.failure_type in _WRITE_TYPES]
    policy = case.facts.policy.known
    if policy:
        unwritable = [failure for failure in unwritable if failure.subject_id in policy.target_ids]
    found = newest(unwritable)
    if found is None or found.failure_type is None or found.date is None:
        return None
    cause: Phrase = (
        f"Replication target {found.subject_id or ''} reported {found.failure_type.value} at ".replace("  ", " "),
        At(found.date),
        ". Completion needs every copy",
    )
    grade = Grade.TOLD if policy else Grade.LIKELY
    causes = (cause,) if policy else (cause, ("Whether this bucket is copied there is not known",))
    used = frozenset({found.source.value}) | ({"data policy"} if policy else set())
    return Obstacle("M6", Kind.BLOCKED, grade, Actor.ADMIN, causes, used)
