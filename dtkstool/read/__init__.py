"""Reading: messy files into one all-text frame in which every record knows its cells."""

from dtkstool.read.files import read_files
from dtkstool.read.mapfile import save_map
from dtkstool.read.origin import cell
from dtkstool.read.result import Layout, Note, ReadResult, Sheet
from dtkstool.read.sources import expand

__all__ = ["Layout", "Note", "ReadResult", "Sheet", "cell", "expand", "read_files", "save_map"]
