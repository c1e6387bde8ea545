"""Executes a notebook cell by cell and tells how it goes, one JSON object a line on stdout.

Called with one argument, a JSON object: notebook, output, kernel, timeout (seconds for one cell, or null).
The output file is replaced after every cell, so it holds what was done however this ends. When stdin closes, whoever
asked for it is gone, and so is what reads our reports: the process ends, and its kernel with it.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

IOPUB_TIMEOUT_SECONDS = 60
DRAIN_MS = 10_000
# Late errors, those of timers for instance, fail the next cell that runs; after the last cell this one runs.
DRAIN = f"await (globalThis as any)[Symbol.for('xnorlab.kernel')].drain({DRAIN_MS}); undefined"
STDOUT, STDERR = 1, 2

# The kernel inherits stdout: what is printed there past Jupyter goes to the log, and our reports through a copy.
reports = open(os.dup(STDOUT), "w", encoding="utf-8")
os.dup2(STDERR, STDOUT)


def tell(event, **details):
    print(json.dumps({"event": event, **details}), file=reports, flush=True)


def write(notebook, path):
    """Writes the notebook so that at every moment the old or the new one is there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        nbformat.write(notebook, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


class ReplyError(Exception):
    """A cell was answered with neither success nor an error: it did not run."""


class Run:
    def __init__(self, settings):
        self.source = Path(settings["notebook"])
        self.output = Path(settings["output"])
        self.notebook = nbformat.read(self.source, as_version=4)
        self.code_cells = [cell for cell in self.notebook.cells if is_code(cell)]
        self.number = 0
        self.current = None
        self.timeout = settings["timeout"]
        self.client = NotebookClient(
            self.notebook,
            kernel_name=settings["kernel"],
            timeout=self.timeout,
            iopub_timeout=IOPUB_TIMEOUT_SECONDS,
            raise_on_iopub_timeout=True,
            coalesce_streams=False,
            on_cell_executed=self.check_reply,
        )

    def check_reply(self, cell, cell_index, execute_reply):
        status = execute_reply["content"]["status"]
        if status not in ("ok", "error"):
            raise ReplyError(f"the kernel answered '{status}' instead of running the cell")

    async def execute(self):
        for cell in self.code_cells:
            cell.outputs, cell.execution_count = [], None
        folder = str(self.source.resolve().parent)
        async with self.client.async_setup_kernel(cwd=folder):
            info = await self.client.kc.kernel_info(reply=True, timeout=IOPUB_TIMEOUT_SECONDS)
            self.notebook.metadata["language_info"] = info["content"]["language_info"]
            for index, cell in enumerate(self.notebook.cells):
                if is_code(cell):
                    await self.execute_cell(cell, index)
            await self.drain()

    async def execute_cell(self, cell, index):
        self.number += 1
        self.current = cell
        tell("start", cell=self.number, total=len(self.code_cells))
        await self.client.async_execute_cell(cell, index, execution_count=self.number)
        write(self.notebook, self.output)
        tell("done", cell=self.number, total=len(self.code_cells))

    async def drain(self):
        """Gives errors that are still on their way the time to arrive; they belong to the last cell."""
        cell = nbformat.v4.new_code_cell(DRAIN)
        self.notebook.cells.append(cell)
        try:
            await self.client.async_execute_cell(cell, len(self.notebook.cells) - 1)
        finally:
            self.notebook.cells.pop()
            if self.current is not None:
                self.current.outputs.extend(cell.outputs)


def is_code(cell):
    return cell.cell_type == "code" and cell.source.strip() != ""


def failure_of(error, timeout):
    """Name and text of a failure, in the kernel's words where it has some."""
    if isinstance(error, CellExecutionError):
        return error.ename, error.evalue
    if isinstance(error, CellTimeoutError):
        return "Timeout", f"the cell took longer than its limit of {timeout:g} s"
    if isinstance(error, DeadKernelError):
        return "KernelDied", "the kernel ended while the cell was running"
    return type(error).__name__, str(error)


def end_with_stdin():
    # Not through sys.stdin, whose lock this thread would keep until the interpreter ends, and stop it from ending.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main():
    threading.Thread(target=end_with_stdin, daemon=True).start()
    run = Run(json.loads(sys.argv[1]))
    try:
        asyncio.run(run.execute())
    except Exception as error:
        name, value = failure_of(error, run.timeout)
        source = run.current.source if run.current is not None else ""
        write(run.notebook, run.output)
        tell("failed", cell=run.number, ename=name, evalue=value, source=source)
        return 1
    write(run.notebook, run.output)
    tell("finished", cells=len(run.code_cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
