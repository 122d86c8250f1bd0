"""Keeps the verdicts of all jobs of an endpoint, and judges again only those that can have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bptui.model.diff import JobsChanges
from bptui.model.job import EndedJob, Job, JobId
from bptui.model.snapshot import JobsSnapshot
from bptui.model.verdict import EndpointVerdict, KindClass, Verdict
from bptui.model.vocabulary import RequestType
from bptui.monitor.why.derive import Case
from bptui.monitor.why.due import GATHERED_JOBS, Due
from bptui.monitor.why.endpoint import Blindness, EndpointCase, explains, judge_endpoint
from bptui.monitor.why.entry import Entry, side_states
from bptui.monitor.why.facts import Evidence, JobFacts, Looked, Policy, Source
from bptui.monitor.why.history import History, Instant, Turn, sample_of
from bptui.monitor.why.judge import explain_shown, rule_on
from bptui.monitor.why.limits import Limits
from bptui.monitor.why.news import hard_key, soft_key
from bptui.monitor.why.pauses import Pause, ended_pauses
from bptui.monitor.why.recorded import Recorded, with_recorder
from bptui.monitor.why.stability import News, Ringing, next_evaluation, reads_differently, settle
from bptui.monitor.why.tally import Tally


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one update brought."""

    changed: Mapping[JobId, Verdict] = field(default_factory=dict)
    """The verdicts that read differently now, without their evidence."""
    removed: tuple[JobId, ...] = ()
    news: tuple[tuple[JobId, News], ...] = ()
    turns: tuple[tuple[JobId, Turn], ...] = ()
    pauses: tuple[Pause, ...] = ()
    """Pauses that ended by themselves, to be remembered: `pauses.learned` makes limits of them."""
    is_behind: bool = False
    """Whether jobs are left to be judged: call `catch_up` after giving way to others."""


