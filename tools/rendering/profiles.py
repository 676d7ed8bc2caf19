"""The JSON schema of profiles of rest_job, for editors."""

from __future__ import annotations

import json

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.language import json_schema

from .files import CHECKOUT, Texts

FILE = CHECKOUT / "docs/rest_job_profile.schema.json"


def texts() -> Texts:
    """The one file of the schema."""
    return {FILE: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"}
