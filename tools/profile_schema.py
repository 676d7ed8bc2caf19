"""Write the JSON Schema of profiles for editors: PYTHONPATH=.build/tree python tools/profile_schema.py"""

import json
from pathlib import Path

from ansible_collections.endstate.jobs.plugins.module_utils._systems.rest.language import json_schema

FILE = Path(__file__).parents[1] / "docs" / "rest_job_profile.schema.json"

if __name__ == "__main__":
    FILE.write_text(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
