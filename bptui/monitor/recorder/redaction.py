"""Redaction: the same recording without anybody's names, each replaced by the same neutral one wherever it stands.

What may stay is listed, not what has to go: a text is kept only where the appliance's own vocabulary, an id or a
date stands, so a field that nobody thought of is replaced, too.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from types import ModuleType
from urllib.parse import unquote

from bptui.model import evidence, job, media, problem, system, verdict
from bptui.monitor.recorder.encoding import Data
from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.neutral import KEY_BYTES, Neutral

_VOCABULARY = frozenset(
    {
        "request_type", "status", "priority", "order_guarantee", "kind", "ending", "restore",
        "rule", "grade", "actor", "used",
        "state", "quiesced", "reserved_task_type", "minimum_task_priority", "health", "drive_type", "tape_type",
        "failure_type", "source", "store_state", "rule_type", "write_preference", "database_free_space", "version",
    }
)  # fmt: skip
"""Fields in which the appliance or bptui chooses among words of its own."""
_LABELS = {
    "name": "name",
    "bucket_name": "bucket",
    "user_name": "user",
    "user_id": "user",
    "bar_code": "tape",
    "end_point": "host",
    "dns_name": "host",
    "data_path_ip_address": "host",
    "endpoint": "endpoint",
    "serial_number": "serial",
    "path": "path",
    "id": "id",
}
_WORD = re.compile(r"[A-Za-z0-9_+.?-]{1,64}")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+")


def _field_names(module: ModuleType) -> Iterator[str]:
    for kind in vars(module).values():
        if isinstance(kind, type) and is_dataclass(kind):
            yield from (field.name for field in fields(kind))


_FIELDS = frozenset(
    name for module in (evidence, job, media, problem, system, verdict) for name in _field_names(module)
)


class Redactor:
    """Replaces names in the frames of one recording."""

    def __init__(self, key: bytes | None = None) -> None:
        """Recordings made with the same key have the same neutral names; without one this recording has its own."""
        self._neutral = Neutral(key or secrets.token_bytes(KEY_BYTES))

    def __call__(self, frame: Frame) -> Frame:
        """The same frame without names; large sections are rewritten while they are written."""
        return replace(frame, body={name: self._section(name, section) for name, section in frame.body.items()})

    def _section(self, name: str, section: Data) -> Data:
        if name == "session":
            return section | {"endpoint": self._text("endpoint", section.get("endpoint", ""))}
        if name == "endpoint_verdicts":
            return [verdict | {"cause": []} for verdict in section]  # their words hold names
        if name == "answers":
            return {self._key(key): self._answer(answer) for key, answer in section.items()}
        if isinstance(section, Iterator):
            return ((self._text("id", key), self._data("", item)) for key, item in section)
        return self._data(name, section)

    def _answer(self, answer: Mapping[str, Data]) -> Data:
        redacted = {name: self._data(name, item) for name, item in answer.items() if name != "value"}
        if "value" in answer:
            kind, told = answer["value"]
            redacted["value"] = [kind, self._data("", told)]
        return redacted

    def _data(self, field: str, data: Data) -> Data:
        if isinstance(data, str):
            return self._text(field, data)
        if isinstance(data, Mapping):
            return {self._name(name): self._data(name, item) for name, item in data.items()}
        if isinstance(data, list):
            return [self._data(field, item) for item in data]
        return data

    def _name(self, name: str) -> str:
        return name if name in _FIELDS else self._text("id", name)

    def _text(self, field: str, text: str) -> str:
        if not text or _ID.fullmatch(text) or _DATE.fullmatch(text):
            return text
        if field in _VOCABULARY and _WORD.fullmatch(text):
            return text
        label = _LABELS.get(field)
        if label is not None:
            return self._neutral.of(label, text)
        return " ".join([self._neutral.of_text(text), *_ID.findall(text)])

    def _key(self, key: str) -> str:
        """The name of an answer: its path and query may name what was asked about."""
        name, *about = json.loads(key)
        if about:
            path, query = about
            about = [
                "/".join(self._segment(position, segment) for position, segment in enumerate(path.split("/"))),
                self._query(query),
            ]
        return json.dumps([name, *about], separators=(",", ":"))

    def _segment(self, position: int, segment: str) -> str:
        # The path is /_rest_/resource/what.
        return segment if position < _RESOURCE else self._text("id", unquote(segment))

    def _query(self, query: str) -> str:
        pairs = (pair.partition("=") for pair in query.split("&"))
        return "&".join(f"{name}{equals}{self._asked(unquote(value))}" for name, equals, value in pairs)

    def _asked(self, value: str) -> str:
        return value if value.isdecimal() else self._text("id", value)


_RESOURCE = 3
