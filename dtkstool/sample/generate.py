"""Makes a synthetic world on disk: register, civil-registry extracts, truth."""

from pathlib import Path

from dtkstool.sample.clean_files import write_clean
from dtkstool.sample.events import happen
from dtkstool.sample.extracts import arrivals, deaths, departures, write_biodata
from dtkstool.sample.messy_files import write_messy
from dtkstool.sample.register import register
from dtkstool.sample.settings import Settings, Summary
from dtkstool.sample.truth import write_truth
from dtkstool.sample.world import world


def generate(settings: Settings, out: Path) -> Summary:
    """Write `dtks/`, `registry/` and `truth/` into `out` and return what was written.

    The same settings always give the same bytes. ValueError for a region code there is not.
    """
    folders = {name: out / name for name in ("dtks", "registry", "truth")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    everybody, events = happen(world(settings))
    listed = register(everybody, events)
    known = listed.listing.known
    persons = write_biodata(everybody, events, known, folders["registry"])
    counts = {}
    for name, make in (("kematian", deaths), ("pindah", departures), ("datang", arrivals)):
        frame = make(everybody, events, known)
        frame.write_csv(folders["registry"] / f"{name}.csv")
        counts[name] = frame.height
    if settings.messy:
        places, listed = write_messy(everybody, listed, folders["dtks"])
    else:
        places = write_clean(everybody, listed, folders["dtks"])
    faults = write_truth(everybody, events, listed, places, folders["truth"])
    files = sorted(str(path.relative_to(out)) for f in folders.values() for path in f.iterdir())
    return Summary(
        persons, counts["kematian"], counts["pindah"], counts["datang"], places.height, faults,
        tuple(files),
    )  # fmt: skip
