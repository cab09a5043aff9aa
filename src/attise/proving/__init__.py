"""Benchmarks and drills: what we promise, measured and proven, with its own ceiling and its own checks.

Owns nothing: each run builds a data folder of its own, serves it as an operator would, and removes it.
"""
