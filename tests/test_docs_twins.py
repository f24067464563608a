"""The Indonesian guides say what the English ones say: as many parts, the same commands."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
COMMENT = re.compile(r"\s+#.*|^#(?!!).*", re.M)


def parts(name):
    text = (DOCS / name).read_text("utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, re.S)
    return {
        "headings": len(re.findall(r"^##? ", text, re.M)),
        "rows": len(re.findall(r"^\|", text, re.M)),
        "blocks": [(language, COMMENT.sub("", code)) for language, code in blocks],
    }


@pytest.mark.parametrize("guide", ["ci", "cron"])
def test_a_guide_and_its_twin_have_the_same_parts(guide):
    assert parts(f"{guide}.md") == parts(f"{guide}.id.md")


@pytest.mark.parametrize("guide", ["ci", "cron"])
def test_they_point_to_each_other_and_the_indonesian_readme_to_its_own(guide):
    assert f"({guide}.id.md)" in (DOCS / f"{guide}.md").read_text("utf-8")
    assert f"({guide}.md)" in (DOCS / f"{guide}.id.md").read_text("utf-8")
    assert f"docs/{guide}.id.md" in (DOCS.parent / "README.id.md").read_text("utf-8")
