"""The guide's five commands for PostgreSQL do what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.integration.audit.place import Place
from tests.integration.running.conftest import UP
from tests.integration.running.test_the_fence import FILL
from tests.postgres import cluster

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "running-it.md"


def test_five_commands_make_a_federations_database(tmp_path):
    block = re.search(r"```\n(createuser .*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    *made, owner, application = block.strip().splitlines()
    assert len(made) == 3
    binaries = os.pathsep.join([os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
    with cluster() as environment:
        subprocess.run(["dropdb", "openpractice"], env={**os.environ, **environment, "PATH": binaries}, check=True)
        for command in made:
            # On this cluster nobody is asked for a password, and its administrator has the application's name.
            words = command.replace(" --pwprompt", "").replace(" openpractice", " federation").split()
            found = shutil.which(words[0], path=binaries)
            subprocess.run([found, *words[1:]], env={**os.environ, **environment}, check=True)
        urls = dict(line.removeprefix("export ").split("=", 1) for line in (owner, application))
        named = {name: url.replace(":PASSWORD@127.0.0.1", "@").replace("openpractice", "federation") for name, url in urls.items()}  # fmt: skip
        place = Place(tmp_path, {**environment, **named})
        place.run(UP.format(str(tmp_path)))
        place.run(FILL)
        del place.variables["OPENPRACTICE_DATABASE_OWNER_URL"]  # once everything is there, it is not needed
        place.run(UP.format(str(tmp_path)))
        said = place.openpractice("check", "--deploy").stderr
        assert "role" not in said
        assert "fence" not in said
