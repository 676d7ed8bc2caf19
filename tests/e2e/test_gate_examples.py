# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples for continuous integration servers: each is read by the rules of its server."""

from __future__ import annotations

import shlex
import subprocess
import typing as t
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_groovy
import yaml

from tests.e2e.playing import CHECKOUT

EXAMPLES = CHECKOUT / "docs/examples"
SCHEMAS = {"github-actions.yml": "vendor.github-workflows", "gitlab-ci.yml": "vendor.gitlab-ci"}
NAMES = [*SCHEMAS, "Jenkinsfile"]


def read(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def check(file: Path, schema: str) -> subprocess.CompletedProcess[str]:
    command = ["check-jsonschema", "--builtin-schema", schema, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_of_the_ci_server_accepts_each_example(name: str, tmp_path: Path) -> None:
    done = check(EXAMPLES / name, SCHEMAS[name])
    assert done.returncode == 0, done.stdout
    broken = tmp_path / name
    broken.write_text(read(name).replace("artifacts:", "artefacts:").replace("runs-on:", "runs_on:"))
    assert check(broken, SCHEMAS[name]).returncode == 1


def parse(text: str) -> tree_sitter.Node:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language())).parse(text.encode()).root_node


def test_the_jenkinsfile_is_valid_groovy() -> None:
    assert not parse(read("Jenkinsfile")).has_error
    assert parse(read("Jenkinsfile").rstrip().removesuffix("}")).has_error


@pytest.mark.parametrize("name", NAMES)
def test_each_ci_example_shows_progress_and_keeps_the_report(name: str) -> None:
    text = read(name)
    assert "ansible-playbook endstate.jobs.gate" in text
    assert "PYTHONUNBUFFERED" in text
    assert '"job_gate_report_dir": "report"' in text
    assert "report/" in text


@pytest.mark.parametrize("name", NAMES)
def test_no_template_of_another_step_reaches_the_gate(name: str) -> None:
    """A lookup gives text; a file of extra variables would be templates. (A play shows it in ``test_untrusted_text.py``.)"""
    assert """--extra-vars "job_gate_jobs={{ lookup('env', 'JOBS') }}\"""" in read(name)
    assert "--extra-vars @" not in read(name)


def test_gitlab_shows_the_test_cases_of_a_gate_that_failed_too() -> None:
    artifacts = yaml.safe_load(read("gitlab-ci.yml"))["gate"]["artifacts"]
    assert (artifacts["when"], artifacts["reports"]) == ("always", {"junit": "report/junit.xml"})


def scripts(name: str) -> t.Iterator[str]:
    """What shells run."""
    content = yaml.safe_load(read(name))
    if name == "gitlab-ci.yml":
        jobs = [job for job in content.values() if isinstance(job, dict)]
        yield from (line for job in jobs for line in job.get("before_script", []) + job["script"])
    else:
        yield from (step["run"] for job in content["jobs"].values() for step in job["steps"] if "run" in step)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_shell_accepts_each_script_of_the_ci_examples(name: str) -> None:
    for script in scripts(name):
        assert shlex.split(script)
        assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0


def test_no_script_contains_an_expression_of_github() -> None:
    assert not [script for script in scripts("github-actions.yml") if "${{" in script]
