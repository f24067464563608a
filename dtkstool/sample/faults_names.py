"""Damage to names: titles, spellings, lost and added words, slips of the finger."""

from collections.abc import Callable
from functools import cache

import numpy as np
import polars as pl

from dtkstool.sample.fault import Fault, Slip
from dtkstool.sample.stock import page
from dtkstool.sample.text import old_spelling

Rng = np.random.Generator
Change = Callable[[Rng, pl.Series], pl.Series]
DRAWS = 6
"""How many random exchange tables are drawn for one batch of names."""

FOLK = (
    ("F", "P"), ("V", "P"), ("Z", "J"), ("KH", "H"), ("SY", "S"), ("Q", "K"), ("I$", "Y"),
    ("DH", "D"), ("TH", "T"), ("AE", "AI"), ("AI", "AE"), ("UDDIN", "UDIN"), ("UDIN$", "UDDIN"),
    ("IYAH", "IAH"), ("IAH", "IYAH"), ("H$", ""), ("AH ", "A "), ("RR", "R"), ("NN", "N"),
    ("([AEIOU])([NRLM])([AEIOU])", "${1}${2}${2}${3}"), ("KS", "X"), ("Y", "I"), ("OH", "AH"),
    ("U([NR])", "O${1}"), ("P", "F"), ("J", "Z"), ("NG$", "NK"), ("D$", "T"), ("T$", "D"),
)  # fmt: skip
"""How names are spelled by ear; each rule is tried once, at one place."""

KEYS = {
    "A": "SQ", "B": "VN", "C": "XV", "D": "SF", "E": "WR", "F": "DG", "G": "FH", "H": "GJ",
    "I": "UO", "J": "HK", "K": "JL", "L": "KO", "M": "NK", "N": "BM", "O": "IP", "P": "OL",
    "Q": "WA", "R": "ET", "S": "AD", "T": "RY", "U": "YI", "V": "CB", "W": "QE", "X": "ZC",
    "Y": "TU", "Z": "XA",
}  # fmt: skip
"""Neighbours on the keyboard."""


def _select(expr: pl.Expr, **columns: pl.Series) -> pl.Series:
    return pl.DataFrame(columns).select(expr).to_series()


def _pick(rng: Rng, n: int, words: list[str]) -> pl.Series:
    return pl.Series(rng.choice(words, n))


def first_change(rng: Rng, name: pl.Series, variants: list[pl.Series]) -> pl.Series:
    """Return for each name one random variant that differs, or the name if none does."""
    table = np.array([variant.to_list() for variant in variants], dtype=object)
    plain = np.array(name.to_list(), dtype=object)
    turn = rng.random(table.shape) + (table == plain[None, :])
    best = turn.argmin(axis=0)
    return pl.Series(table[best, np.arange(len(name))].tolist(), dtype=pl.String)


@cache
def _groups() -> list[list[str]]:
    return [group.split() for group in page("ejaan")["kata"]["kelompok"]]


def _exchange_table(rng: Rng) -> dict[str, str]:
    table: dict[str, str] = {}
    for group in _groups():
        for word in group:
            others = [other for other in group if other != word]
            table.setdefault(word, str(rng.choice(others)))
    return table


def _by_word(name: pl.Series, table: dict[str, str]) -> pl.Series:
    words = pl.DataFrame({"name": name}).with_row_index("i")
    words = words.with_columns(pl.col("name").str.split(" ")).explode("name")
    words = words.with_columns(pl.col("name").replace(table))
    joined = words.group_by("i", maintain_order=True).agg(pl.col("name").str.join(" "))
    return joined["name"]


def spelled_otherwise(rng: Rng, name: pl.Series) -> pl.Series:
    """Return names with words exchanged for another spelling of the same name."""
    return first_change(rng, name, [_by_word(name, _exchange_table(rng)) for _ in range(DRAWS)])


def by_ear(rng: Rng, name: pl.Series) -> pl.Series:
    """Return names spelled by ear at one place."""
    return first_change(rng, name, [name.str.replace(a, b) for a, b in FOLK])


def typo(rng: Rng, name: pl.Series) -> pl.Series:
    """Return names with a letter lost, doubled, exchanged for a neighbour, or two swapped."""
    n = len(name)
    length = name.str.len_chars().fill_null(0).to_numpy().astype(np.int64)
    low = np.where(rng.random(n) < 0.12, 0, 1)
    at = low + (rng.random(n) * np.maximum(length - low - 1, 1)).astype(np.int64)
    neighbours = [{k: v[i] for k, v in KEYS.items()} for i in (0, 1)]
    kinds = rng.choice(5, n, p=[0.3, 0.2, 0.3, 0.15, 0.05])
    frame = pl.DataFrame({"n": name, "at": at, "kind": kinds, "side": rng.integers(0, 2, n)})
    text, place = pl.col("n"), pl.col("at")
    head, letter = text.str.slice(0, place), text.str.slice(place, 1)
    rest, next_letter = text.str.slice(place + 1), text.str.slice(place + 1, 1)
    near = pl.when(pl.col("side") == 0).then(letter.replace(neighbours[0])).otherwise(
        letter.replace(neighbours[1])
    )  # fmt: skip
    kind = pl.col("kind")
    return frame.select(
        pl.when(kind == 0).then(head + rest)
        .when(kind == 1).then(head + letter + letter + rest)
        .when(kind == 2).then(head + near + rest)
        .when(kind == 3).then(head + next_letter + letter + text.str.slice(place + 2))
        .otherwise(head + letter + near + rest)
    ).to_series()  # fmt: skip


