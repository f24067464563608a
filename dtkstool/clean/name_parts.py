"""The parts of a name as typed: the name itself, an alias, a patronymic and titles.

Everything here works on a frame of *distinct* names, and only on those that need it: most names
are plain words.
"""

from functools import cache
from typing import cast

import polars as pl

from dtkstool.clean.name_text import (
    alias_word,
    changed,
    filled,
    folded,
    front_titles,
    punctuated,
    slashed,
    undigited,
    where,
    worded,
)
from dtkstool.clean.name_words import any_title, any_word, dotted, reserved, table, words

PARTS = ["nama", "alias", "bin"]
_ABBREVIATED = "^(?:AB|LD|WD|H?M|MD) "
PLAIN = r"^[A-Z]+(?: [A-Z]+)*$"


def split(names: pl.Series) -> pl.DataFrame:
    """Return `teks, nama, alias, bin, gelar` for distinct non-null names, in any order of rows.

    `nama` is upper-case ASCII words without titles; null when the text holds no letter or digit.
    """
    text = folded(names)
    plain = text.str.contains(PLAIN)
    easy = plain & ~text.str.contains(_marked())
    parts = pl.DataFrame({"teks": names, "nama": text}).with_columns(
        pl.lit(None, pl.String).alias(part) for part in ("alias", "bin", "gelar")
    )
    if easy.all():
        return parts
    hard = parts.filter(~easy).pipe(_read)
    return pl.concat([parts.filter(easy), hard.select(parts.columns)])


