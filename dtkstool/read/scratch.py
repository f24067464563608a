"""Files of our own on disk, for what is too large to be held: gone with the object or the run."""

import shutil
import tempfile
import weakref
from pathlib import Path


class Scratch:
    """A temporary folder that is removed when nothing refers to it any more, or at exit."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dtkstool-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
