"""The parts of a name as typed: the name itself, an alias, a patronymic and titles.

Everything here works on a frame of *distinct* names, and only on those that need it: most names
are plain words.
"""

from collections.abc import Callable
from functools import cache
from typing import cast

import polars as pl

from dtkstool.clean.name_words import any_title, any_word, dotted, table, words

PARTS = ["nama", "alias", "bin"]
PLAIN = r"^[A-Z]+(?: [A-Z]+)*$"
LOOKALIKES = (("1", "I"), ("3", "E"), ("4", "A"), ("5", "S"), ("8", "B"))
SLASHES = r'[/\\|@"]+'
GLUED_INITIALS = (("R", "A"), ("A", "A"), ("I", "B"))
FOREIGN = {
    "â€™": "'", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "´": "'", "`": "'", "′": "'", "�": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "Ø": "O", "Ł": "L", "Đ": "D", "ẞ": "SS",
    "Æ": "AE", "Œ": "OE", "Þ": "TH", "ð": "D", "\u00ad": "", "\u200b": "", "\u200c": "",
    "\u200d": "", "\u2060": "", "\ufeff": "", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M",
    "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "У": "Y", "Х": "X",
}  # fmt: skip
"""What does not decompose to ASCII: quotes, joined letters, Cyrillic look-alikes (upper case)."""


def split(names: pl.Series) -> pl.DataFrame:
    """Return `teks, nama, alias, bin, gelar` for distinct non-null names, in any order of rows.

    `nama` is upper-case ASCII words without titles; null when the text holds no letter or digit.
    """
    text = _folded(names)
    plain = text.str.contains(PLAIN)
    easy = plain & ~text.str.contains(_marked())
    parts = pl.DataFrame({"teks": names, "nama": text}).with_columns(
        pl.lit(None, pl.String).alias(part) for part in ("alias", "bin", "gelar")
    )
    hard = parts.filter(~easy).pipe(_punctuated).pipe(_taken_apart).pipe(_never_empty)
    return pl.concat([parts.filter(easy), hard.select(parts.columns)])


def _folded(names: pl.Series) -> pl.Series:
    upper = names.str.to_uppercase()
    foreign = upper.str.contains(r"[^\x00-\x7F]")
    if not foreign.any():
        return upper
    ascii_ = (
        upper.filter(foreign)
        .str.replace_many(FOREIGN, leftmost=True)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{Mn}", "")
        .str.to_uppercase()
    )
    return upper.scatter(foreign.arg_true(), ascii_)


@cache
def _marked() -> str:
    """Return a regex for plain words that hold more than a name, or an abbreviated one."""
    start = [any_title(_front()), "M", "MD", "AB", "LD", "WD", "HM", "AA", any_word(_bali())]
    between = [w for key in ("alias", "bin", "boru") for w in words("pemisah", key)]
    return (
        f"^(?:{'|'.join(start)}) | {any_title(words('gelar', 'belakang'))}$"
        f"| {any_word(between)}(?: |$)|(?:^| ){any_word(words('gelar', 'almarhum'))}(?: |$)"
        r"|(?:^| )ST |^(?:ALIAS|ALS|NULL) ?"
    )


def _front() -> list[str]:
    return words("gelar", "depan") + words("gelar", "sapaan") + words("gelar", "almarhum")


def _bali() -> list[str]:
    return words("bali", "awal")


