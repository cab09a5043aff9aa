"""Benchmarks and drills: what we promise, measured and proven, with its own ceiling and its own checks."""
