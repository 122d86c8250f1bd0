"""The recorder: what watching saw, kept for days in a bounded file, so that a session does not begin blind.

From the bottom up:

- `encoding`: values of the model as JSON and back
- `frames`: what one poll brought, as a difference; `state`: what all of them together say
- `overall`: verdicts about the whole appliance, in their words
- `place`: a folder and files that only their owner reads, and the lock of the one writer
- `ring`: frames on disk, in sqlite; `shelf`: which file of whom that is; `copying`: a part of a ring as a file
- `picture`: what a poll changes in what is known; `scribe`: writes that, in a thread of its own
- `tape`: keeps the small answers, too
- `recorder`: the part that watching holds; `memory`: what a session takes from a ring at its start
- `lately`: how counters moved and what was wrong in the newest part of it; `telling`: lines about that
- `neutral`: names that stand for others; `redaction`: a recording with only those
- `reel`: the frames of a recording by time; `playback`: an appliance that answers from it; `replay`: that as an endpoint
"""
