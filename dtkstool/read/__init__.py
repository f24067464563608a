"""Reading: messy files into one all-text frame in which every record knows its cells."""

from dtkstool.read.files import read_files, read_slices
from dtkstool.read.mapfile import save_map
from dtkstool.read.origin import cell
from dtkstool.read.result import Layout, Note, ReadResult, Sheet
from dtkstool.read.slices import Sliced, Slices
from dtkstool.read.sources import expand

__all__ = [
    "Layout",
    "Note",
    "ReadResult",
    "Sheet",
    "Sliced",
    "Slices",
    "cell",
    "expand",
    "read_files",
    "read_slices",
    "save_map",
]
