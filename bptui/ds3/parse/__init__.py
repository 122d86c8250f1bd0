"""Turn the bytes of answers into values: incremental, tolerant of releases, strict about XML.

A parser is fed an answer as it arrives, `feed(bytes)`, and gives its value at the end, `close()`; both raise
`ParseError`. Feeding 64 KiB takes a few milliseconds at most. The modules:

- `job`: one job with its chunks and objects, at any size; what did not change since the last answer is shared.
- `jobs`: the job list; likewise. Both are read by `piecewise`: a head, then piece by piece, then the plain way.
- `records`, `system`, `back_end`, `media`, `failed`, `policies`: the small answers, by `DocumentParser`.
- `stream`: libxml2 within bounds; `encoding` lets it see nothing but UTF-8, `place` tells where something is wrong.
- `errors`: the appliance's explanation of a failure.

lxml is loaded by those that need it, not by this package itself.
"""

from bptui.ds3.parse.limits import Limits, ParseError

__all__ = ["Limits", "ParseError"]
