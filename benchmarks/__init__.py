"""What this machine can do, and how much of it is ours: `make bench` writes benchmarks/RESULTS.md."""
