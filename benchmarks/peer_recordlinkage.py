"""Link with recordlinkage (Python Record Linkage Toolkit): Index, Compare, ECM.

    python benchmarks/peer_recordlinkage.py STANDARD OUT

The toolkit works on pandas frames in memory, pair by pair on one core; peers.py runs it only on
the sizes that it can do.
"""

import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage as rl

BLOCKS = [
    ["nik"],
    ["nik15"],
    ["nik10", "kata1"],
    ["nokk", "kata1"],
    ["nokk", "lahir"],
    ["lahir", "kata1"],
    ["lahir", "kata_akhir"],
    ["lahir", "nama_ibu_folk"],
    ["nama_folk", "kode_desa"],
]
NEAR = 0.85


def prepared(path: Path) -> pd.DataFrame:
    """Return one side with its block keys."""
    df = pd.read_parquet(path).set_index("unique_id")
    words = df["nama_folk"].str.split(" ")
    keys = {
        "kata1": words.str[0],
        "kata_akhir": words.str[-1],
        "nik15": df["nik"].str[:15],
        "nik10": df["nik"].str[6:16],
        "lahir": pd.to_datetime(df["tanggal_lahir"]).dt.strftime("%Y-%m-%d"),
    }
    return df.assign(**keys)


def blocked(records: pd.DataFrame, registry: pd.DataFrame) -> pd.MultiIndex:
    """Return every pair some block finds, once."""
    pairs = []
    for block in BLOCKS:
        # the toolkit pairs missing keys with each other
        left, right = records.dropna(subset=block), registry.dropna(subset=block)
        pairs.append(rl.index.Block(left_on=block, right_on=block).index([left, right]))
    return pairs[0].append(pairs[1:]).drop_duplicates()


def compared(pairs: pd.MultiIndex, records: pd.DataFrame, registry: pd.DataFrame) -> pd.DataFrame:
    """Return the 0/1 features of each pair; a missing value counts as disagreement, as ECM asks."""
    compare = rl.Compare()
    for column in ("nama_folk", "nama_ibu_folk", "nik", "nokk"):
        compare.string(
            column, column, method="levenshtein", threshold=NEAR, label=f"{column}_mirip"
        )
    for column in (
        "nama_folk",
        "lahir",
        "nik",
        "nokk",
        "nama_ibu_folk",
        "kode_desa",
        "jenis_kelamin",
    ):
        compare.exact(column, column, label=column)
    return compare.compute(pairs, records, registry).fillna(0).astype(int)


def link(standard: Path, out: Path) -> None:
    """Prepare, index, compare, classify, keep the best candidate of each record."""
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(name: str):
        started = time.perf_counter()
        yield
        seconds[name] = round(time.perf_counter() - started, 3)

    with stage("prep"):
        records, registry = (
            prepared(standard / f"{side}.parquet") for side in ("records", "registry")
        )
    with stage("index"):
        pairs = blocked(records, registry)
    with stage("compare"):
        features = compared(pairs, records, registry)
    with stage("classify"):
        model = rl.ECMClassifier(use_col_names=False)
        model.fit(features)
        chance = model.prob(features)
    best = best_of(pairs, chance)
    best.to_parquet(out / "links.parquet")
    document = {"seconds": seconds, "pairs": len(pairs)}
    (out / "stages.json").write_text(json.dumps(document, indent=2))


def best_of(pairs: pd.MultiIndex, chance: pd.Series) -> pd.DataFrame:
    """Return the likeliest candidate of each record, its weight in bits of odds."""
    p = np.clip(chance.to_numpy(), 1e-12, 1 - 1e-12)
    left, right = pairs.get_level_values(0), pairs.get_level_values(1)
    scored = pd.DataFrame(
        {
            "unique_id_l": left,
            "unique_id_r": right,
            "weight": np.log2(p / (1 - p)),
            "verdict": np.where(p >= 0.5, "padan", "tinjau"),
        }
    )
    ordered = scored.sort_values(["weight", "unique_id_r"], ascending=[False, True])
    return ordered.drop_duplicates("unique_id_l")


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    link(Path(sys.argv[1]), target)
