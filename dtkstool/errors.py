"""What can stop a command: always what is wrong, where, and what to do about it."""

from dataclasses import dataclass

from dtkstool.messages import Language, message


@dataclass(frozen=True)
class Where:
    """A place in the input; parts that do not apply stay empty."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def describe(self, lang: Language) -> str:
        """Return the place as `file › sheet › row 4 › column C`."""
        row = message("errors.row", lang, row=self.row) if self.row is not None else ""
        column = message("errors.column", lang, column=self.column) if self.column else ""
        return " › ".join(part for part in (self.file, self.sheet, row, column) if part)


class DtksError(Exception):
    """A problem that a person must solve; its sentences are `errors.<key>.what` and `.fix`."""

    def __init__(self, key: str, *, where: Where | None = None, **values: object) -> None:
        self.key = key
        self.where = where or Where()
        self.values = values
        super().__init__(key)

    def what(self, lang: Language) -> str:
        """Return what is wrong."""
        return message(f"errors.{self.key}.what", lang, **self.values)

    def fix(self, lang: Language) -> str:
        """Return what to do about it."""
        return message(f"errors.{self.key}.fix", lang, **self.values)

    def __str__(self) -> str:
        """Return all three parts in English, for logs and tests."""
        return " · ".join(
            p for p in (self.what("en"), self.where.describe("en"), self.fix("en")) if p
        )


class UnreadableFile(DtksError):
    """A file that cannot be read at all; the other files go on."""


class UnusableInput(DtksError):
    """Input that was read but cannot be worked with: no NIK column, no rows, a wrong registry."""


class BadConfiguration(DtksError):
    """An option or configuration file that makes no sense."""
