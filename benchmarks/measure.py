"""Measure whole processes: wall time, CPU, peak memory, and how busy others kept the machine."""

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("dtkstool", "polars", "pandera", "rapidfuzz", "fastexcel", "xlsxwriter")
LOADED = 0.25  # cores used by others, above which a figure is marked


@dataclass(frozen=True)
class Measured:
    """What one process cost.

    `peak_mb` is the largest resident size of the process or of any one of its children (MB);
    `others` the mean number of cores other processes used meanwhile, None where /proc is missing.
    """

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    exit_code: int
    others: float | None

    @property
    def loaded(self) -> bool:
        """Whether others used the machine enough to blur the times."""
        return self.others is not None and self.others > LOADED


def dtkstool(*arguments: str | Path) -> list[str]:
    """Return the command line of the tool under the running interpreter."""
    return [sys.executable, "-m", "dtkstool", *map(str, arguments)]


def measured(name: str, command: list[str], log: Path) -> Measured:
    """Run a process to its end, its output into `log`, and return what it cost.

    Exit code 1 is a finding of the tool and fine; anything else that is not 0 stops the benchmark.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    busy = busy_seconds()
    # Linux counts a child as at least the size of who forked it: a small process must do that
    launch = [sys.executable, "-S", __file__, str(log), *command]
    cost = json.loads(subprocess.run(launch, check=True, capture_output=True).stdout)
    if cost["exit_code"] not in (0, 1):
        tail = log.read_text(errors="replace")[-2000:]
        sys.exit(f"{name} ended with {cost['exit_code']}\n{' '.join(command)}\n{tail}")
    others = None
    if busy is not None:
        worked = busy_seconds() - busy - cost["cpu_seconds"]
        others = round(max(0.0, worked) / cost["seconds"], 2)
    return Measured(name, others=others, **cost)


def launched(log: Path, command: list[str]) -> dict[str, float | int]:
    """Run a process and return its wall and CPU seconds, peak memory (MB) and exit code."""
    start = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    # ru_maxrss is KiB on Linux, bytes on macOS
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / unit, 1),
        "exit_code": process.returncode,
    }


def busy_seconds() -> float | None:
    """Return the core seconds the whole machine has worked since boot."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, fields[:8])
    ticks = user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")


def machine(packages: tuple[str, ...] = PACKAGES) -> dict[str, object]:
    """Return what the figures were measured on and with."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "versions": {name: installed(name) for name in packages},
    }


def cpu_model() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((ln.split(":")[1].strip() for ln in lines if ln.startswith("model name")), "")


def installed(package: str) -> str | None:
    """Return a package's version, None where it is absent."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def cost_table(steps: list[Measured]) -> list[str]:
    """Return the lines of a table of what the steps cost."""
    lines = [f"{'step':34} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'others':>7}"]
    for step in steps:
        others = "-" if step.others is None else f"{step.others:.2f}"
        mark = "  loaded" if step.loaded else ""
        lines.append(
            f"{step.name:34} {step.seconds:8.2f} {step.cpu_seconds:8.2f} "
            f"{step.peak_mb:8.0f} {others:>7}{mark}"
        )
    return lines


def as_rows(steps: list[Measured]) -> list[dict[str, object]]:
    """Return the costs as rows for JSON."""
    return [asdict(step) | {"loaded": step.loaded} for step in steps]


if __name__ == "__main__":
    print(json.dumps(launched(Path(sys.argv[1]), sys.argv[2:])))
