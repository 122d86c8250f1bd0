"""The audit file holds each step on a line of its own, readable by its owner only, and nothing ever leaves it."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bptui.monitor.audit import Audit, AuditUnwritable, Origin, origin

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
WHO = Origin("ops", "jump", "/dev/pts/3", "10.0.0.9 5022 10.0.0.1 22", None)


def test_a_line_tells_who_when_where_and_what(audit: Audit) -> None:
    """User, host, terminal, where they came from, the time and the wish are on the line."""
    audit.write("close requested", AT, job_id="j", reason="INC-1")
    entry = json.loads(audit.path.read_text())
    assert entry == {
        "at": "2026-03-01T02:00:00.000+00:00",
        "what": "close requested",
        "user": "ops",
        "host": "jump",
        "tty": "/dev/pts/3",
        "ssh_connection": "10.0.0.9 5022 10.0.0.1 22",
        "sudo_user": None,
        "pid": os.getpid(),
        "job_id": "j",
        "reason": "INC-1",
    }


def test_only_the_owner_may_read_it(audit: Audit) -> None:
    """The file is 0600 in a folder of 0700, also when it was wider before."""
    audit.write("one", AT)
    audit.path.chmod(0o644)
    audit.write("two", AT)
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(audit.path.parent.stat().st_mode) == 0o700


def test_lines_are_only_ever_added(audit: Audit) -> None:
    """What was written stays, byte for byte; hostile text stays on its line and is plain ASCII."""
    audit.write("one", AT)
    before = audit.path.read_bytes()
    audit.write("two", AT, reason="\n{\u202e")
    assert audit.path.read_bytes().startswith(before)
    assert len(audit.path.read_bytes().splitlines()) == 2
    assert audit.path.read_bytes().isascii()


def test_a_line_that_was_cut_does_not_spoil_the_next(audit: Audit) -> None:
    """After a full disk cut a line, the next one begins on a line of its own."""
    audit.write("one", AT)
    with audit.path.open("ab") as file:
        file.write(b'{"at": "cut')
    audit.write("two", AT)
    assert json.loads(audit.path.read_text().splitlines()[-1])["what"] == "two"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Nobody can have lines appended to another file by a symbolic link."""
    target = tmp_path / "target"
    target.touch()
    (tmp_path / "audit.jsonl").symlink_to(target)
    with pytest.raises(AuditUnwritable) as caught:
        Audit(tmp_path / "audit.jsonl", WHO).write("one", AT)
    assert str(tmp_path / "audit.jsonl") in str(caught.value)
    assert target.read_bytes() == b""


@pytest.mark.parametrize("strange", ["folder", "fifo", "file in the way"])
def test_what_is_no_file_is_refused_with_its_path(tmp_path: Path, strange: str) -> None:
    """A folder, a pipe, or a file where the folder should be: the path is named, nothing hangs."""
    path = tmp_path / "audit.jsonl"
    if strange == "folder":
        path.mkdir()
    elif strange == "fifo":
        os.mkfifo(path)
    else:
        path.touch()
        path = path / "audit.jsonl"
    with pytest.raises(AuditUnwritable) as caught:
        Audit(path, WHO).write("one", AT)
    assert str(path) in str(caught.value)


def test_a_full_disk_is_an_error() -> None:
    """A line that does not fit is not silently lost."""
    with pytest.raises(AuditUnwritable):
        Audit(Path("/dev/full"), WHO).write("one", AT)


def test_the_origin_comes_from_the_environment() -> None:
    """Where a person came from is what sshd and sudo tell."""
    who = origin({"SSH_CONNECTION": "10.0.0.9 1 10.0.0.1 22", "SUDO_USER": "eve"})
    assert (who.ssh_connection, who.sudo_user) == ("10.0.0.9 1 10.0.0.1 22", "eve")
    assert who.user
    assert who.host


def test_line_and_folder_are_on_disk_before_anybody_goes_on(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is synced, and so is the folder when the file is new: a power cut loses neither."""
    synced: list[tuple[bool, int]] = []

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        synced.append((stat.S_ISDIR(status.st_mode), 0 if stat.S_ISDIR(status.st_mode) else status.st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    audit.write("one", AT)
    size = audit.path.stat().st_size
    assert synced == [(False, size), (True, 0)]
    audit.write("two", AT)
    assert synced[2:] == [(False, audit.path.stat().st_size)]


def test_no_descriptor_stays_open(audit: Audit, tmp_path: Path) -> None:
    """Neither a line written nor a line refused leaves a file open."""

    def free() -> int:
        descriptor = os.open(tmp_path, os.O_RDONLY)
        os.close(descriptor)
        return descriptor

    before = free()
    audit.write("one", AT)
    audit.path.unlink()
    os.mkfifo(audit.path)
    with pytest.raises(AuditUnwritable, match="not a regular file"):
        audit.write("two", AT)
    assert free() == before
