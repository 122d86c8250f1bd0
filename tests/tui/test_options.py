"""What is decided from the environment before the screen is built."""

from __future__ import annotations

from datetime import UTC

import pytest

from bptui.tui.options import view_options


@pytest.mark.parametrize(
    ("environ", "is_ascii"),
    [
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LANG": "en_US.ISO-8859-1"}, True),
        ({"LANG": "de_DE.ISO-8859-1", "LC_CTYPE": "de_DE.UTF-8"}, False),
        # Python has put LC_CTYPE there itself.
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        # Also when LANG names a locale that is not installed.
        ({"LANG": "en_US.ISO-8859-1", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8", "TERM_PROGRAM": "iTerm.app"}, False),
    ],
)
def test_ascii_where_the_locale_has_no_more(environ: dict[str, str], is_ascii: bool) -> None:
    """Without a UTF-8 locale the screen is drawn in ASCII, also where Python made the locale one at its start."""
    assert view_options(environ, UTC).display.look.is_ascii is is_ascii


@pytest.mark.parametrize(
    ("term", "is_ascii"), [("linux", True), ("vt100", True), ("vt220", True), ("xterm", False), ("screen", False)]
)
def test_ascii_where_the_terminal_has_no_more(term: str, is_ascii: bool) -> None:
    """A console's font has too few signs, whatever the locale; a person who knows better can say so."""
    environ = {"TERM": term, "LANG": "en_US.UTF-8"}
    assert view_options(environ, UTC).display.look.is_ascii is is_ascii
    assert not view_options(environ, UTC, is_ascii=False).display.look.is_ascii
