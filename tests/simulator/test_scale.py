"""Large answers cost what changed, arrive whole, and may be prepared or packed."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from bptui.simulator.render import jobs as rendering

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client


@pytest.mark.parametrize(("scenario", "chunks"), [("huge", 20), ("huge-flat", 1)])
def test_huge_has_all_objects_in_the_chunks_it_says(
    simulate: Callable[..., Client], scenario: str, chunks: int
) -> None:
    client = simulate(scenario=scenario, objects=20_000)
    job = next(iter(client.jobs().values())).attrib["JobId"]
    detail = client.get(f"/_rest_/job/{job}").xml
    assert len(detail.findall("Objects")) == chunks
    names = [each.attrib["Name"] for each in detail.iter("Object")]
    assert len(set(names)) == len(names) == 20_000


def test_huge_has_one_object_a_chunk_from_6_0(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="huge", objects=2500, release="6.0")
    job = next(iter(client.jobs().values())).attrib["JobId"]
    assert [len(chunk) for chunk in client.get(f"/_rest_/job/{job}").xml.findall("Objects")] == [1] * 2500


@pytest.mark.parametrize("scenario", ["huge", "huge-flat"])
def test_only_what_changed_is_rendered_again(
    simulate: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, scenario: str
) -> None:
    """A second answer renders nothing; after one object arrived, a thousand objects at most."""
    client = simulate(scenario=scenario, objects=20_000)
    rendered: list[int] = []
    render = rendering.JobRenderer._objects

    def counted(self: rendering.JobRenderer, blobs: list[object], depth: int) -> bytes:
        rendered.append(len(blobs))
        return render(self, blobs, depth)  # type: ignore[arg-type]  # the same blobs

    monkeypatch.setattr(rendering.JobRenderer, "_objects", counted)
    job = client.simulator.appliance.running()[0]
    path = f"/_rest_/job/{job.id}"
    first = client.get(path).body
    rendered.clear()
    assert client.get(path).body == first
    assert rendered == []
    chunk = job.chunks[-1]
    with client.simulator.appliance.lock:
        job.cache(chunk, len(chunk.blobs) - 1)
    second = client.get(path).body
    assert rendered == [1000]
    assert second.count(b'InCache="true"') == first.count(b'InCache="true"') + 1


def test_huge_moves_500_objects_in_50_places_every_five_seconds(simulate: Callable[..., Client]) -> None:
    client = simulate(scenario="huge", objects=100_000)
    job = client.simulator.appliance.running()[0]
    before = [chunk.cached_count for chunk in job.chunks]
    client.simulator.appliance.advance(5)
    moved = [chunk.cached_count - count for chunk, count in zip(job.chunks, before, strict=True)]
    assert sum(moved) == 500
    assert sum(map(bool, moved)) == 50


def test_many_holds_as_many_jobs_as_asked_and_a_part_of_them_moves(simulate: Callable[..., Client]) -> None:
    """All in one answer; some rows differ after five seconds, most do not; ended ones are followed by new ones."""
    client = simulate(scenario="many", jobs=4000)
    before = {job.attrib["JobId"]: job.attrib for job in client.get("/_rest_/job").xml}
    client.simulator.appliance.advance(5)
    after = {job.attrib["JobId"]: job.attrib for job in client.get("/_rest_/job").xml}
    assert len(before) == len(after) == 4000
    changed = sum(before.get(job) != attributes for job, attributes in after.items())
    assert 10 < changed < 120


def test_prepared_bytes_are_served_as_they_are(simulate: Callable[..., Client]) -> None:
    """For benchmarks: any target can be given a body, in blocks."""
    client = simulate(scenario="empty")
    client.simulator.prepared["/_rest_/job?full_details"] = [b"<Jobs>", b"</Jobs>"]
    assert client.get("/_rest_/job?full_details").body == b"<Jobs></Jobs>"
    assert client.get("/_rest_/job").body == b"<Jobs/>"


def test_answers_are_packed_only_if_switched_on_and_asked_for(simulate: Callable[..., Client]) -> None:
    plain, packing = simulate(), simulate(compresses=True)
    accepts = {"Accept-Encoding": "gzip"}
    assert "content-encoding" not in plain.get("/_rest_/job", **accepts).headers
    assert "content-encoding" not in packing.get("/_rest_/job").headers
    reply = packing.get("/_rest_/job", **accepts)
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.body).startswith(b"<Jobs><Job ")
