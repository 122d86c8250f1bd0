"""The values that climb the staircase: no I/O, no clock, no formatting, no markup."""
