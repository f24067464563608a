"""What the formats are tested on."""

from dtkstool.write.formats import FORMATS, render

MESSY_ROWS = [
    {"nik": "320101510770001"},
    {
        "nama": "=HYPERLINK(1)",
        "tanggal_lahir": "25-12-1982",
        "nokk": "'3201010904120003",
        "nik": "3201015107700002",
    },
    {
        "jenis_kelamin": "3201015107700001",
        "nik": "",
        "hubungan": "ANAK",
        "nokk": "3201010904120004",
    },
]


FORM = {form.name: form for form in FORMATS}


def written(outcome, name, **options):
    return "".join(render(outcome, FORM[name], **options))
