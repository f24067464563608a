"""Runs the command line as `python -m dtkstool`."""

from dtkstool.cli import main

main()
