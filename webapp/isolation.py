"""Protection of the server and its worker processes against modules in PYTHONPATH and in the current folder.

A folder in PYTHONPATH precedes the standard library and the installed packages. A file such as queue.py in it would
replace a module that the server imports. This file imports only what Python has loaded before it.
"""

import os
import sys


def isolate_imports() -> None:
    """Let the modules of this project, Python and the installed packages precede all others, also in child processes.

    The folders of PYTHONPATH move to the end of the search path. The current folder leaves it.
    """
    project = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    python_path = os.environ.pop("PYTHONPATH", None)
    entries = python_path.split(os.pathsep) if python_path else []
    named = {os.path.abspath(folder) for folder in entries}  # an empty entry means the current folder
    others = sys.path if sys.flags.safe_path else sys.path[1:]  # with -m, the first folder is the current one
    installed = [folder for folder in others if folder not in named]
    sys.path[:] = dict.fromkeys([project, *installed, *(folder for folder in others if folder in named)])
    os.environ["PYTHONSAFEPATH"] = "1"  # a worker process receives `sys.path`, but it first imports `multiprocessing`
    os.environ.pop("PYTHONINSPECT", None)  # it would turn a worker process into a prompt when its run fails
