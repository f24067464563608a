"""Names in canonical words, with a spelling key and a sound key; what is displayed stays as typed.

Choices made where usage is ambiguous:

- M alone, with a name behind it, is MUHAMMAD, unless a woman's name or a clan follows (M YULIANTI,
  M SIREGAR): there it stays an initial, to be compared as one.
- ST is SITI before a name, Sarjana Teknik behind one, SUTAN before a Minang rank.
- Names written together after ABDUL, SITI and NUR stand apart: NURHAYATI gives NUR HAYATI.
- Digits are noise (SITI 2, AHMAD1), except inside a word, where they are mistyped letters (S1TI).
- When taking titles, digits or remarks off leaves nothing, what was there stays.
"""

from functools import cache
from itertools import accumulate

import polars as pl

from dtkstool.clean.name_parts import PARTS, split
from dtkstool.clean.name_words import any_word, reserved, standard_words, words
from dtkstool.clean.phonetics import eyd, folk
from dtkstool.distinct import distinct, spread, told_apart

NAME_COLUMNS = ("nama", "nama_alias", "nama_bin", "nama_gelar", "nama_eyd", "nama_folk")
_STANDARD = ("nama", "nama_alias", "nama_bin")
MOTHER_COLUMNS = ("nama_ibu", "nama_ibu_folk")