def _twice(rng: Rng, name: pl.Series) -> pl.Series:
    return typo(rng, typo(rng, name))


def fewer_words(rng: Rng, name: pl.Series) -> pl.Series:
    """Return names of several words with the last, first or a middle one left out."""
    words = pl.col("n").str.split(" ")
    size, luck = words.list.len(), pl.col("luck")
    middle = pl.concat_list(words.list.head(1), words.list.slice(2)).list.join(" ")
    shorter = (
        pl.when(luck < 0.55).then(words.list.head(size - 1).list.join(" "))
        .when(luck < 0.8).then(words.list.slice(1).list.join(" "))
        .otherwise(middle)
    )  # fmt: skip
    luck_column = pl.Series(rng.random(len(name)))
    return _select(pl.when(size > 1).then(shorter).otherwise("n"), n=name, luck=luck_column)


def _other_order(rng: Rng, name: pl.Series) -> pl.Series:
    words = pl.col("n").str.split(" ")
    moved = pl.concat_list(words.list.slice(1), words.list.head(1)).list.join(" ")
    return _select(moved, n=name)


def _joined(rng: Rng, name: pl.Series) -> pl.Series:
    luck = pl.Series(rng.random(len(name)) < 0.75)
    once, all_ = pl.col("n").str.replace(" ", ""), pl.col("n").str.replace_all(" ", "")
    return _select(pl.when("luck").then(once).otherwise(all_), n=name, luck=luck)


def _split(rng: Rng, name: pl.Series) -> pl.Series:
    at = pl.Series(rng.integers(3, 6, len(name)))
    text, place = pl.col("n"), pl.col("at")
    apart = text.str.slice(0, place) + " " + text.str.slice(place)
    fits = (text.str.slice(place - 1, 2).str.contains(r"^[A-Z]{2}$")) & (
        text.str.len_chars() > place + 2
    )
    return _select(pl.when(fits).then(apart).otherwise(text), n=name, at=at)


def nickname(rng: Rng, name: pl.Series) -> pl.Series:
    """Return what the neighbours say: a known nickname, or the end of the first long word."""
    known = page("ejaan")["panggilan"]
    first = pl.col("n").str.extract(r"(\S{5,})").fill_null(pl.col("n"))
    return _select(first.replace_strict(known, default=first.str.tail(4)), n=name)


def _initial(rng: Rng, name: pl.Series) -> pl.Series:
    last = name.str.replace(r" (\S)\S+$", " ${1}.")
    first = name.str.replace(r"^(\S)\S+ ", "${1}. ")
    middle = name.str.replace(r"^(\S+) (\S)\S+ ", "${1} ${2} ")
    return first_change(rng, name, [last, first, middle])


def _cut(rng: Rng, name: pl.Series) -> pl.Series:
    at = pl.Series(rng.integers(9, 17, len(name)))
    return _select(pl.col("n").str.slice(0, pl.col("at")), n=name, at=at)


def _digits(rng: Rng, name: pl.Series) -> pl.Series:
    return first_change(rng, name, [
        name.str.replace("O", "0"), name.str.replace("I", "1"), name + " 2",
        name.str.replace("A", "4"),
    ])  # fmt: skip


def _case(rng: Rng, name: pl.Series) -> pl.Series:
    return first_change(rng, name, [name.str.to_titlecase(), name.str.to_lowercase()])


def _blanks(rng: Rng, name: pl.Series) -> pl.Series:
    return first_change(rng, name, [
        name.str.replace(" ", "  "), name + " ", " " + name, name.str.replace(" ", "\u00a0"),
        name + "\u00a0", name + "\t", name.str.replace(" ", "\n"),
    ])  # fmt: skip


def _marks(rng: Rng, name: pl.Series) -> pl.Series:
    return first_change(rng, name, [
        name + ".", name + ",", name.str.replace(" ", "."), name.str.replace("A", "A'"),
        name.str.replace(" ", "-"), '"' + name + '"', name.str.replace("'", "`"), name + " *",
    ])  # fmt: skip


def titled(rng: Rng, rows: pl.DataFrame, column: str, sex: pl.Series) -> pl.Series:
    """Return names with a title in front (by sex) or a degree behind."""
    titles, n = page("ejaan")["gelar"], rows.height
    men, women = (_pick(rng, n, titles[f"depan_{s}"].split()) for s in "LP")
    name, degree = rows[column], _pick(rng, n, titles["belakang"].split())
    behind = pl.Series(rng.random(n) < 0.2)
    joint = _pick(rng, n, [" ", ", ", ","])
    front = pl.when(pl.Series(sex == "P")).then(women).otherwise(men)
    return pl.select(
        pl.when(behind).then(name + joint + degree).otherwise(front + " " + name).alias("n")
    ).to_series()