class Verdicts:
    """The verdicts of one endpoint.

    A poll that brings no news costs nothing: each verdict is known to hold until a certain moment. After a
    large change `most` bounds how many jobs one call judges, so that nothing else has to wait.
    """

    def __init__(self, limits: Limits, recorded: Recorded | None = None) -> None:
        self.limits = replace(limits, learned={**limits.learned, **recorded.learned}) if recorded else limits
        self._recorded = recorded
        self._entries: dict[JobId, Entry] = {}
        self._evidence = Evidence()
        self._revision: int | None = None
        self._keys: tuple[object, object] = (None, None)
        self._ended: Mapping[JobId, EndedJob] = {}
        self._due = Due(self._entries)
        self._pauses: list[Pause] = []
        self._tally = Tally(self._entries)
        self._endpoint_verdicts: tuple[EndpointVerdict, ...] = ()

    def verdict(self, job_id: JobId) -> Verdict | None:
        """The verdict that is shown, without its evidence; None for a job that is not known."""
        entry = self._entries.get(job_id)
        return entry.steady.shown if entry and entry.steady else None

    def update(
        self,
        snapshot: JobsSnapshot,
        changes: JobsChanges | None,
        evidence: Evidence,
        now: Instant,
        most: int | None = None,
        *,
        is_poll: bool = True,
    ) -> Outcome:
        """Take in a poll. `changes` is the difference to the last one, or None to have it found out.

        Without `is_poll` it is more about the same poll: a further piece of a large one, or what other calls
        have added since; what was judged and is not settled yet waits for the next poll.
        """
        is_next = self._revision is not None and snapshot.revision <= self._revision + 1
        changes = changes if is_next else None
        self._pauses = []
        if is_poll:
            self._due.begin_poll()
        self._take_evidence(evidence)
        turns = self._take_jobs(snapshot, changes, now)
        removed = self._drop_missing(snapshot, changes)
        self._take_records(snapshot, changes)
        self._revision = snapshot.revision
        outcome = self.catch_up(now, most)
        return replace(outcome, removed=removed, turns=turns, pauses=tuple(self._pauses))

    def catch_up(self, now: Instant, most: int | None = None) -> Outcome:
        """Judge what is due, or the first `most` of it; then finding out what is due may take calls of its own."""
        if self._due.gather(now.seconds, None if most is None else GATHERED_JOBS):
            return Outcome(is_behind=True)
        changed: dict[JobId, Verdict] = {}
        news: list[tuple[JobId, News]] = []
        for job_id in self._due.take(most):
            before = self.verdict(job_id)
            news += ((job_id, item) for item in self._judge(job_id, now))
            after = self.verdict(job_id)
            if after and (before is None or reads_differently(before, after)):
                changed[job_id] = after
        return Outcome(changed, news=tuple(news), is_behind=self._due.is_any)

    # What a poll brings.

    def _take_jobs(
        self, snapshot: JobsSnapshot, changes: JobsChanges | None, now: Instant
    ) -> tuple[tuple[JobId, Turn], ...]:
        turns: list[tuple[JobId, Turn]] = []
        for job_id, job in self._changed_jobs(snapshot, changes):
            turns += ((job_id, turn) for turn in self._take(job_id, job, snapshot.ended.get(job_id), now))
        return tuple(turns)

    def _changed_jobs(self, snapshot: JobsSnapshot, changes: JobsChanges | None) -> Iterator[tuple[JobId, Job]]:
        if changes is not None:
            for job_id in (*changes.added, *changes.changed):
                if job := snapshot.jobs.get(job_id):
                    yield job_id, job
        else:
            for job_id, job in snapshot.jobs.items():
                entry = self._entries.get(job_id)
                if entry is None or entry.ended or (entry.job is not job and entry.job != job):
                    yield job_id, job
        for job_id, ended in snapshot.ended.items():
            entry = self._entries.get(job_id)
            if entry is None or entry.ended is not ended:
                yield job_id, ended.job

    def _take(self, job_id: JobId, job: Job, ended: EndedJob | None, now: Instant) -> tuple[Turn, ...]:
        self._due.add(job_id)
        sample = sample_of(job, now.seconds, self._staged(job_id))
        entry = self._entries.get(job_id)
        if entry is None:
            known = self._recorded.histories.get(job_id) if self._recorded else None
            entry = self._entries[job_id] = Entry(job, known or History(job.request_type, sample), ended)
            return known.add(sample) if known else ()
        entry.job, entry.ended = job, ended
        if not entry.is_stopped:
            self._pauses += ended_pauses(entry.history, sample, job.priority)
        return entry.history.add(sample)

    def _staged(self, job_id: JobId) -> int | None:
        looked = self._evidence.looked.get(job_id)
        return looked.detail.staged_bytes if looked and looked.detail else None

    def _drop_missing(self, snapshot: JobsSnapshot, changes: JobsChanges | None) -> tuple[JobId, ...]:
        named: Iterable[JobId] = self._entries if changes is None else changes.removed
        if changes is not None and snapshot.ended is not self._ended:
            named = {*named, *self._ended}
        self._ended = snapshot.ended
        gone = [job_id for job_id in named if job_id not in snapshot.jobs and job_id not in snapshot.ended]
        for job_id in gone:
            entry = self._entries.pop(job_id, None)
            self._due.forget(job_id)
            if entry:
                self._tally.forget(entry)
        return tuple(gone)

    def _take_records(self, snapshot: JobsSnapshot, changes: JobsChanges | None) -> None:
        for job_id in self._entries if changes is None else (*changes.added, *changes.changed):
            entry, record = self._entries.get(job_id), snapshot.records.get(job_id)
            if entry and record is not entry.record and record != entry.record:
                entry.record = record
                self._due.add(job_id)

    def _take_evidence(self, evidence: Evidence) -> None:
        before, self._evidence = self._evidence, evidence
        keys = (hard_key(evidence.endpoint), soft_key(evidence.endpoint))
        is_hard = keys[0] != self._keys[0] or evidence.policies != before.policies
        if is_hard or keys[1] != self._keys[1]:
            self._due.sift(is_hard=is_hard)
        self._keys = keys
        for job_id in {*before.looked, *evidence.looked}:
            if before.looked.get(job_id) != evidence.looked.get(job_id) and job_id in self._entries:
                self._due.add(job_id)

    # Judging.

    def _case(self, entry: Entry, now: Instant) -> Case:
        looked = self._evidence.looked.get(entry.job.job_id, _NOT_LOOKED)
        facts = JobFacts(
            self._evidence.endpoint,
            entry.record,
            entry.ended,
            looked.detail,
            looked.detail_state,
            looked.chunk,
            looked.tape,
            self._evidence.policies.get(entry.job.bucket_name or "", _NO_POLICY),
        )
        return Case(entry.job, entry.history, facts, self.limits, now)

    def _judge(self, job_id: JobId, now: Instant) -> tuple[News, ...]:
        entry = self._entries[job_id]
        if entry.ended is None:
            self._see(entry, now)
        case = self._case(entry, now)
        verdict = rule_on(case)
        entry.steady, news = settle(entry.steady, verdict, now.seconds, self._ringing(entry, verdict))
        is_idle = entry.steady.shown.kind.kind_class is KindClass.ENDED or not case.has_two_samples
        sides = () if is_idle else side_states(case)
        self._tally.count(entry, sides, case.drain_backlog if sides and case.is_put else 0)
        self._tally.judged(entry, entry.steady.shown)
        entry.holds_until = min(case.holds_until, next_evaluation(entry.steady, now.seconds))
        self._due.plan(job_id, entry.holds_until, now.seconds)
        return news

    def _see(self, entry: Entry, now: Instant) -> None:
        """The counters of a job without news read the same; what its detail shows may have changed."""
        staged = self._staged(entry.job.job_id)
        if staged is None or staged == entry.history.staged:
            entry.history.seen(now.seconds)
        else:
            entry.history.add(sample_of(entry.job, now.seconds, staged))

    def _ringing(self, entry: Entry, verdict: Verdict) -> Ringing:
        request_type = entry.job.request_type
        record = entry.ended.record if entry.ended else None
        return Ringing(
            is_verify=request_type == RequestType.VERIFY,
            is_by_idle_timer=entry.was_running and bool(record and record.is_canceled_due_to_timeout),
            is_explained=any(explains(item.rule, verdict, request_type) for item in self._endpoint_verdicts),
        )

    # The whole, and one job with all its evidence.

    def explain(self, job_id: JobId, now: Instant) -> Verdict | None:
        """The verdict that is shown, with its evidence; None for a job that is not known."""
        entry = self._entries.get(job_id)
        if entry is None or entry.steady is None:
            return None
        case = self._case(entry, now)
        found = explain_shown(case, entry.steady.shown, self._tally.peers(entry, case, entry.steady.shown))
        return found if not self._recorded else with_recorder(found, self._recorded, entry, now)

    def endpoint_verdicts(self, now: Instant, blindness: Blindness | None = None) -> tuple[EndpointVerdict, ...]:
        """What is wrong with the appliance as a whole; the jobs it explains do not ring from here on."""
        case = EndpointCase(self._evidence.endpoint, self._tally.totals(), now, blindness)
        self._endpoint_verdicts = judge_endpoint(case)
        return self._endpoint_verdicts

    def needs_media(self, now: Instant) -> bool:
        """Whether some job is past half its limit or stands, so that the media side is worth asking."""
        return self._tally.needs_media(now.seconds)

    def waiting_buckets(self) -> frozenset[str]:
        """The buckets with a job that stands, whose policies are worth asking."""
        return self._tally.waiting_buckets()

    def explained_by(self, job_id: JobId) -> EndpointVerdict | None:
        """The verdict about the appliance that a job points to."""
        entry, verdict = self._entries.get(job_id), self.verdict(job_id)
        if entry is None or verdict is None:
            return None
        found = (item for item in self._endpoint_verdicts if explains(item.rule, verdict, entry.job.request_type))
        return next(found, None)


_NOT_LOOKED = Looked()
_NO_POLICY: Source[Policy] = Source()
