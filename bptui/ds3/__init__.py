"""The wire: signs, sends, streams and parses what an appliance says, and lets one change through.

Importing the package loads neither httpx nor lxml: `client.Client` loads them with its first request.
"""

from __future__ import annotations

import sys

# httpx imports its own command line when it can (rich, pygments, click: 40 ms that no command here needs).
# A module that is None counts as missing, which httpx expects and copes with.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # the typing knows no missing modules
