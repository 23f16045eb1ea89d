"""Makes the environment files that a Compose file names and that exist only where it runs: env_files.py COMPOSE_FILE."""

import pathlib
import sys

import yaml


def main(path):
    with open(path, encoding="utf-8") as file:
        compose = yaml.safe_load(file)
    for service in (compose.get("services") or {}).values():
        named = service.get("env_file") or []
        for entry in [named] if isinstance(named, (str, dict)) else named:
            name = entry if isinstance(entry, str) else entry["path"]
            required = isinstance(entry, str) or entry.get("required", True)
            target = pathlib.Path(path).parent / name
            if required and not target.exists() and pathlib.Path(name).name not in ("local.env", "app.env"):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()


main(*sys.argv[1:])
