"""Place names as keys: two spellings of one name give the same key."""

import polars as pl

_NUMBERS = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII", "XVIII", "XIX", "XX",
)  # fmt: skip
_ABBREVIATIONS = {
    "TANJUNG": "TJ TG TJG TGJ TJUNG", "SUNGAI": "SEI SEI SUNGEI", "LUBUK": "LB LBK",
    "KAMPUNG": "KP KMP KPG KAMP", "GUNUNG": "GN GNG", "KEPULAUAN": "KEP", "PULAUPULAU": "PP",
    "PASAR": "PSR", "PEMATANG": "PMT PEM", "MEUNASAH": "MNS", "GAMPONG": "GPM GPG",
    "PERKEBUNAN": "PERK", "SIMPANG": "SPG SP", "BUKIT": "BKT", "TELUK": "TLK TEL",
    "UTARA": "UT UTR", "SELATAN": "SEL SLT", "TIMUR": "TIM TMR", "BARAT": "BRT", "TENGAH": "TGH",
    "KARANG": "KRG KR", "BANDAR": "BDR", "PANGKALAN": "PKL", "BATANG": "BTG", "DALAM": "DLM",
    "MUARA": "MA", "UJUNG": "UJ", "PULAU": "PUL", "PONDOK": "PDK", "BANJAR": "BJR",
}  # fmt: skip
# ^ both sides of a comparison pass here, so a guess that is wrong for a place does no harm there
_WORDS = {
    **{f" {roman} ": f" {number} " for number, roman in enumerate(_NUMBERS, 1)},
    **{
        f" {short} ": f" {word} " for word, many in _ABBREVIATIONS.items() for short in many.split()
    },
}


def plain_words(name: pl.Expr) -> pl.Expr:
    """Return a name as upper-case words, two spaces between and one around; null for null.

    Accents, apostrophes and punctuation are gone. A name without a letter or digit becomes blank.
    """
    plain = (
        name.str.normalize("NFKD")
        .str.replace_all(r"[\p{M}'’‘`´\"\p{Cf}]", "")
        .str.to_uppercase()
        .str.replace_all(r"[^A-Z0-9]+", "  ")
        .str.strip_chars()
    )
    return pl.lit(" ") + plain + pl.lit(" ")


def written_out(words: pl.Expr) -> pl.Expr:
    """Return words with Roman numerals as digits and the common abbreviations written out."""
    return words.str.replace_many(_WORDS)


def squashed(words: pl.Expr) -> pl.Expr:
    """Return words without the spaces between them: `Gunung Jati` is `Gunungjati`."""
    return words.str.replace_all(" ", "", literal=True)


def place_key(name: pl.Expr) -> pl.Expr:
    """Return the key by which names are equal whatever their spacing and signs; null for null.

    No word is dropped: `Kota Baru` keeps its KOTA. Use it inside one parent region.
    """
    return squashed(written_out(plain_words(name)))


_FOLDS = (
    ("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("SJ", "SY"), ("NJ", "NY"), ("CH", "K"), ("KH", "K"),
    ("EU", "E"), ("IE", "I"), ("UA", "U"), ("Y", "I"), ("V", "P"), ("F", "P"), ("Z", "S"),
    ("Q", "K"), ("H", ""), ("W", "U"),
)  # fmt: skip
_DOUBLED = {letter * 2: letter for letter in "ABCDEGIJKLMNOPRSTUX"}
_NUMBER_WORDS = {
    "SATU": "1", "DUA": "2", "DUO": "2", "TIGA": "3", "EMPAT": "4", "AMPEK": "4", "LIMA": "5",
    "LIMO": "5", "ENAM": "6", "ANAM": "6", "TUJUH": "7", "DELAPAN": "8", "SEMBILAN": "9",
    "SEPULUH": "10",
}  # fmt: skip


def fold(words: pl.Expr) -> pl.Expr:
    """Return words as they sound: old spelling, silent h, doubled letters and numbers in words.

    `Tjipanas`, `Cipannas` → `CIPANAS`. Coarser than a key; a name is taken by it only where no
    second name beside it folds to the same.
    """
    numbers = {f" {word} ": f" {digit} " for word, digit in _NUMBER_WORDS.items()}
    folded = squashed(words.str.replace_many(numbers))
    for old, new in _FOLDS:
        folded = folded.str.replace_all(old, new, literal=True)
    return folded.str.replace_many(_DOUBLED)
