"""Twins who sound alike: ANISA and ANISAH, born one day, each maybe under the other's NIK."""

import polars as pl


def of_a_twin(known: pl.DataFrame, households: pl.DataFrame) -> pl.Series:
    """Return the records that are spelled as another person of their person's family and birthday.

    `known` has record, nama, person and that person's nama, nokk and tanggal_lahir (`*_dukcapil`);
    `households` are registry rows of the families. As they sound the two names are one, so NIK and
    name agree with the wrong one as well.
    """
    family = households.select(
        "nokk", "tanggal_lahir", twin="person", nama="nama"
    ).drop_nulls()  # fmt: skip
    return (
        known.filter(pl.col("nama") != pl.col("nama_dukcapil"))
        .select("record", "person", "nama", nokk="nokk_dukcapil",
                tanggal_lahir="tanggal_lahir_dukcapil")
        .join(family, on=["nokk", "tanggal_lahir", "nama"])
        .filter(pl.col("twin") != pl.col("person"))["record"]
        .unique()
    )  # fmt: skip
