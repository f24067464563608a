"""The rule catalogue: every rule there is, in the order people read them."""

from dtkstool.rules.code import JK, KWN, SHD
from dtkstool.rules.date import TGL
from dtkstool.rules.expected import wrong_region
from dtkstool.rules.files import FIL
from dtkstool.rules.household import GND, KK_GROUP, SHD_GROUP
from dtkstool.rules.kk import KK
from dtkstool.rules.linkage import CAP, STS
from dtkstool.rules.name import NAM
from dtkstool.rules.nik import NIK
from dtkstool.rules.occupation import LYK
from dtkstool.rules.place import WIL
from dtkstool.rules.rule import Rule
from dtkstool.rules.stray import NAM_SMALL, TGL_LAYOUT, TKS
from dtkstool.rules.usulan import USL

FAMILIES: tuple[tuple[Rule, ...], ...] = (
    FIL, (wrong_region({}),), NIK, KK, KK_GROUP, NAM, NAM_SMALL, TGL, TGL_LAYOUT, JK, SHD,
    SHD_GROUP, KWN, WIL, TKS, GND, LYK, CAP, STS, USL,
)  # fmt: skip
RULES: tuple[Rule, ...] = tuple(
    sorted((rule for family in FAMILIES for rule in family), key=lambda rule: rule.code)
)
