"""A recording may come from anybody: nonsense in it is an error that is told, never a defect."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.model.verdict import Actor, EndpointVerdict, Kind, Since, Verdict
from bptui.monitor.recorder.encoding import encode
from bptui.monitor.recorder.frames import Frame, require_shape
from bptui.monitor.recorder.lately import Lately
from bptui.monitor.recorder.overall import encode_overall
from bptui.monitor.recorder.place import ring_path
from bptui.monitor.recorder.ring import read_frames
from bptui.monitor.recorder.state import State
from tests.monitor.recorder.seen import ENDPOINT, Session, job, job_id

nonsense = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@cache
def bodies() -> tuple[str, ...]:
    """What two sessions write in which jobs move, one ends, and something is wrong with the appliance."""
    with TemporaryDirectory() as name:
        for begin in (0, 60):
            session = Session(Path(name))
            for number in range(4):
                jobs = [job(one, "PUT", 10, number, 0) for one in range(1, 4 if number < 3 else 3)]
                session.poll(begin + 5 * number, *jobs)
            session.close()
        written = [frame.body for frame in read_frames(ring_path(Path(name), ENDPOINT))]
    verdict = EndpointVerdict("E1", Actor.ADMIN, (("off for ", Since(3.0)),))
    written[1] |= {
        "verdicts": {job_id(1): encode(Verdict(Kind.QUIET, "P4", 1.0))},
        "endpoint_verdicts": encode_overall([verdict]),
    }
    return tuple(json.dumps(body) for body in written)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in nested data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for name, item in inner for place in places(item, (*path, name)))]


@pytest.mark.parametrize("session", [{"interval": "x"}, {"interval": None}, {"by": 5}, {"by": [5]}])
def test_nobody_records_like_that(session: dict[str, Any]) -> None:
    """Who recorded, and how often, is known to make sense from then on."""
    with pytest.raises(ValueError, match="nobody recorded like that"):
        require_shape({"session": session})


@given(st.data())
def test_nonsense_anywhere_is_told(data: st.DataObject) -> None:
    """Whatever stands where a value should: it is taken, or one of three errors says that it cannot be."""
    told = [json.loads(body) for body in bodies()]
    number = data.draw(st.integers(0, len(told) - 1))
    place = data.draw(st.sampled_from(places(told[number])[1:]))
    changed = deepcopy(told[number])
    inside = changed
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = data.draw(nonsense)
    told[number] = changed
    state, lately = State(), Lately()
    with suppress(ValueError, TypeError, KeyError):
        for at, body in enumerate(told):
            lately.take(state, Frame(5.0 * at, 5.0 * at, is_key="first" in body, body=require_shape(body)))
        lately.past(state, 1.0)
        state.as_body()
