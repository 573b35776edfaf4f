"""What Sidestage promises, measured against the other way to do the same, both in one run.

``python -m benchmarks`` prints a table per benchmark. Nothing here asserts: a figure is for a reader, who knows the
machine. The other way is always what an ordinary page would do with the same files from the same server.
"""
