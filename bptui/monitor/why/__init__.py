"""Why a job does not move, who has to act, and when that cannot be known: pure functions and a table of rules."""
