"""The people of the other world: their names, families, and what careless clerks make of them."""

import datetime as dt
import random
from collections import Counter

TODAY = dt.date(2026, 10, 1)
MEN = (
    "MUHAMMAD ABDUL ANDI BASO AMIRUDDIN SYAMSUDDIN RUSTAM BAHARUDDIN ISMAIL RAHMAT HASAN HUSAIN "
    "SALEH JAMALUDDIN KAMARUDDIN NASRUDDIN USMAN MUSTAFA ARIFIN ILHAM FADLI IRFAN SYARIFUDDIN "
    "BURHANUDDIN HAMZAH IDRIS YUNUS TAUFIK ZAINAL RIDWAN FIRMAN AKBAR ANSAR DAENG LALU SUPARDI "
    "YOHANIS PAULUS MARKUS DANIEL SAMPE TANDI SULTAN HENDRA AGUS ASWAR FAJAR RESKI ALIMUDDIN"
).split()
WOMEN = (
    "SITI NUR HASNAH ROSMINI HALIMAH FATMAWATI NURHAYATI SURIANI MARIATI RAMLAH HAJRAH DAHLIA "
    "SALMA RAHMATIA NURLIA ST KARTINI HASMAWATI JUMRIATI SAENAB NADIRA FITRIANI INDAH ASRIANI "
    "MASNAH TENRI BESSE ANDI DAENG KASMIATI NURAENI HERLINA YULIANA MARTHA AGUSTINA SRI RISKA "
    "DEWI MUTMAINNAH RAHAYU SULFIANA MULIANA HAERANI SYAMSIAH ROSDIANA NURJANNAH AISYAH BAU"
).split()
SYLLABLES = (
    "BA LA PA TTA MA NGA RE SO LI DE RU PPA SI TO KKA WA LE NI MMA JI TU RI NA SE LO".split()
)
TOWNS = (
    "MAKASSAR BONE GOWA TAKALAR JENEPONTO MAROS BULUKUMBA SINJAI PAREPARE AMBON SURABAYA".split()
)
STREETS = "JL. POROS|BTN GRIYA|LR. MASJID|DUSUN BONTO|LINGKUNGAN TAMALATE|KAMPUNG PARANG".split("|")
FOLK = [("SY", "S"), ("DD", "D"), ("H", ""), ("Z", "S"), ("F", "P"), ("IY", "Y"), ("U", "OE")]
FOLK += [("Y", "I"), ("AE", "AI"), ("NN", "N"), ("J", "DJ"), ("V", "F"), ("I", "IE"), ("K", "Q")]
SHORT = {
    "MUHAMMAD": ("MUH.", "M.", "MOH", "MUHAMAD"),
    "ABDUL": ("ABD.", "ABD", "AB"),
    "ST": ("SITI",),
}
SHORT |= {"SITI": ("ST.", "ST", "STI"), "NUR": ("NOER", "NOOR"), "DAENG": ("DG.", "DG")}


