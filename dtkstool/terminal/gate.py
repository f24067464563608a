"""What the gate says, on the screen."""

from rich.text import Text

from dtkstool.messages import message
from dtkstool.pipeline.checking import Checked
from dtkstool.terminal import Screen
from dtkstool.write.gate import Breach


def show_verdict(screen: Screen, checked: Checked) -> None:
    """Print what was left out, what the baseline knew, and every reason why the gate failed."""
    if checked.unsure and not screen.quiet:
        unsure = message("profiles.unsure", screen.lang, count=screen.number(checked.unsure))
        screen.talk.print(Text(unsure), soft_wrap=True)
    if checked.left_out:
        count = screen.number(checked.left_out)
        say(screen, "left_out", count=count, first=checked.first_left_out)
    if checked.known or checked.gone:
        say(screen, "baseline", known=checked.known, gone=checked.gone)
    for breach in checked.verdict.breaches:
        told = {
            "code": breach.code,
            "severity": screen_word(screen, checked.limits.fail_on),
            "rows": screen.number(breach.rows),
            "share": f"{breach.share:.2%}",
            "allowed": f"{breach.allowed:.2%}",
        }
        say(screen, reason(breach), **told)


def show_written(screen: Screen, checked: Checked, file: str) -> None:
    """Print that a baseline was written."""
    say(screen, "written", count=screen.number(checked.outcome.findings.height), file=file)


def reason(breach: Breach) -> str:
    """Return which sentence of the page `gate` tells a breach."""
    if breach.rows == 0:
        return "whole"
    return "of_rule" if breach.code else "of_severity"


def screen_word(screen: Screen, severity: str) -> str:
    """Return a severity in the screen's language."""
    return message(f"findings.severity.{severity}", screen.lang)


def say(screen: Screen, key: str, **values: object) -> None:
    """Print one sentence of the page `gate`."""
    if not screen.quiet:
        screen.talk.print(Text(message(f"gate.{key}", screen.lang, **values)), soft_wrap=True)