def _read(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts read, and read once more where what came out still looks composed."""
    once = parts.pipe(_read_once)
    return once.pipe(where, pl.col("nama").str.contains(_marked()), _read_once)


def _read_once(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.pipe(punctuated).pipe(_taken_apart).pipe(_never_empty)


@cache
def _marked() -> str:
    """Return a regex for plain words that hold more than a name, or an abbreviated one."""
    start = [any_title(front_titles()), "M", "MD", "AB", "LD", "WD", "HM", "AA", "IB"]
    between = [w for key in ("alias", "bin", "boru") for w in words("pemisah", key)]
    return (
        f"^(?:{'|'.join(start)}) | {any_title(words('gelar', 'belakang'))}$"
        f"| {any_word(between)}(?: |$)|(?:^| ){any_word(words('gelar', 'almarhum'))}(?: |$)"
        rf"|(?:^| )ST |^(?:{alias_word()}|NULL)(?: |$)|{_balinese_sign()}"
    )


@cache
def _balinese_sign() -> str:
    """Return a regex for an abbreviated word in a name that begins like a Balinese one."""
    short = [word for forms in _bali().values() for word in forms]
    first = any_word(words("bali_awal", "kata"))
    return rf"^(?:{first}(?: [A-Z]+)* {any_word(short)}|GST|IB|DW)(?: |$)"


def _bali() -> dict[str, list[str]]:
    return cast(dict[str, list[str]], table("nama")["bali"])


def _taken_apart(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with alias, patronymic and titles taken out of `nama`.

    What punctuation hid is looked for once more when only words are left.
    """
    return (
        parts.pipe(_spoken_apart)
        .pipe(_without_titles)
        .pipe(changed, "[0-9]", undigited, ["nama", "alias"])
        .pipe(changed, "[^A-Z ]|  |^ | $", worded, ["nama", "alias"])
        .pipe(changed, alias_word(), slashed, ["nama"])
        .pipe(_spoken_apart)
        .pipe(_without_titles)
        .pipe(_without_patronymic)
        .pipe(changed, _ABBREVIATED, _expanded, PARTS)
        .pipe(_without_titles)
        .pipe(changed, r"\bST |^AA ", _unabbreviated, PARTS)
        .pipe(changed, _balinese_sign(), _balinese, PARTS)
    )


def _spoken_apart(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with the alias and marks of the dead that words announce taken out."""
    mark = any_word(words("gelar", "almarhum"))
    return parts.pipe(where, pl.col("nama").str.contains(r"\bALIAS\b"), _without_alias).pipe(
        where, pl.col("nama").str.contains(rf"\b{mark}\b"), _without_marks
    )


def _without_alias(parts: pl.DataFrame) -> pl.DataFrame:
    halves = (" " + pl.col("nama") + " ").str.splitn(" ALIAS ", 2)
    left, right = halves.struct.field("field_0"), halves.struct.field("field_1")
    left = pl.when(left.str.contains("[A-Z]")).then(left.str.strip_chars())
    right = filled(right.str.replace_all(r"\bALIAS\b", " "))
    return parts.with_columns(
        nama=pl.coalesce(left, right),
        alias=pl.coalesce("alias", pl.when(left.is_not_null()).then(right)),
    )


def _without_marks(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with ALM and its like moved from anywhere in the name to the titles."""
    mark = rf" *\b{any_word(words('gelar', 'almarhum'))}\b[. ,]*"
    found = pl.col("nama").str.extract(f"({mark})").str.strip_chars(" ,")
    bare = pl.col("nama").str.replace_all(mark, " ")
    rest = pl.when(bare.str.contains("[A-Z]")).then(bare.str.strip_chars())
    titles = pl.concat_str("gelar", found, separator=" ", ignore_nulls=True)
    return parts.with_columns(
        nama=rest.fill_null(pl.col("nama")),
        gelar=pl.when(rest.is_not_null()).then(titles).otherwise("gelar"),
    )


@cache
def _title_regexes() -> tuple[str, str]:
    """Return what titles look like before and behind a name."""
    loose = words("gelar", "belakang_bertitik")
    only_dotted = "|".join(dotted(t) for t in words("gelar", "depan_bertitik"))
    front = rf"^(?:{any_title(front_titles())}[ .,:]+|(?:{only_dotted})[ .,:]*)+"
    back = any_title(words("gelar", "belakang") + words("gelar", "almarhum"))
    sure = "|".join(dotted(t) for t in loose)
    behind = rf"[ .,]+(?:{back}|{sure})|[ .]*,[ .,]*{any_title(loose)}"
    return front, rf"(?:{behind})+[ .,]*$"


def _without_titles(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with titles gone from both ends of name, alias and patronymic."""
    front, back = _title_regexes()
    texts = pl.concat_str(PARTS, separator="\n", ignore_nulls=True)
    titled = texts.str.contains(f"(?m){front}|{back}")
    return parts.pipe(where, titled, _with_titles_apart)


def _with_titles_apart(parts: pl.DataFrame) -> pl.DataFrame:
    front, back = _title_regexes()
    name, rest = pl.col("nama").str, pl.col("_rest").str
    ahead = name.head(name.len_chars() - name.replace(front, "").str.len_chars())
    behind = rest.tail(rest.len_chars() - name.len_chars())
    titles = pl.concat_str("gelar", "_ahead", behind, separator=" ", ignore_nulls=True)
    return (
        parts.with_columns(_stripped(pl.col(PARTS), front), _ahead=ahead)
        .with_columns(_stripped(pl.col(PARTS), back), _rest="nama")
        .with_columns(gelar=filled(titles.str.replace_all(r"[ ,]+", " ")))
        .drop("_ahead", "_rest")
    )


def _stripped(text: pl.Expr, regex: str) -> pl.Expr:
    """Return the text without what `regex` finds, unless no letter is left."""
    rest = text.str.replace(regex, "")
    return pl.when(rest.str.contains("[A-Z]")).then(rest).otherwise(text)


def _expanded(name: pl.Expr) -> pl.Expr:
    """Return names with the abbreviations that only their place explains written out."""
    other = any_word(words("bukan_muhammad", "nama") + words("bukan_muhammad", "marga"))
    ends = any_word(words("bukan_muhammad", "akhiran"))
    not_muhammad = name.str.contains(rf" (?:{other}|[A-Z]*{ends})(?: |$)")
    written = (
        name.str.replace("^AB ", "ABDUL ")
        .str.replace("^LD ", "LA ODE ")
        .str.replace("^WD ", "WA ODE ")
        .str.replace(r"^H?M ", "MUHAMMAD ")
        .str.replace("^MD ", "MUHAMMAD ")
    )
    return pl.when(not_muhammad & name.str.contains("^M ")).then(name).otherwise(written)


def _without_patronymic(parts: pl.DataFrame) -> pl.DataFrame:
    said = any_word(words("pemisah", "bin") + words("pemisah", "boru"))
    composed = pl.any_horizontal(pl.col("nama", "alias").str.contains(f" {said} "))
    return parts.pipe(where, composed, _with_patronymic_apart)


def _with_patronymic_apart(parts: pl.DataFrame) -> pl.DataFrame:
    regex = rf"^(.+?) {any_word(words('pemisah', 'bin'))} (.+)$"
    father = pl.coalesce(pl.col("nama", "alias").str.extract(regex, 2))
    name = pl.col("nama", "alias").str.replace(regex, "${1}")
    clan = rf"([A-Z]) (?:{any_word(words('pemisah', 'boru'))} )+"
    bare = name.str.replace_all(clan, "${1} ")
    return parts.with_columns(bare, bin=pl.coalesce("bin", father))


def _unabbreviated(name: pl.Expr) -> pl.Expr:
    """Return names with ST as SITI or SUTAN and AA as ANAK AGUNG, where that is meant."""
    rank = any_word(words("sutan", "sesudah"))
    agung = any_word(words("anak_agung", "sebelum"))
    return (
        name.str.replace_all(rf"\bST ({rank})\b", "SUTAN ${1}")
        .str.replace_all(r"\bST ", "SITI ")
        .str.replace(rf"^AA ({agung})\b", "ANAK AGUNG ${1}")
    )


def _balinese(name: pl.Expr) -> pl.Expr:
    """Return Balinese names with the words of birth order and caste written out."""
    for word, forms in _bali().items():
        name = name.str.replace_all(rf"\b{any_word(forms)}\b", word)
    return name


def _never_empty(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with the whole text in `nama` where taking apart left nothing.

    NULL written out is nothing; an alias that is a title or a remark is none.
    """
    alias = pl.col("alias")
    meant = (alias.str.len_chars() > 1) & (alias != pl.col("nama"))
    said = pl.when(meant & ~alias.is_in(list(reserved()))).then(alias)
    return (
        parts.pipe(where, pl.col("nama").is_null(), _whole)
        .with_columns(alias=said)
        .with_columns(nama=pl.when(pl.col("nama") != "NULL").then(pl.col("nama").str.strip_chars()))
    )


def _whole(parts: pl.DataFrame) -> pl.DataFrame:
    latin = pl.col("semula").str.replace_all("[^A-Z]+", " ")
    other = pl.col("semula").str.replace_all(r"[\p{P}\p{S}\p{C}\s]+", " ")
    whole = pl.coalesce("alias", filled(latin), filled(other))
    return parts.with_columns(nama=whole, alias=pl.lit(None, pl.String))
