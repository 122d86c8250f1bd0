"""The pretend appliance: speaks the DS3 protocol over a real socket, for the demo, the tests and the benchmarks.

It shares no code with the client, so that one mistake cannot hide in both. Importing this package loads nothing heavy:
`options` says what can be asked for, `server` runs it.
"""
