"""The commands of a buildspec as one script: commands.py BUILDSPEC. A phase's commands share a shell; each may have several lines."""

import sys

import yaml


def main(path):
    with open(path, encoding="utf-8") as file:
        buildspec = yaml.safe_load(file)
    # CodeBuild sets these, the project those of `env`.
    names = [
        "AWS_ACCOUNT_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "CODEBUILD_BUILD_ID", "CODEBUILD_BUILD_NUMBER", "CODEBUILD_BUILD_SUCCEEDING",
        "CODEBUILD_RESOLVED_SOURCE_VERSION", "CODEBUILD_SRC_DIR", "CODEBUILD_WEBHOOK_HEAD_REF",
    ]
    environment = buildspec.get("env") or {}
    for section in ("variables", "parameter-store", "secrets-manager"):
        names += list(environment.get(section) or {})
    shell = environment.get("shell", "sh")
    print("#!/bin/" + shell)
    print("export " + " ".join(sorted(set(names))))
    for name, phase in (buildspec.get("phases") or {}).items():
        print(f"# phase {name}")
        for command in (phase.get("commands") or []) + (phase.get("finally") or []):
            print(command)


main(*sys.argv[1:])
