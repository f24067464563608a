"""Places: Kemendagri codes for where people live and where they moved to."""

from dtkstool.clean.places.column import with_destination, with_places

__all__ = ["with_destination", "with_places"]
