"""The objects of Kubernetes itself among those of a manifest: objects.py MANIFEST OUT. Prints how many those are, and how many others."""

import sys

import yaml

# Groups without a dot, and those that end in .k8s.io, are Kubernetes' own, but not what its special interest groups publish apart.
OTHERS = {"elbv2.k8s.aws", "secrets-store.csi.x-k8s.io"}


def is_core(version):
    group = version.rpartition("/")[0]
    return "." not in group or (group.endswith(".k8s.io") and group not in OTHERS)


def main(manifest, out):
    with open(manifest, encoding="utf-8") as file:
        objects = [one for one in yaml.safe_load_all(file) if one]
    core = [one for one in objects if is_core(one["apiVersion"])]
    with open(out, "w", encoding="utf-8") as file:
        yaml.safe_dump_all(core, file)
    print(len(core), len(objects) - len(core))


main(*sys.argv[1:])
