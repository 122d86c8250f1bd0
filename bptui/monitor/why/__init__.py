"""Why a job does not move, who has to act, and when that cannot be known: pure functions and a table of rules.

From the bottom up:

- `history`: what the counters of a job did; `limits`: how long a pause may last; `facts`: what else is known
- `derive`: what follows for one job at one moment; `pressure`, `drives`, `detail`: the parts of that
- `media` with `failed` and `tasks`: what stands in the way on the media side
- `rules`: the table; `judge`: the one function that goes through it
- `stands`, `causes`, `explain`: the evidence for a verdict; `sentence`, `words`: how it reads
- `stability`: no flickering, and when to ring; `endpoint`: verdicts about the whole appliance
- `pauses`: what was normal here, from which limits are learned
- `verdicts` with `entry`, `tally` and `news`: all jobs of an endpoint, judged only when something can have changed

Nothing here reads a clock, a file or a setting. `python -m bptui.monitor.why` prints the rules.
"""
