"""Which copies the bucket of a waiting job needs: bucket, data policy, rules, storage domains, their members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bptui.ds3 import questions
from bptui.ds3.errors import GoneError
from bptui.model.evidence import PersistenceRuleType
from bptui.model.reading import FailureList, Reading, SourceState
from bptui.monitor.appliance import Appliance
from bptui.monitor.link import Link
from bptui.monitor.rounds import Setting
from bptui.monitor.sources import Source
from bptui.monitor.why import facts
from bptui.monitor.why.facts import Policy, RequiredStore

READ_AGAIN_SECONDS = 3600.0
PAUSE_SECONDS = 1.0
"""Between two buckets."""
CALL = "data policy"
"""Under which name the five calls together are shown."""

_TARGETS = (FailureList.DS3_TARGET, FailureList.S3_TARGET, FailureList.AZURE_TARGET)
_NEVER = "NEVER_SELECT"


@dataclass(frozen=True, slots=True)
class _Read:
    at: float
    """On the clock of `ages.Elapsed`."""
    policy: facts.Source[Policy]


class Policies:
    """What is known of each bucket that had a waiting job; buckets with one policy share what was read."""

    def __init__(self, setting: Setting, link: Link, waiting_buckets: Callable[[], frozenset[str]]) -> None:
        self._setting = setting
        self._link = link
        self._waiting_buckets = waiting_buckets
        self._buckets: dict[str, _Read] = {}
        self._policies: dict[str, _Read] = {}

    def row(self) -> Source:
        """The source that reads one bucket at a time."""
        return Source(CALL, PAUSE_SECONDS, self._read, lambda: self._next() is not None)

    def known(self) -> Mapping[str, facts.Source[Policy]]:
        """By name of the bucket."""
        return {name: read.policy for name, read in self._buckets.items()}

    def source_failed(self, state: SourceState) -> None:
        """Take note that they cannot be read: nothing that was not read before is known."""
        for name in self._waiting_buckets():
            if name not in self._buckets or not self._buckets[name].policy.state.is_ok:
                self._buckets[name] = _Read(float("-inf"), facts.Source(state))

    def _next(self) -> str | None:
        return next((name for name in sorted(self._waiting_buckets()) if not self._is_fresh(self._buckets, name)), None)

    def _is_fresh(self, held: Mapping[str, _Read], key: str) -> bool:
        read = held.get(key)
        return read is not None and self._setting.elapsed.seconds() - read.at < READ_AGAIN_SECONDS

    async def _read(self) -> None:
        name = self._next()
        if name is None:
            return
        appliance = await self._link()
        try:
            bucket = await appliance.answer(questions.bucket(name))
        except GoneError as error:
            gone = SourceState(Reading.FAILED, None, error.problem.sentence, error.problem.status)
            self._buckets[name] = _Read(self._setting.elapsed.seconds(), facts.Source(gone))
            return
        policy = await self._policy(appliance, bucket.data_policy_id) if bucket.data_policy_id else Policy()
        self._buckets[name] = self._now(policy)

    async def _policy(self, appliance: Appliance, policy_id: str) -> Policy:
        if not self._is_fresh(self._policies, policy_id):
            self._policies[policy_id] = self._now(await read_policy(appliance, policy_id))
        return self._policies[policy_id].policy.value or Policy()

    def _now(self, policy: Policy) -> _Read:
        state = SourceState(Reading.OK, self._setting.clock.now())
        return _Read(self._setting.elapsed.seconds(), facts.Source(state, policy))


async def read_policy(appliance: Appliance, policy_id: str) -> Policy:
    """Read which permanent copies a data policy asks for; raises Ds3Error."""
    rules = await appliance.items(questions.persistence_rules(policy_id))
    permanent = [rule for rule in rules if rule.rule_type == PersistenceRuleType.PERMANENT]
    domains = dict.fromkeys(rule.storage_domain_id for rule in permanent if rule.storage_domain_id)
    stores = [await _store(appliance, domain_id) for domain_id in domains]
    targets: set[str] = set()
    for target in _TARGETS:
        copies = await appliance.items(questions.replication_rules(target, policy_id))
        targets |= {
            rule.target_id for rule in copies if rule.target_id and rule.rule_type == PersistenceRuleType.PERMANENT
        }
    return Policy(tuple(stores), frozenset(targets))


async def _store(appliance: Appliance, domain_id: str) -> RequiredStore:
    members = await appliance.items(questions.storage_domain_members(domain_id))
    writable = [member for member in members if member.write_preference != _NEVER]
    tapes = frozenset(member.tape_partition_id for member in writable if member.tape_partition_id)
    pools = frozenset(member.pool_partition_id for member in writable if member.pool_partition_id)
    return RequiredStore(domain_id, tapes, pools)