class World:
    """People by household, and the records the registers hold of them."""

    def __init__(self, rng: random.Random, desa: list[tuple[str, str, str]], dirtiness: float):
        self.rng, self.desa = rng, desa
        self.care = {code: dirtiness * rng.gammavariate(1.2, 0.8) for code, _, _ in desa}
        self.tail = ["".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 3)))) for _ in range(6000)]
        self.serials: Counter[str] = Counter()
        self.people: list[dict] = []

    def name(self, sex: str, marga: str | None) -> str:
        """Return a name of one to four words, common ones first."""
        stock, rng = (MEN if sex == "L" else WOMEN), self.rng
        many = rng.choices((1, 2, 3, 4), (22, 52, 22, 4))[0]
        if many == 1:
            return rng.choice(stock[8:] + self.tail[:60])
        words = [stock[min(int(rng.paretovariate(0.7)) - 1, 10**6) % len(stock)]]
        words += [
            rng.choice(self.tail) if rng.random() < 0.35 else rng.choice(stock)
            for _ in range(many - 1)
        ]
        return " ".join(words + [marga] * (marga is not None and rng.random() < 0.4))

    def number(self, place: str, day: dt.date, woman: bool) -> str:
        """Return the next free 16-digit number of a place and day."""
        stem = f"{place[:6]}{day.day + 40 * woman:02}{day:%m%y}"
        self.serials[stem] += 1
        return f"{stem}{self.serials[stem]:04}"

    def person(self, home: dict, age: int, sex: str, role: str, mother: str) -> dict:
        """Return one more member of a household."""
        rng = self.rng
        born = TODAY - dt.timedelta(days=365 * age + rng.randrange(365))
        if rng.random() < (0.25 if age > 40 else 0.04):
            born = born.replace(month=rng.choice((12, 12, 7)), day=1 if rng.random() < 0.4 else 31)
            born = min(born, TODAY)
        on_card = born.replace(year=born.year - 1, day=1) if rng.random() < 0.015 else born
        first = home["kode"] if rng.random() < 0.75 else rng.choice(("737108", "730809", "351502"))
        person = home | {"lahir": born, "jk": sex, "hubungan": role, "ibu": mother}
        person |= {"nik": self.number(first, on_card, sex == "P"), "tempat": rng.choice(TOWNS)}
        person |= {"nama": self.name(sex, home["marga"]), "person": len(self.people)}
        self.people.append(person | {"status": "hidup", "reported": "tidak"})
        return self.people[-1]

    def household(self) -> list[dict]:
        """Return a family: head, spouse, children with twins and namesakes among them."""
        rng = self.rng
        code, desa, kecamatan = rng.choice(self.desa)
        issued = dt.date(2004, 1, 1) + dt.timedelta(days=rng.randrange(7800))
        home = {"kode": code, "desa": desa, "kecamatan": kecamatan, "rt": rng.randint(1, 9)}
        home |= {"rw": rng.randint(1, 5), "alamat": f"{rng.choice(STREETS)} {rng.randint(1, 80)}"}
        home |= {"kk": self.number(code, issued, False)}
        home["marga"] = rng.choice(self.tail) if rng.random() < 0.3 else None
        age = rng.randint(20, 78)
        head = self.person(
            home, age, "L" if rng.random() < 0.82 else "P", "KEPALA KELUARGA", self.name("P", None)
        )
        family, wife = [head], head
        if head["jk"] == "L" and rng.random() < 0.85:
            wife = self.person(
                home, max(18, age - rng.randint(-3, 8)), "P", "ISTRI", self.name("P", None)
            )
            family.append(wife)
        for _ in range(min(rng.choices(range(6), (18, 24, 28, 17, 9, 4))[0], (age - 18) // 2)):
            child = self.person(
                home, rng.randrange(max(1, age - 18)), rng.choice("LP"), "ANAK", wife["nama"]
            )
            if child["jk"] == "L" and head["jk"] == "L" and rng.random() < 0.02:
                child["nama"] = head["nama"]
            family.append(child)
            if rng.random() < 0.015:
                twin = self.person(home, 1, child["jk"], "ANAK", wife["nama"])
                twin["lahir"] = child["lahir"]
                twin["nik"] = self.number(child["nik"], child["lahir"], child["jk"] == "P")
                words = child["nama"].split()
                twin["nama"] = " ".join(
                    [*words[:-1], rng.choice(MEN if child["jk"] == "L" else WOMEN)]
                )
                family.append(twin)
        return family

    def spelled(self, name: str, faults: list[str], care: float) -> str:
        """Return a name as a careless clerk writes it."""
        rng, words = self.rng, name.split()
        if rng.random() < 0.20 * care:
            words = [rng.choice(SHORT[w]) if w in SHORT else w for w in words]
        if rng.random() < 0.10 * care:
            at, (old, new) = rng.randrange(len(words)), rng.choice(FOLK)
            words[at] = words[at].replace(old, new, 1) or words[at]
        if rng.random() < 0.03 * care:
            at = rng.randrange(len(words))
            cut = rng.randrange(len(words[at]))
            words[at] = (
                words[at][:cut] + rng.choice(["", rng.choice("AEIOURNT")]) + words[at][cut + 1 :]
            )
        if len(words) > 1 and rng.random() < 0.05 * care:
            words.pop(rng.randrange(len(words)))
        if len(words) > 1 and rng.random() < 0.02 * care:
            words = words[1:] + words[:1]
        if len(words) > 1 and rng.random() < 0.02 * care:
            words = [words[0] + words[1], *words[2:]]
        words = [w for w in words if w] or [name]
        if rng.random() < 0.03 * care:
            words = [rng.choice(["H.", "HJ.", "ALM", "PUANG"]), *words]
        if rng.random() < 0.02 * care:
            words += [rng.choice(["BIN", "DG.", "ALIAS", "/"]), rng.choice(MEN + self.tail[:50])]
        faults += ["nama"] * (" ".join(words) != name)
        return " ".join(words)

    def wrong_nik(self, person: dict, family: list[dict]) -> tuple[str, str]:
        """Return a NIK gone wrong and the kind of error."""
        rng, nik = self.rng, person["nik"]
        at = rng.randrange(15)
        kind = rng.choices(
            ("kosong", "digit", "tukar", "keluarga", "kk", "panjang", "asing", "semu"),
            (30, 25, 10, 12, 6, 7, 4, 6),
        )[0]
        others = [p["nik"] for p in family if p is not person] or [""]
        bad = {
            "kosong": rng.choice(["", "-", "0", "belum ada"]),
            "digit": nik[:at] + str((int(nik[at]) + rng.randint(1, 9)) % 10) + nik[at + 1 :],
            "tukar": nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :],
            "keluarga": rng.choice(others),
            "kk": person["kk"],
            "panjang": rng.choice([nik[:at] + nik[at + 1 :], nik[:at] + nik[at] + nik[at:]]),
            "asing": rng.choice(self.people)["nik"],
            "semu": "0" + person["kode"] + f"{rng.randint(1, 400):05}",
        }[kind]
        return bad, f"nik_{kind}"

    def record(self, person: dict, family: list[dict], harder: float = 1.0) -> dict:
        """Return the DTKS record of a person: what the list says, and what went wrong."""
        rng, care, faults = self.rng, self.care[person["kode"]] * harder, []
        row = person | {"nama": self.spelled(person["nama"], faults, care)}
        row["ibu"] = "" if rng.random() < 0.15 * care else self.spelled(person["ibu"], [], care)
        if rng.random() < 0.10 * care:
            row["nik"], kind = self.wrong_nik(person, family)
            faults.append(kind)
        if rng.random() < 0.15 * care:
            row["kk"] = rng.choice(
                ["", self.number(person["kode"], dt.date(2009, 3, rng.randint(1, 28)), False)]
            )
            faults.append("kk")
        day = person["lahir"]
        if rng.random() < 0.06 * care:
            swapped = day.replace(month=day.day, day=day.month) if day.day < 13 else day
            shifted = dt.date(day.year + rng.choice((-10, -1, 1, 10)), day.month, min(day.day, 28))
            wrong = [shifted, swapped, None, day.replace(day=1 + day.day % 28)]
            row["lahir"] = rng.choice([*wrong, dt.date(day.year, 12, 31)])
            faults.append("tanggal")
        if rng.random() < 0.01 * care:
            row["jk"] = "P" if row["jk"] == "L" else "L"
        return row | {"truth": person, "corruptions": faults}
