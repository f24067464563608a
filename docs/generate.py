"""Write the pages of docs/ that come from code; with --check, fail when one is stale."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dtkstool.columns import COLUMNS
from dtkstool.messages import Language, message
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.rule import Rule

DOCS = Path(__file__).parent


@dataclass(frozen=True)
class Page:
    """One generated page: its file in docs/ and what gives its lines."""

    name: str
    lines: Callable[[], Iterator[str]]


def rules(lang: Language) -> Iterator[str]:
    """Give the page of all rules: a table, then an entry for each."""
    say = partial(message, lang=lang)
    yield f"<!-- {say('findings.docs.generated')} -->"
    yield f"\n# {say('findings.docs.title')}\n"
    yield say("findings.docs.intro", count=len(RULES)) + "\n"
    heads = ("severity", "action", "column")
    yield "| |  | " + " | ".join(say(f"findings.docs.{head}") for head in heads) + " |"
    yield "|---|---|---|---|---|"
    for rule in RULES:
        severity = say(f"findings.severity.{rule.severity}")
        action = say(f"findings.action.{rule.action}")
        link = f"[{rule.code}](#{rule.code.lower()})"
        yield f"| {link} | {rule.text('title', lang)} | {severity} | {action} | `{rule.column}` |"
    for rule in RULES:
        yield from entry(rule, lang)


def entry(rule: Rule, lang: Language) -> Iterator[str]:
    """Give one rule's entry."""
    say = partial(message, lang=lang)
    yield f'\n<a id="{rule.code.lower()}"></a>\n\n## {rule.code} · {rule.text("title", lang)}\n'
    yield (
        f"`{rule.name}` · {say(f'findings.severity.{rule.severity}')}"
        f" · {say(f'findings.scope.{rule.scope}')} · {say(f'findings.action.{rule.action}')}\n"
    )
    yield f"**{say('findings.docs.message')}**\n"
    yield from (f"- {text}" for text in rule.messages(lang).values())
    for part in ("why", "fix", "known_problems", "example"):
        yield f"\n**{say(f'findings.docs.{part}')}.** {rule.text(part, lang)}"
    if rule.severity == "info":
        told = say(f"findings.docs.{'repair_safe' if rule.repairs else 'repair_none'}")
        yield f"\n**{say('findings.docs.repair')}.** {told}"
    fields = ", ".join(f"`{name}`" for name in rule.fields)
    yield (
        f"\n{say('findings.docs.column')}: {fields} · {say('findings.docs.source')}: {rule.source}"
        f" · {say('findings.docs.since')} {rule.since}"
    )


def columns() -> Iterator[str]:
    """Give the page of canonical fields and the headers they go by."""
    yield "<!-- This page is made by docs/generate.py from dtkstool/columns.py; do not edit it. -->"
    yield "\n# Columns\n"
    yield (
        f"The {len(COLUMNS)} fields that dtkstool knows, and the headers it recognises them by."
        " Headers are compared in lower case, with `(2)` dropped and every other sign as `_`. What"
        " has another header can be named in a map: `dtkstool columns FILES --save peta.toml`.\n"
    )
    yield "| field | label | kind | headers |"
    yield "|---|---|---|---|"
    for column in COLUMNS:
        headers = ", ".join(f"`{alias}`" for alias in dict.fromkeys(column.aliases))
        kind = f"→ {', '.join(column.parts)}" if column.parts else column.kind
        yield f"| `{column.name}` | {column.label} | {kind} | {headers} |"


def commands() -> Iterator[str]:
    """Give the page of commands: the help of each, in English."""
    os.environ["DTKSTOOL_LANG"] = "en"
    from typer.main import get_command

    from dtkstool.cli.app import app

    yield "<!-- This page is made by docs/generate.py from the commands; do not edit it. -->"
    yield "\n# Commands\n"
    yield (
        "What `dtkstool --help` says, command by command. Exit codes: 0 clean · 1 the gate failed"
        " (findings at or above `--fail-on`) · 2 could not run."
    )
    for name, command in named_commands(get_command(app), "dtkstool"):
        yield from command_help(name, command)


def named_commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give every command below `group` with its whole name, in the order help lists them."""
    for name, command in group.commands.items():
        whole = f"{path} {name}"
        if hasattr(command, "commands"):
            yield from named_commands(command, whole)
        else:
            yield whole, command


def command_help(name: str, command: Any) -> Iterator[str]:
    """Give one command's entry."""
    from typer import Context

    context = Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"\n## {name.removeprefix('dtkstool ')}\n"
    yield f"    {name} {usage}\n"
    yield command.help
    yield "\n| option |  | default |"
    yield "|---|---|---|"
    for param in command.params:
        if param.name != "help":
            yield f"| `{option_name(param)}` | {option_help(param)} | {option_default(param)} |"


def option_name(param: Any) -> str:
    """Return how an option or argument is written."""
    if param.param_type_name == "argument":
        return f"{param.name.upper()}{'…' if param.nargs != 1 else ''}"
    return ", ".join((*param.opts, *param.secondary_opts))


def option_help(param: Any) -> str:
    """Return an option's help in one table cell."""
    return (getattr(param, "help", "") or "").replace("|", "\\|").replace("\n", " ")


def option_default(param: Any) -> str:
    """Return an option's default, blank where there is none to speak of."""
    if param.required:
        return "required"
    plain = isinstance(param.default, str | int | float | Path) and param.default is not False
    return f"`{param.default}`" if plain and str(param.default) else ""


PAGES: tuple[Page, ...] = (
    Page("rules.md", partial(rules, "en")),
    Page("rules.id.md", partial(rules, "id")),
    Page("columns.md", columns),
    Page("cli.md", commands),
)


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are stale; return the exit code."""
    texts = {DOCS / page.name: "\n".join(page.lines()) + "\n" for page in PAGES}
    stale = [
        path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(texts[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