def _punctuated(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with brackets, slashes and dots in `nama` turned into words."""
    name = pl.col("nama").str.replace_all(r"[\s\p{C}]+", " ").str.strip_chars(' "')
    name = pl.when(name.str.contains(r"^(?:#|<?NULL>?$|\(NULL\)$)")).then(None).otherwise(name)
    parts = parts.with_columns(nama=name, semula=name)
    return (
        parts.pipe(_changed, r'[(\[{<\])}>"]', _unbracketed, ["nama"])
        .pipe(_changed, r"[.,']|^A/N", _undotted, ["nama"])
        .pipe(_changed, rf"{SLASHES}|{any_word(words('pemisah', 'alias'))}", _slashed, ["nama"])
    )


def _unbracketed(name: pl.Expr) -> pl.Expr:
    """Return names whose brackets say BIN, ALM or ALIAS in words; remarks and numbers are gone."""
    meant = any_word(words("pemisah", "bin") + words("gelar", "almarhum"))
    remark = any_word(words("pemisah", "catatan"))
    return (
        name.str.replace_all(r'([A-Z]) *"([^"]+)"', "${1} (${2})")
        .str.replace_all(r"[\[{<]", "(")
        .str.replace_all(r"[\]}>]", ")")
        .str.replace_all(rf"\( *({meant}\b[^)]*)\)?", " ${1} ")
        .str.replace_all(rf"\( *(?:{remark}|[^A-Z)]*|[A-Z])[ .]*(?:\)|$)", " ")
        .str.replace(r"^(.*?)\(([^()]*)\)?(.*)$", "${1} ${3} ALIAS ${2}")
    )


def _undotted(name: pl.Expr) -> pl.Expr:
    """Return names whose dots and commas that mean something are words: B. BIN, AL. ALIAS."""
    front = any_title(_front())
    for one, two in GLUED_INITIALS:
        name = name.str.replace(rf"^{one} *\. *{two}(?: *\. *| )", f"{one}{two} ")
    return (
        name.str.replace(r"^A/N[. ]+", "")
        .str.replace(r"([A-Z]{2}) +B *\. *([A-Z]{2})", "${1} BIN ${2}")
        .str.replace(r"([A-Z]{2}) +(?:AL *\.|A\.K\.A\.?) *([A-Z]{2})", "${1} ALIAS ${2}")
        .str.replace(rf"^(.*[A-Z]{{2}}.*?) *, *((?:{front}(?:[ .,]+|$))+)$", "${2} ${1}")
        .str.replace(r"^(.*[A-Z]) +'([A-Z ]{2,})'$", "${1} ALIAS ${2}")
    )


def _slashed(name: pl.Expr) -> pl.Expr:
    """Return names with ALIAS where a slash, an at-sign, a quote or another word says so."""
    said = any_word(words("pemisah", "alias"))
    return (
        name.str.replace_all(SLASHES, " ALIAS ")
        .str.replace_all(rf"(?:^|[ ,]){said}\b[.:, ]*", " ALIAS ")
        .str.replace_all(r" +", " ")
    )


def _taken_apart(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with alias, patronymic and titles taken out of `nama`."""
    return (
        parts.pipe(_without_alias)
        .pipe(_without_marks)
        .pipe(_without_titles)
        .pipe(_changed, "[0-9]", _undigited, ["nama", "alias"])
        .pipe(_changed, "[^A-Z ]|  |^ | $", _worded, ["nama", "alias"])
        .pipe(_without_titles)
        .with_columns(_expanded(pl.col("nama", "alias")))
        .pipe(_without_patronymic)
        .pipe(_without_titles)
        .pipe(_changed, r"\bST |^AA ", _unabbreviated, PARTS)
        .pipe(_changed, rf"^{any_word(_bali())} ", _balinese, PARTS)
    )


def _without_alias(parts: pl.DataFrame) -> pl.DataFrame:
    halves = (" " + pl.col("nama") + " ").str.splitn(" ALIAS ", 2)
    left = _filled(halves.struct.field("field_0"))
    right = _filled(halves.struct.field("field_1").str.replace_all(r" ALIAS(?: |$)", " "))
    return parts.with_columns(
        nama=pl.coalesce(left, right),
        alias=pl.when(left.is_not_null()).then(right),
    )


def _without_marks(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with ALM and its like moved from anywhere in the name to the titles."""
    mark = rf"(?:^|[ .,]){any_word(words('gelar', 'almarhum'))}(?:[ .,]+|$)"
    found = pl.col("nama").str.extract(rf"({mark})").str.strip_chars(" ,")
    rest = _filled(pl.col("nama").str.replace_all(mark, " "))
    return parts.with_columns(
        nama=rest.fill_null(pl.col("nama")), gelar=pl.when(rest.is_not_null()).then(found)
    )


@cache
def _title_regexes() -> tuple[str, str]:
    """Return what titles look like before and behind a name."""
    loose = words("gelar", "belakang_bertitik")
    only_dotted = "|".join(dotted(t) for t in words("gelar", "depan_bertitik"))
    front = rf"^(?:{any_title(_front())}[ .,:]+|(?:{only_dotted})[ .,:]*)+"
    back = any_title(words("gelar", "belakang") + words("gelar", "almarhum"))
    sure = "|".join(dotted(t) for t in loose)
    behind = rf"[ .,]+(?:{back}|{sure})|[ .]*,[ .,]*{any_title(loose)}"
    return front, rf"(?:{behind})+[ .,]*$"


def _without_titles(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with titles gone from both ends of name, alias and patronymic."""
    front, back = _title_regexes()
    texts = pl.concat_str("nama", "alias", "bin", separator="\n", ignore_nulls=True)
    titled = texts.str.contains(f"(?m){front}|{back}")
    return parts.pipe(_where, titled, _with_titles_apart)


def _with_titles_apart(parts: pl.DataFrame) -> pl.DataFrame:
    front, back = _title_regexes()
    ahead = pl.col("nama").str.extract(front, 0)
    rest = _stripped(pl.col("nama"), front, "[A-Z]")
    behind = rest.str.extract(back, 0)
    behind = pl.when(_stripped(rest, back, "[A-Z]{2}") != rest).then(behind)
    bare = _stripped(_stripped(pl.col("nama", "alias", "bin"), front, "[A-Z]"), back, "[A-Z]{2}")
    titles = pl.concat_str("gelar", ahead, behind, separator=" ", ignore_nulls=True)
    return parts.with_columns(bare, gelar=_filled(titles.str.replace_all(r"[ ,]+", " ")))


def _stripped(text: pl.Expr, regex: str, name: str) -> pl.Expr:
    """Return the text without what `regex` finds, unless what is left does not look like `name`."""
    rest = text.str.replace(regex, "")
    return pl.when(rest.str.contains(name)).then(rest).otherwise(text)


def _where(
    parts: pl.DataFrame, affected: pl.Expr, change: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Return the parts, in any order, changed where `affected`: most rows are spared the work."""
    mask = parts.select(affected.fill_null(False)).to_series()
    return pl.concat([parts.filter(~mask), change(parts.filter(mask))])


def _changed(
    parts: pl.DataFrame, sign: str, change: Callable[[pl.Expr], pl.Expr], columns: list[str]
) -> pl.DataFrame:
    """Return the parts, in any order, with `columns` changed where one of them holds `sign`."""
    affected = pl.any_horizontal(pl.col(columns).str.contains(sign).fill_null(False))
    return parts.pipe(_where, affected, lambda some: some.with_columns(change(pl.col(columns))))


def _undigited(name: pl.Expr) -> pl.Expr:
    """Return names without digits: look-alikes inside a word become letters, the rest is noise."""
    for _ in range(2):
        name = name.str.replace_all(r"([A-Z])0([A-Z]|\b)", "${1}O${2}")
        for digit, letter in LOOKALIKES:
            name = name.str.replace_all(f"([A-Z]){digit}([A-Z])", f"${{1}}{letter}${{2}}")
    return name.str.replace_all(r"\b0([A-Z])", "O${1}").str.replace_all("[0-9]+", " ")


def _worded(name: pl.Expr) -> pl.Expr:
    """Return names as ASCII words: apostrophes join, everything else but letters separates."""
    return _filled(name.str.replace_all("'", "").str.replace_all(r"[^A-Z]+", " "))


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
    regex = rf"^(.+?) {any_word(words('pemisah', 'bin'))} (.+)$"
    father = pl.coalesce(pl.col("nama", "alias").str.extract(regex, 2))
    name = pl.col("nama", "alias").str.replace(regex, "${1}")
    clan = rf"([A-Z]{{2}}) (?:{any_word(words('pemisah', 'boru'))} )+"
    return parts.with_columns(name.str.replace(clan, "${1} "), bin=father)


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
    short = cast(dict[str, list[str]], table("nama")["bali"])
    for word in short.keys() - {"awal"}:
        name = name.str.replace_all(rf"\b{any_word(short[word])}\b", word)
    return name


def _never_empty(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with the whole text in `nama` where taking apart left nothing."""
    whole = _filled(pl.col("semula").str.replace_all(r"[\p{P}\p{S}\p{C}\s]+", " "))
    alias = pl.when(pl.col("alias").str.len_chars() > 1).then(pl.col("alias"))
    return parts.with_columns(nama=pl.coalesce("nama", whole), alias=alias)


def _filled(text: pl.Expr) -> pl.Expr:
    """Return the text without spaces at its ends; null where nothing is left."""
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(bare)
