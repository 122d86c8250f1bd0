"""The ring: frames in a sqlite file that never grows beyond its bound and survives whatever ends the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bptui.monitor.recorder.encoding import pack, unpack
from bptui.monitor.recorder.frames import FORMAT, Frame, require_shape
from bptui.monitor.recorder.place import Claim, Damaged, Unwritable, make_file, set_aside
from bptui.monitor.why.pauses import REMEMBERED_SECONDS

APPLICATION_ID = 0x62707475
"""`bptu`: what `file` and other programs see of a ring."""
PAGE_BYTES = 4096
BESIDE_BYTES = 2 * 1024 * 1024
"""What the write-ahead log may need beside the file itself; the bound includes it."""
LEAST_BYTES = 2 * BESIDE_BYTES
CACHE_KIB = 256
"""What is written is not read again, so there is nothing to keep in memory."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS frames (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, until REAL NOT NULL, polls INTEGER NOT NULL,
    is_key INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS keys ON frames (number) WHERE is_key;
CREATE TABLE IF NOT EXISTS pauses (side TEXT NOT NULL, priority TEXT NOT NULL, seconds REAL NOT NULL, ended_at REAL NOT NULL);
"""

PauseRow = tuple[str, str, float, float]
"""Side, priority, seconds, and when it ended."""


class NotARecording(Exception):  # noqa: N818 - reads as what is the case
    """A file is not what it should be; the text says why."""


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever sqlite and the disk say into one sentence."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        is_damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
        raise (Damaged if is_damaged else Unwritable)(str(error) or type(error).__name__) from None


class Ring:
    """The one writer of a file; all its methods block, and raise Unwritable when the disk does not take it."""

    def __init__(
        self,
        path: Path,
        *,
        limit_bytes: int | None,
        keep_seconds: float | None,
        claim: Claim | None = None,
        rewrite: Callable[[Frame], Frame] | None = None,
        is_single_file: bool = False,
    ) -> None:
        """Open or make the file; without a limit nothing is ever forgotten, as in a recording that was asked for.

        The claim is released when the ring is closed. `rewrite` changes frames before they are written.
        With `is_single_file` nothing is left beside the file when it is closed in order.
        """
        self.path = path
        self._claim = claim
        self._rewrite = rewrite
        self._is_single_file = is_single_file
        self._limit = limit_bytes and max(limit_bytes, LEAST_BYTES)
        self._keep_seconds = keep_seconds
        self._last: int | None = None
        make_file(path)
        with _told():
            self._base = sqlite3.connect(path, isolation_level=None, timeout=2.0, check_same_thread=False)
        try:
            with _told():
                self._prepare()
        except Damaged:
            self._base.close()
            set_aside(path)
            raise
        except Unwritable:
            self._base.close()
            raise

    def _prepare(self) -> None:
        base = self._base
        if _of(base, "page_count") and _of(base, "application_id") != APPLICATION_ID:
            raise Unwritable("the file is something else than a ring of bptui")
        if _of(base, "user_version") > FORMAT:
            raise Unwritable("the file was written by a newer bptui")
        base.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        base.execute("PRAGMA auto_vacuum = INCREMENTAL")
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute(f"PRAGMA journal_size_limit = {BESIDE_BYTES // 2}")
        base.execute(f"PRAGMA wal_autocheckpoint = {BESIDE_BYTES // 4 // PAGE_BYTES}")
        if self._limit:
            base.execute(f"PRAGMA max_page_count = {(self._limit - BESIDE_BYTES) // PAGE_BYTES}")
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {FORMAT}")
        base.executescript(_SCHEMA)

    def append(self, frame: Frame, pauses: Iterable[PauseRow] = ()) -> int:
        """Add a frame in one transaction and return its size in bytes; the oldest make room for it."""
        packed = pack((self._rewrite(frame) if self._rewrite else frame).body)
        with _told():
            try:
                self._insert(frame, packed, pauses)
            except sqlite3.Error as error:
                # Full by our own bound: only the newest stay.
                if not self._limit or error.sqlite_errorcode != sqlite3.SQLITE_FULL or not frame.is_key:
                    raise
                self._forget_before(None)
                self._insert(frame, packed, pauses)
            self._trim(frame.at)
        return len(packed)

    def _insert(self, frame: Frame, packed: bytes, pauses: Iterable[PauseRow]) -> None:
        row = (frame.at, frame.until, frame.polls, frame.is_key, packed)
        with _transaction(self._base):
            added = self._base.execute(
                "INSERT INTO frames (at, until, polls, is_key, body) VALUES (?, ?, ?, ?, ?)", row
            )
            self._base.executemany("INSERT INTO pauses VALUES (?, ?, ?, ?)", pauses)
        self._last = added.lastrowid

    def extend(self, until: float, polls: int) -> None:
        """Let the newest frame stand for more polls without news."""
        with _told():
            self._base.execute("UPDATE frames SET until = ?, polls = ? WHERE number = ?", (until, polls, self._last))

    def _trim(self, now: float) -> None:
        """Forget whole stretches, each from a key frame to the next, that are too old or too much."""
        if self._keep_seconds is not None:
            oldest = "SELECT max(number) FROM frames WHERE is_key AND at <= ?"
            self._forget_before(self._base.execute(oldest, (now - self._keep_seconds,)).fetchone()[0] or 0)
            self._base.execute("DELETE FROM pauses WHERE ended_at < ?", (now - REMEMBERED_SECONDS,))
        while self._limit and self._used_bytes() > 0.8 * (self._limit - BESIDE_BYTES):
            second = self._base.execute(
                "SELECT number FROM frames WHERE is_key ORDER BY number LIMIT 1 OFFSET 1"
            ).fetchone()
            if second is None:
                return
            self._forget_before(second[0])

    def _forget_before(self, number: int | None) -> None:
        """Forget frames before a number, or all, and give the space back; in small steps, for the log's sake."""
        with _transaction(self._base):
            if number is None:
                self._base.execute("DELETE FROM frames")
            else:
                self._base.execute("DELETE FROM frames WHERE number < ?", (number,))
        while _of(self._base, "freelist_count"):
            self._base.execute("PRAGMA incremental_vacuum(256)").fetchall()

    def _used_bytes(self) -> int:
        return (_of(self._base, "page_count") - _of(self._base, "freelist_count")) * PAGE_BYTES

    def sync(self) -> None:
        """Put everything on disk and into the file itself."""
        with _told():
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if self._is_single_file:
                self._base.execute("PRAGMA journal_mode = DELETE")

    def give_up(self) -> None:
        """Set a damaged file aside and let go of it; the right to write goes last."""
        try:
            self._base.close()
            set_aside(self.path)
        finally:
            if self._claim:
                self._claim.release()

    def close(self) -> None:
        """End; what does not get into the file any more stays in the log beside it."""
        try:
            with _told():
                self._base.close()
        finally:
            if self._claim:
                self._claim.release()


