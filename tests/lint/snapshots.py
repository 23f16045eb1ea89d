"""Whether an output folder is what the snapshots hold: snapshots.py OUTPUT SNAPSHOTS. Prints how many files; 1 where they differ.

insta trims a snapshot at both ends and writes every line's end as a line feed: so far the comparison goes.
"""

import pathlib
import sys


def body(path):
    return path.read_bytes().decode().split("\n---\n", 1)[1]


def main(output, snapshots):
    output, snapshots = pathlib.Path(output), pathlib.Path(snapshots)
    # The reports and the manifest are the command line's own.
    have = {str(p.relative_to(output)) for p in output.rglob("*") if p.is_file()} - {"report.md", "report.html", ".ekiben/manifest.json"}
    tree = dict(reversed(line.split(" ", 1)) for line in body(snapshots / "TREE.snap").split("\n") if line)
    faults = [f"{path}: only on one side" for path in sorted(have ^ set(tree))]
    for path in sorted(have & set(tree)):
        file = output / path
        text = file.read_bytes().decode().replace("\r\n", "\n")
        if text.strip() != body(snapshots / (path.replace("/", "__") + ".snap")).strip():
            faults.append(f"{path}: another content")
        if f"{file.stat().st_mode & 0o777:o}" != tree[path]:
            faults.append(f"{path}: another mode")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(len(tree))
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))
