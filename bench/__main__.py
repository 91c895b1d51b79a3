"""`python -m bench [--list] [program …] [--option …]`: the programs of this folder, each of which measures one claim.

A program is a module with a docstring (its first line says what it measures) and a `main()` that prints a table.
Options after the name of one program are its own, in `sys.argv`.
"""

import importlib
import itertools
import pkgutil
import sys

import bench


def main(arguments: list[str]) -> int:
    programs = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    names = list(itertools.takewhile(lambda argument: not argument.startswith("--"), arguments))
    if len(names) == 1:
        arguments, sys.argv[1:] = names, arguments[1:]
    else:
        sys.argv[1:] = []
    unknown = set(arguments) - set(programs) - {"--list"}
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(programs)}", file=sys.stderr)
        return 2
    for name in [name for name in programs if name in arguments or not arguments or "--list" in arguments]:
        program = importlib.import_module(f"bench.{name}")
        print(f"\n{name}: {(program.__doc__ or '').strip().splitlines()[0]}", flush=True)
        if "--list" not in arguments:
            program.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