def _alias(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    joint = _pick(rng, rows.height, [" ALIAS ", " AL ", "/", " / ", " @ ", " ALS ", " ("])
    end = pl.select(pl.when(joint == " (").then(pl.lit(")")).otherwise(pl.lit(""))).to_series()
    return rows["nama"] + joint + nickname(rng, rows["nama"]) + end


def _patronymic(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    men = _pick(rng, rows.height, [" BIN ", " BIN ", " B. ", " B "])
    women = _pick(rng, rows.height, [" BINTI ", " BT ", " BT. ", " BTI "])
    female = rows["jenis_kelamin"] == "P"
    link = pl.select(pl.when(female).then(women).otherwise(men)).to_series()
    return rows["nama"] + link + rows["nama_ayah"]


def _mother_inside(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    form = pl.Series(rng.integers(0, 3, rows.height))
    name, mother = rows["nama"], rows["nama_ibu_benar"]
    return pl.select(
        pl.when(form == 0).then(name + " (" + mother + ")")
        .when(form == 1).then(name + "/" + mother)
        .otherwise(name + " IBU " + mother).alias("n")
    ).to_series()  # fmt: skip


def _word_more(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    """Return names with the father's first word, or a common second word, added."""
    common = _pick(rng, rows.height, ["SAPUTRA", "HIDAYAT", "SARI", "LESTARI", "WATI", "DEWI"])
    father = rows["nama_ayah"].str.extract(r"^(\S+)")
    use = pl.Series(rng.random(rows.height) < 0.6)
    return rows["nama"] + " " + pl.select(pl.when(use).then(father).otherwise(common)).to_series()


def _mother_stand_in(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    words = page("ejaan")["ibu"]["pengganti"].split()
    return _pick(rng, rows.height, [word.replace("_", " ") for word in words])


def _old(rng: Rng, name: pl.Series) -> pl.Series:
    return _select(old_spelling(pl.col("n")), n=name)


def _on(column: str, change: Change) -> Slip:
    return lambda rng, rows: change(rng, rows[column])


def _empty(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    return pl.Series([""] * rows.height, dtype=pl.String)


NAME_FAULTS: tuple[Fault, ...] = (
    Fault("nama_kosong", "nama", _empty),
    Fault("nama_gelar", "nama", lambda rng, r: titled(rng, r, "nama", r["jenis_kelamin"])),
    Fault("nama_varian", "nama", _on("nama", spelled_otherwise)),
    Fault("nama_ejaan_lama", "nama", _on("nama", _old)),
    Fault("nama_ejaan_rakyat", "nama", _on("nama", by_ear)),
    Fault("nama_alias", "nama", _alias),
    Fault("nama_bin", "nama", _patronymic),
    Fault("nama_kurang_kata", "nama", _on("nama", fewer_words)),
    Fault("nama_tambah_kata", "nama", _word_more),
    Fault("nama_urutan", "nama", _on("nama", _other_order)),
    Fault("nama_gabung", "nama", _on("nama", _joined)),
    Fault("nama_pisah", "nama", _on("nama", _split)),
    Fault("nama_typo", "nama", _on("nama", typo)),
    Fault("nama_typo_dua", "nama", _on("nama", _twice)),
    Fault("nama_panggilan", "nama", _on("nama", nickname)),
    Fault("nama_ibu_dalam", "nama", _mother_inside),
    Fault("nama_inisial", "nama", _on("nama", _initial)),
    Fault("nama_terpotong", "nama", _on("nama", _cut)),
    Fault("nama_angka", "nama", _on("nama", _digits)),
    Fault("nama_lain", "nama", lambda rng, rows: rows["nama_keluarga"]),
)
NAME_LOOKS: tuple[Fault, ...] = (
    Fault("nama_huruf_kecil", "nama", _on("nama", _case)),
    Fault("nama_spasi", "nama", _on("nama", _blanks)),
    Fault("nama_tanda_baca", "nama", _on("nama", _marks)),
)
"""What does not change the name, on top of what does."""

MOTHER_FAULTS: tuple[Fault, ...] = (
    Fault("ibu_kosong", "nama_ibu", _empty),
    Fault("ibu_pengganti", "nama_ibu", _mother_stand_in),
    Fault("ibu_varian", "nama_ibu", _on("nama_ibu", spelled_otherwise)),
    Fault("ibu_typo", "nama_ibu", _on("nama_ibu", typo)),
    Fault("ibu_kurang_kata", "nama_ibu", _on("nama_ibu", fewer_words)),
    Fault("ibu_gelar", "nama_ibu",
          lambda rng, r: titled(rng, r, "nama_ibu", pl.Series(["P"] * r.height))),
    Fault("ibu_ejaan_rakyat", "nama_ibu", _on("nama_ibu", by_ear)),
)  # fmt: skip