@contextmanager
def _transaction(base: sqlite3.Connection) -> Iterator[None]:
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:
            base.execute("ROLLBACK")
        raise


def _of(base: sqlite3.Connection, pragma: str) -> int:
    found: int = base.execute(f"PRAGMA {pragma}").fetchone()[0]
    return found


def read_frames(path: Path, *, since: float = 0.0, most_bytes: int | None = None) -> Iterator[Frame]:
    """Read the frames of a file in order, from the key frame on that a moment needs; others may write meanwhile.

    With `most_bytes` from a later key frame on, where those would be more; from the last one on in any case.

    Raises:
        NotARecording: there is no such file, it is something else, or it is damaged.
    """
    with _opened(path) as base:
        rows = base.execute(
            "SELECT at, until, polls, is_key, body FROM frames WHERE number >= ? ORDER BY number",
            (_first_number(base, since, most_bytes),),
        )
        for at, until, polls, is_key, packed in rows:
            yield Frame(at, until, polls, bool(is_key), _unpacked(packed, path))


def _first_number(base: sqlite3.Connection, since: float, most_bytes: int | None) -> int:
    """The key frame to begin with; 0 without one."""
    needed = base.execute("SELECT max(number) FROM frames WHERE is_key AND at <= ?", (since,)).fetchone()[0] or 0
    if most_bytes is None:
        return int(needed)
    keys = base.execute("SELECT number FROM frames WHERE is_key AND number >= ? ORDER BY number", (needed,)).fetchall()
    size = "SELECT sum(length(body)) FROM frames WHERE number >= ?"
    fitting = (number for (number,) in keys if base.execute(size, (number,)).fetchone()[0] <= most_bytes)
    return next(fitting, keys[-1][0] if keys else 0)


def read_pauses(path: Path) -> list[PauseRow]:
    """Read the pauses that ended by themselves; raises NotARecording."""
    with _opened(path) as base:
        return base.execute("SELECT side, priority, seconds, ended_at FROM pauses").fetchall()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise NotARecording(f"There is no recording at {path}.")
    try:
        with closing(_connected(path)) as base:
            if _of(base, "application_id") != APPLICATION_ID:
                raise NotARecording(f"{path} is not a recording of bptui.")
            if _of(base, "user_version") > FORMAT:
                raise NotARecording(f"{path} was written by a newer bptui.")
            yield base
    except sqlite3.Error as error:
        raise NotARecording(f"{path} cannot be read: {error}.") from None


def _connected(path: Path) -> sqlite3.Connection:
    """Connect for reading; a file in a folder that cannot be written is taken as it lies there."""
    address = path.absolute().as_uri()
    base = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=2.0, check_same_thread=False)
    try:
        base.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        base.close()
        base = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    return base


def _unpacked(packed: bytes, path: Path) -> dict[str, object]:
    try:
        return require_shape(unpack(packed))
    except ValueError as error:
        raise NotARecording(f"{path} cannot be read: {error}.") from None
