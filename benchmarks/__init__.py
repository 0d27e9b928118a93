"""The engine beside its peers: speed, memory and value on the same problems.

`python -m benchmarks.run` prints everything; docs/benchmarks.md says how to read it.
"""
