"""What `make bench` measures: every figure beside a named baseline, in the same run, on the same bytes."""
