"""Redaction replaces a name by the same neutral one wherever it stands, and lets nobody find it out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.monitor.recorder.frames import Frame
from bptui.monitor.recorder.neutral import Neutral, own_key
from bptui.monitor.recorder.place import Unwritable
from bptui.monitor.recorder.redaction import Redactor

KEY = b"k" * 32
ID = "0d5b8a1e-0000-4000-8000-000000000000"


def redacted(key: bytes = KEY) -> dict[str, object]:
    """A frame with one person's name in four places."""
    body = {
        "jobs": {ID: {"name": "anna", "bucket_name": "film rushes", "user_name": "anna"}},
        "records": {ID: {"error_message": f"anna may not write to film rushes/day 1.mov ({ID}), ask annabel"}},
        "answers": {'["bucket","/_rest_/bucket/film%20rushes","user=anna"]': {"at": 1.0, "value": ["Bucket", {}]}},
    }
    return Redactor(key)(Frame(0.0, 0.0, body=body)).body


def test_a_name_is_the_same_in_fields_sentences_and_questions() -> None:
    """What belongs together still does: the job's bucket, the bucket that was asked for, who is in the message."""
    body = redacted()
    job = body["jobs"][ID]  # type: ignore[index]
    assert job["name"] == job["user_name"]
    (question,) = body["answers"]  # type: ignore[misc]
    assert question == f'["bucket","/_rest_/bucket/{job["bucket_name"]}","user={job["name"]}"]'
    sentence = body["records"][ID]["error_message"].split()  # type: ignore[index]
    assert sentence[0].startswith("text-")
    assert sentence[1:] == [job["name"], job["bucket_name"], ID]
    assert not any(word in str(body) for word in ("anna", "film", "rushes", "mov", "write"))


def test_two_recordings_of_one_machine_agree_and_of_two_do_not() -> None:
    """With the same key names are the same; with another one nothing can be compared."""
    assert redacted() == redacted()
    assert redacted()["jobs"] != redacted(b"l" * 32)["jobs"]


@given(st.lists(st.text(min_size=1), unique=True, max_size=40))
def test_different_names_stay_different(names: list[str]) -> None:
    """No two are taken for one, and none is longer to read than it needs to be."""
    neutral = Neutral(KEY)
    found = [neutral.of("name", name) for name in names]
    assert len(set(found)) == len(names)
    assert all(len(one) == len("name-12345678") for one in found)


def test_the_key_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    """It lies where the recordings lie; a link there is not followed."""
    folder = tmp_path / "recordings"
    key = own_key(folder)
    assert own_key(folder) == key
    assert (folder / "redaction.key").stat().st_mode & 0o777 == 0o600
    assert own_key(tmp_path / "elsewhere") != key
    (folder / "redaction.key").unlink()
    (folder / "redaction.key").symlink_to(tmp_path / "victim")
    with pytest.raises(Unwritable):
        own_key(folder)
    assert not (tmp_path / "victim").exists()
