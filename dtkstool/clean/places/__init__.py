"""Places: Kemendagri codes for where people live and where they moved to."""

from dtkstool.clean.places.column import (
    TIES,
    known_places,
    typed_places,
    with_destination,
    with_places,
)

__all__ = ["TIES", "known_places", "typed_places", "with_destination", "with_places"]
