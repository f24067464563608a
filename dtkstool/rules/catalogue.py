"""The rule catalogue: every rule there is, in the order people read them."""

from dtkstool.rules.code import JK, KWN, SHD
from dtkstool.rules.date import TGL
from dtkstool.rules.files import FIL
from dtkstool.rules.household import GND, KK_GROUP, SHD_GROUP
from dtkstool.rules.kk import KK
from dtkstool.rules.name import NAM
from dtkstool.rules.nik import NIK
from dtkstool.rules.place import WIL
from dtkstool.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*FIL, *NIK, *KK, *KK_GROUP, *NAM, *TGL, *JK, *SHD, *SHD_GROUP, *KWN, *WIL, *GND),
        key=lambda rule: rule.code,
    )
)