def with_names(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return the frame with `frames.CLEAN_NAMES`, read from `nama_asal` and `nama_ibu_asal`.

    Null in, null out; `nama_ibu` is null too where the text only says that there is no name.
    """
    dtype = pl.Struct({name: pl.String() for name in (*NAME_COLUMNS, *MOTHER_COLUMNS)})
    typed = pl.struct("nama_asal", "nama_ibu_asal")
    return lf.with_columns(_nama=typed.map_batches(_read, return_dtype=dtype)).unnest("_nama")


def standardise(names: pl.Series) -> pl.DataFrame:
    """Return the columns `NAME_COLUMNS` for a series of names, one row each, in its order.

    Null in, nulls out. `nama` is a fixed point: standardising it again changes nothing.
    """
    text = names.cast(pl.String)
    return spread(_understood(distinct(text)), text)


def standardise_mothers(names: pl.Series) -> pl.DataFrame:
    """Return `nama_ibu, nama_ibu_folk` for mothers' names, one row each, in its order.

    Null in, nulls out; null also where the text only says that no name is known (`IBU`, `-`, `X`).
    """
    text = names.cast(pl.String)
    return spread(_of_mothers(_understood(distinct(text))), text)


def _read(typed: pl.Series) -> pl.Series:
    """Return what `standardise` and `standardise_mothers` make of the two columns, side by side.

    They share most of their words, so both are read at once.
    """
    own, mothers = (column.cast(pl.String) for column in typed.struct.unnest())
    known = _understood(distinct(pl.concat([distinct(own), distinct(mothers).alias(own.name)])))
    read = [spread(known, own), spread(_of_mothers(known), mothers)]
    return pl.concat(read, how="horizontal").to_struct(typed.name)


def _understood(names: pl.Series) -> pl.DataFrame:
    """Return `NAME_COLUMNS` for distinct names, the name itself as `cell`; without null."""
    parts = split(names.drop_nulls())
    spelled = _spelled([parts[part] for part in PARTS])
    return parts.select(cell="teks", nama_gelar="gelar", **spelled).select("cell", *NAME_COLUMNS)


def _of_mothers(understood: pl.DataFrame) -> pl.DataFrame:
    found = understood.select("cell", nama_ibu="nama", nama_ibu_folk="nama_folk")
    said = pl.col("nama_ibu")
    nothing = said.is_in(words("ibu", "kosong")) | ~said.str.contains("[A-Z]{2}")
    return found.with_columns(pl.when(~nothing).then(pl.col(MOTHER_COLUMNS)))


def _spelled(columns: list[pl.Series]) -> dict[str, pl.Series]:
    """Return names, aliases and fathers in standard words, and the names' two keys.

    Each distinct word is looked at once, and only names with a word that changes are rewritten;
    null stays null.
    """
    present = [column.drop_nulls().alias("teks") for column in columns]
    text = Words(pl.concat(present))
    baku = _standard(text.distinct)
    pieces = Words(baku)
    modern = eyd(pieces.distinct)
    keys = {"nama_eyd": modern, "nama_folk": folk(modern)}
    standard, ends = text.rewritten(baku), accumulate(map(len, present))
    spelled = {
        name: _filling(column, standard.slice(end - len(some), len(some)))
        for name, column, some, end in zip(_STANDARD, columns, present, ends, strict=True)
    }
    for name, new in keys.items():
        key = text.rewritten(pieces.rewritten(new)).head(len(present[0]))
        spelled[name] = _filling(columns[0], key)
    return spelled


def _filling(column: pl.Series, values: pl.Series) -> pl.Series:
    """Return the values put where `column` has one, null elsewhere."""
    if not column.has_nulls():
        return values
    at = column.is_not_null()
    place = pl.Series(at.cum_sum().cast(pl.Int64) - 1)
    return values.gather(place.set(~at, None))


class Words:
    """Texts as words between single spaces, each distinct word known once; no text is null."""

    def __init__(self, texts: pl.Series) -> None:
        self.texts = texts
        listed = texts.str.split(" ")
        said = listed.explode(empty_as_null=True)
        first, self._number = told_apart(said)
        self.distinct = said.gather(first)
        self._end = listed.list.len().cast(pl.Int64).cum_sum()
        self._start = self._end.shift(1, fill_value=0)

    def rewritten(self, new: pl.Series) -> pl.Series:
        """Return the texts with each of `distinct` written as in `new`, which is as long.

        All words that make a rewritten text go into one long text, of which each is a slice: that
        is twice as fast as joining lists of words.
        """
        changes = (self.distinct != new).gather(self._number).cast(pl.Int64).cum_sum()
        so_far = changes.gather(self._end - 1)
        rows = (so_far != so_far.shift(1, fill_value=0)).arg_true()
        if rows.is_empty():
            return self.texts
        start, end = self._start.gather(rows), self._end.gather(rows)
        words_ = new.gather(self._number.gather(pl.int_ranges(start, end, eager=True).explode()))
        return self.texts.clone().scatter(rows, _joined(words_, (end - start).cum_sum()))


def _joined(words_: pl.Series, end: pl.Series) -> pl.Series:
    """Return texts of words with a space between them; each ends before its `end`."""
    written = words_.str.join(" ").item().encode()
    stop = (words_.str.len_bytes().cast(pl.Int64) + 1).cum_sum().gather(end - 1)
    start = stop.shift(1, fill_value=0)
    text = pl.lit(written).bin.slice(start, stop - start - 1).cast(pl.String)
    return pl.select(text).to_series()


def _standard(tokens: pl.Series) -> pl.Series:
    """Return the standard form of distinct words, one or several words each."""
    known = standard_words()
    standard = tokens.replace(known["kata"], known["baku"])
    joined = tokens.str.contains(r"^(?:ABD|SIT|N(?:UR|OER|OOR|OR))[A-Z]")
    written_onto = joined & ~tokens.is_in(known["kata"].implode())
    return standard.scatter(written_onto.arg_true(), _apart(tokens.filter(written_onto)))


def _apart(tokens: pl.Series) -> pl.Series:
    """Return words with ABDUL, SITI or NUR set apart where they are written onto a name."""
    word = pl.col("kata")
    joined = word.str.extract(r"^ABD(?:U|OE)([RSNDTZ])")
    abdul = pl.coalesce(
        word.str.extract(r"^ABD(?:U|OE)L([A-Z]{3,})$"),
        joined + word.str.extract(r"^ABD(?:U|OE)(?:RR?|SS?|NN?|DD?|TT?|ZZ?)([A-Z]{3,})$"),
    )
    siti = word.str.extract(r"^SITT?[IY]([A-Z]{4,}|NUR)$")
    siti = pl.when(~siti.str.contains(f"^{any_word(words('siti', 'kecuali'))}")).then(siti)
    behind = pl.coalesce(abdul, siti)
    free = behind.is_in(list(reserved())) | behind.str.contains("^(?:SIT[IT]|ABD)")
    parts = tokens.to_frame("kata").select(
        "kata",
        before=pl.when(abdul.is_not_null()).then(pl.lit("ABDUL ")).otherwise(pl.lit("SITI ")),
        behind=pl.when(~free).then(behind),
    )
    known = standard_words()
    behind_ = _nur_apart(parts["behind"].replace(known["kata"], known["baku"]))
    alone = _nur_apart(parts["kata"])
    return parts.select(pl.coalesce(pl.col("before") + behind_, alone)).to_series()


def _nur_apart(tokens: pl.Series) -> pl.Series:
    """Return words with NUR set apart from the names that are known to follow it."""
    rest = tokens.str.extract(r"^N(?:UR|OER|OOR|OR)([A-Z]{3,})$")
    if rest.null_count() == len(rest):
        return tokens
    known = standard_words()
    split_ = (
        tokens.str.extract("^(NOR)").fill_null("NUR")
        + " "
        + rest.replace(known["kata"], known["baku"])
    )
    heard = folk(eyd(rest))
    return (
        tokens.to_frame("kata")
        .select(pl.when(heard.is_in(_after_nur().implode())).then(split_).otherwise("kata"))
        .to_series()
    )


@cache
def _after_nur() -> pl.Series:
    return folk(eyd(pl.Series(words("nur", "kata")))).unique()
